/** Bounds what is remembered of logs: of this log in step with its length, of all others a few hundred files. What was kept last stays longest. */
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { LEAF } from "./stretches.js";

/** Files of what is not this log, or no longer: other logs, zones and versions, segments that are gone. */
const OTHERS = 512;
/** Files for each leaf of the log: it and its share of what is larger, and of what its segments were before they were compressed. */
const EACH = 4;
/** How much longer than its file a compressed segment may be taken to be. */
const COMPRESSED = 16;

/**
 * @param folder made when needed
 * @param files of the log
 * @param ownerOf what the names of its rollups begin with, from device and inode of a file
 */
export function sweepRollups(folder: string, files: readonly string[], ownerOf: (identity: string) => string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(folder);
    // Most homes are done here: their log is short.
    if (names.length <= OTHERS) return;
    const { owners, bytes } = logOf(files, ownerOf);
    const isOwn = (name: string) => owners.has(name.slice(0, name.indexOf("-")));
    const own = names.filter(isOwn);
    keepNewest(folder, own, OTHERS + EACH * Math.ceil(bytes / LEAF));
    keepNewest(
      folder,
      names.filter((name) => !isOwn(name)),
      OTHERS,
    );
  } catch {
    // A folder that cannot be made or read keeps nothing.
  }
}

function logOf(files: readonly string[], ownerOf: (identity: string) => string) {
  const owners = new Set<string>();
  let bytes = 0;
  for (const file of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    owners.add(ownerOf(`${stat.dev}:${stat.ino}`));
    bytes += file.endsWith(".gz") ? COMPRESSED * stat.size : stat.size;
  }
  return { owners, bytes };
}

/** A quarter less than the bound when there are more: so that it is not met again at the next writing. */
export function keepNewest(folder: string, names: readonly string[], limit: number): void {
  if (names.length <= limit) return;
  const byAge = names
    .flatMap((name) => {
      const file = join(folder, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ file, ms: stat.mtimeMs }];
    })
    .sort((a, b) => b.ms - a.ms);
  for (const { file } of byAge.slice(Math.ceil((limit * 3) / 4))) rmSync(file, { force: true });
}
