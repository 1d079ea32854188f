/**
 * Whether every file that a file name pattern may stand for really lies below the folder the pattern starts in. It
 * lists folders, a bounded number of names in all; a name that may match is one that does, in any shell's reading.
 */
import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join, sep } from "node:path";
import { errorCode } from "./error-code.js";

/** Names looked at for one pattern; beyond that nothing is known. */
const MOST_NAMES = 1_000;

/** Segments of an absolute pattern without `**`, `.` and `..`. `resolve`: where a path leads, `null` when not known. */
export function staysBelow(glob: string, resolve: (absolute: string) => string | null): boolean {
  return filesOf(glob, resolve) !== null;
}

/** What it may stand for now, where links lead to included; `null` when not every file lies below its folder. */
export function filesOf(glob: string, resolve: (absolute: string) => string | null): readonly string[] | null {
  const segments = glob.split("/");
  const first = segments.findIndex((segment) => hasPattern(segment));
  if (first < 0 || segments.some((segment) => segment.includes("**"))) return null;
  const root = segments.slice(0, first).join("/") || "/";
  const real = resolve(root);
  if (real === null) return null;
  const search = new Search(real, resolve);
  return search.stays(root, segments.slice(first)) ? search.files : null;
}

const hasPattern = (segment: string): boolean => /[*?[{]/.test(segment);

class Search {
  readonly files: string[] = [];
  private left = MOST_NAMES;

  constructor(
    private readonly real: string,
    private readonly resolve: (absolute: string) => string | null,
  ) {}

  stays(folder: string, [segment, ...more]: readonly string[]): boolean {
    if (segment === undefined) return true;
    if (segment === "") return this.stays(folder, more);
    const names = hasPattern(segment) ? this.list(folder, segment) : [segment];
    return names?.every((name) => this.entryStays(join(folder, name), more)) ?? false;
  }

  /** `null`: too many names. */
  private list(folder: string, segment: string): readonly string[] | null {
    const names = unlessMissing(() => readdirSync(folder)) ?? [];
    this.left -= names.length;
    if (this.left < 0) return null;
    const regex = regexOf(segment);
    return names.filter((name) => regex.test(name));
  }

  private entryStays(path: string, more: readonly string[]): boolean {
    const stat = unlessMissing<Stats | undefined>(() => lstatSync(path, { throwIfNoEntry: false }));
    if (stat === undefined) return true;
    if (more.length === 0) this.files.push(path);
    if (!stat.isSymbolicLink()) return !stat.isDirectory() || this.stays(path, more);
    const target = this.resolve(path);
    const isBelow = target !== null && `${target}${sep}`.startsWith(this.real === "/" ? "/" : `${this.real}${sep}`);
    if (isBelow && more.length === 0) this.files.push(target);
    return isBelow && this.stays(target, more);
  }
}

/** Wider than any shell's: case, leading dots, sets and braces are not told apart. */
function regexOf(segment: string): RegExp {
  const parts = segment.split(/\*|\{[^}]*\}?|\[[^\]]*\]?/);
  return new RegExp(
    `^${parts.map((part) => part.replace(/[\\^$.+()|\]}]/g, "\\$&").replaceAll("?", ".")).join(".*")}$`,
    "isu",
  );
}

/** Nothing where there is no such folder; any other failure is the caller's. */
function unlessMissing<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) return undefined;
    throw error;
  }
}
