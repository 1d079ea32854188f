/**
 * One writer at a time for files that are read, changed and written back. Only commands take it; the hook never waits
 * for a lock.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";

/** Runs `change` while holding the lock of `path` (which need not exist); a holder that died is passed over. */
export async function withLock<T>(path: string, change: () => T | Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const release = await lock(path, {
    realpath: false,
    stale: 10_000,
    retries: { retries: 20, minTimeout: 20, maxTimeout: 500 },
  });
  try {
    return await change();
  } finally {
    await release();
  }
}
