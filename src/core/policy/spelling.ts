/**
 * How else a file system may read a path: several pass over characters without width, dots and blanks at the end of a
 * name and what follows a colon. Only deny and ask look at it: an allow means what is written.
 */
import { isAscii } from "../path.js";

const PASSED_OVER = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|(?<=[^./ ])[. ]+(?=\/|$)|:[^/]*(?=\/|$)/g;

/** False wherever a path may be read in another way, and now and then where it may not. */
export function isPlainlySpelt(path: string): boolean {
  return !path.includes(":") && !path.includes("./") && !path.includes(" /") && !/[. ]$/.test(path) && isAscii(path);
}

const known = new Map<string, readonly string[]>();
const MOST = 2_000;

/** The path as it is written, then as other file systems read it. The same few are asked for by every rule. */
export function readings(path: string): readonly string[] {
  let found = known.get(path);
  if (found === undefined) {
    found = isPlainlySpelt(path) ? [path] : [...new Set([path, path.replace(PASSED_OVER, "")])];
    if (known.size >= MOST) known.clear();
    known.set(path, found);
  }
  return found;
}
