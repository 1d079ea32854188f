/**
 * Where a path really leads. The engine asks it for the second spelling of every path; what cannot be known is `null`,
 * never a guess.
 */
import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { errorCode } from "./error-code.js";

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/**
 * The real path of the longest existing prefix of `absolute`, with the rest appended; a link whose target is missing
 * leads to that target, because writing through it creates it there. `null` for a relative path, NUL, a symlink loop
 * or a folder that may not be read.
 */
export function resolvePath(absolute: string): string | null {
  return follow(absolute, MAX_LINKS);
}

function follow(absolute: string, links: number): string | null {
  if (links === 0 || !isAbsolute(absolute) || absolute.includes("\0")) return null;
  const rest: string[] = [];
  for (let path = absolute; ; path = dirname(path)) {
    const real = realPath(path);
    if (real !== "absent") return real === null ? null : join(real, ...rest);
    const target = linkTarget(path);
    if (target !== undefined) return follow(join(resolve(dirname(path), target), ...rest), links - 1);
    if (dirname(path) === path) return null;
    rest.unshift(basename(path));
  }
}

function realPath(path: string): string | "absent" | null {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = errorCode(error);
    return code === "ENOENT" || code === "ENOTDIR" ? "absent" : null;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
