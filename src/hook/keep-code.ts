/**
 * Making V8's code cache of the bundles, after the answer is out. Of the processes that find it missing one makes it;
 * what was left behind by other builds goes.
 */
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setMachineCode } from "../store/code-cache.js";
import { keepCodeCache } from "../store/keep-code-cache.js";
import { makeFolder } from "../store/make-folder.js";
import { type Compiled, prefix } from "./load-bundle.js";

/** Calls `run`, which runs what the caches shall hold, and keeps them in the folder `cache`. */
export function keepCode(cache: string, cold: readonly Compiled[], run: () => void): void {
  const claim = join(cache, "code.claim");
  if (!isClaimed(claim)) return;
  try {
    run();
    setMachineCode(true);
    for (const { bundle, cachePath, script } of cold) {
      keepCodeCache(cachePath, prefix(bundle), script.createCachedData());
    }
  } finally {
    rmSync(claim, { force: true });
  }
}

/** Milliseconds after which whoever claimed the making is taken for killed. */
const CLAIM_MS = 60_000;

/** Whether this process is to make the cache. It is work of half a second, and two hundred may begin at once. */
function isClaimed(path: string): boolean {
  try {
    makeFolder(dirname(path));
    const before = statSync(path, { throwIfNoEntry: false });
    if (before !== undefined && Date.now() - before.mtimeMs > CLAIM_MS) rmSync(path, { force: true });
    closeSync(openSync(path, "wx", 0o600));
    return true;
  } catch {
    return false;
  }
}
