/**
 * Where a path really leads. The engine asks it for the second spelling of every path; what cannot be known is `null`,
 * never a guess.
 */
import { type BigIntStats, existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { GLOB_FILES, GLOB_QUESTION } from "../core/path.js";
import { errorCode } from "./error-code.js";
import { filesOf, staysBelow } from "./resolve-glob.js";

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/**
 * The real path of the longest existing prefix of `absolute`, with the rest appended; a link whose target is missing
 * leads to that target, because writing through it creates it there. `null` for a relative path, NUL, a symlink loop
 * or a folder that may not be searched. Questions about a glob (`GLOB_QUESTION`, `GLOB_FILES`) are answered by listing.
 */
export function resolvePath(absolute: string): string | null {
  if (absolute.includes("\0")) return null;
  try {
    if (absolute.startsWith(GLOB_QUESTION))
      return staysBelow(absolute.slice(GLOB_QUESTION.length), resolvePath) ? absolute : null;
    if (absolute.startsWith(GLOB_FILES)) {
      const files = filesOf(absolute.slice(GLOB_FILES.length), resolvePath);
      // A name of several lines would be told as several names.
      if (files === null || files.some((file) => file.includes("\n"))) return null;
      return files.length === 0 ? absolute : files.join("\n");
    }
    if (!isAbsolute(absolute)) return null;
    return follow(absolute, MAX_LINKS);
  } catch {
    return null;
  }
}

/** Throws what the file system throws; a missing file is no error, because exceptions are slow in a cold process. */
function follow(absolute: string, links: number): string | null {
  if (links === 0) return null;
  const rest: string[] = [];
  for (let path = absolute; ; path = dirname(path)) {
    if (existsSync(path)) return joined(realpathSync.native(path), rest);
    const stat = lookAt(path);
    if (stat?.isSymbolicLink() === true) {
      const target = resolve(realpathSync.native(dirname(path)), readlinkSync(path));
      return follow(joined(target, rest), links - 1);
    }
    // It has come this moment.
    if (stat !== undefined) return joined(realpathSync.native(path), rest);
    if (dirname(path) === path) return null;
    rest.unshift(basename(path));
  }
}

/** `real` is as the system spells it, so alone it is what `join` would make of it. */
function joined(real: string, rest: readonly string[]): string {
  return rest.length === 0 ? real : join(real, ...rest);
}

function lookAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // Below an ordinary file there is nothing either.
    if (errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
