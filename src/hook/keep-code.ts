/**
 * Making V8's code cache of the bundles, after the answer is out. Of the processes that find it missing one makes it;
 * what was left behind by other builds goes.
 */
import { closeSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../store/make-folder.js";
import { writeAtomic } from "../store/write-atomic.js";
import { type Compiled, prefix, setMachineCode } from "./load-bundle.js";

/** Calls `run`, which runs what the caches shall hold, and keeps them in the folder `cache`. */
export function keepCode(cache: string, cold: readonly Compiled[], run: () => void): void {
  const claim = join(cache, "code.claim");
  if (!isClaimed(claim)) return;
  try {
    run();
    setMachineCode(true);
    for (const compiled of cold) keepOne(cache, compiled);
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

/** A week after its making a cache of another build or another Node is taken for left behind. */
const LEFT_BEHIND_MS = 7 * 86_400_000;

function keepOne(cache: string, { bundle, cachePath, script }: Compiled): void {
  const data = script.createCachedData();
  if (writeAtomic(cachePath, Buffer.concat([data, data])) !== null) return;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (path === cachePath || !name.startsWith(prefix(bundle)) || !name.endsWith(".v8")) continue;
    const { mtimeMs } = statSync(path);
    if (Date.now() - mtimeMs > LEFT_BEHIND_MS) rmSync(path, { force: true });
  }
}
