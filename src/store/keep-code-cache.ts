/** Writing a code cache as `code-cache.ts` reads it, and taking away what other builds and other Nodes left behind. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomic } from "./write-atomic.js";

/** A week after its making a cache of another build or another Node is taken for left behind. */
const LEFT_BEHIND_MS = 7 * 86_400_000;

/** `prefix`: how all caches of the same kind are named. A folder that cannot be written keeps nothing. */
export function keepCodeCache(path: string, prefix: string, data: Buffer): void {
  if (writeAtomic(path, Buffer.concat([data, data])) !== null) return;
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const other = join(folder, name);
    if (other === path || !name.startsWith(prefix) || !name.endsWith(".v8")) continue;
    const { mtimeMs } = statSync(other);
    if (Date.now() - mtimeMs > LEFT_BEHIND_MS) rmSync(other, { force: true });
  }
}
