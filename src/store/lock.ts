/**
 * One writer at a time for files that are read, changed and written back. Commands take it; the hook does after its
 * answer is known, and goes on without the change when somebody else holds it.
 */

import { accessSync, constants } from "node:fs";
import { dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import { makeFolder } from "./make-folder.js";

/** How often to try again. A command outwaits a holder that died (ten seconds), a hook does not wait for one. */
const RETRIES = {
  command: { retries: 26, minTimeout: 20, maxTimeout: 500 },
  hook: { retries: 3, minTimeout: 10, maxTimeout: 40 },
} as const;

/**
 * Runs `change` while holding the lock of `path` (which need not exist); a holder that died is passed over. Throws an
 * error with the code `ELOCKED` when somebody else keeps it.
 */
export async function withLock<T>(
  path: string,
  change: () => T | Promise<T>,
  who: keyof typeof RETRIES = "command",
): Promise<T> {
  makeFolder(dirname(path));
  // The library tries again whatever went wrong; a folder that cannot be written will not change by waiting.
  accessSync(join(dirname(path), "."), constants.W_OK);
  const release = await lock(path, {
    realpath: false,
    stale: 10_000,
    retries: RETRIES[who],
  });
  try {
    return await change();
  } finally {
    await release();
  }
}
