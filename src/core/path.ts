/**
 * Paths as text: one canonical spelling, what lies inside what, and the target behind `..` and symlinks. It never
 * touches the file system; what only the file system knows comes in as a function, and what cannot be known is `null`.
 */

/** Absolute path -> target after symlinks, `null` when it cannot be known. */
export type ResolvePath = (absolute: string) => string | null;

/** Where a relative path and `~` start; "" when not known. */
export interface PathBase {
  readonly cwd: string;
  readonly home: string;
}

const DRIVE = /^([A-Za-z]):[\\/]/;
const PROC_ROOT = /^\/proc\/(?:self|thread-self|\d+)\/root(?=\/|$)/;

/** Absolute but not yet simplified: `..` and `.` are kept. `null` for `~other` and for a relative path without a base. */
function rooted(path: string, base: PathBase): string | null {
  if (path.startsWith("/")) return path;
  const drive = path[1] === ":" ? DRIVE.exec(path) : null;
  if (drive !== null) return `/${(drive[1] ?? "").toLowerCase()}/${path.slice(3).replaceAll("\\", "/")}`;
  if (path.startsWith("~")) {
    if (base.home === "" || !(path === "~" || path.startsWith("~/"))) return null;
    return `${base.home}${path.slice(1)}`;
  }
  return base.cwd === "" ? null : `${base.cwd}/${path}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** `/a/./b//../c/` -> `/a/c`, as text. The root of another process's view (`/proc/self/root`) is the root. */
function simplify(path: string): string {
  const isSimple = path.length > 1 && !path.includes("//") && !path.includes("/.") && !path.endsWith("/");
  if (isSimple && path.startsWith("/") && !path.startsWith("/proc/")) return path;
  let done = "";
  for (const segment of path.split("/")) {
    if (segment === "..") done = parentOf(done);
    else if (segment !== "" && segment !== ".") done += `/${segment}`;
  }
  return (done.startsWith("/proc/") ? done.replace(PROC_ROOT, "") : done) || "/";
}

/**
 * Before an absolute file name pattern this asks whether every file it may stand for lies below the folder in which it
 * starts: then the question itself is the answer, else `null`. No path begins so.
 */
export const GLOB_QUESTION = "glob:";

/**
 * Before an absolute file name pattern this asks which files it stands for now: a path a line; `null` when they cannot all
 * be told. The question itself is the answer where there is none, or nobody looks. No path begins so.
 */
export const GLOB_FILES = "files:";

/** The canonical spelling of a path, `null` when the text alone does not tell it. */
export function absolutePath(path: string, base: PathBase): string | null {
  if (path === "" || path.includes("\0")) return null;
  const start = rooted(path, base);
  return start === null ? null : simplify(start);
}

/**
 * The place a path leads to. INVARIANT: `link/..` is the parent of the link's target, as the kernel reads it, not of
 * the link; so everything before a `..` is resolved first.
 */
export function targetPath(path: string, base: PathBase, resolvePath: ResolvePath): string | null {
  if (path === "" || path.includes("\0")) return null;
  const start = rooted(path, base);
  if (start === null) return null;
  if (!start.includes("/..")) return resolvePath(simplify(start));
  let done = "";
  for (const segment of start.split("/")) {
    if (segment === "..") {
      const here: string | null = done === "" ? "" : resolvePath(done);
      if (here === null) return null;
      done = parentOf(here);
    } else if (segment !== "" && segment !== ".") done += `/${segment}`;
  }
  return resolvePath((done.startsWith("/proc/") ? done.replace(PROC_ROOT, "") : done) || "/");
}

/** Whether a text has one spelling only, in Unicode's sense. A loop: this is asked for every path and rule. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}

interface Spelling {
  /** In Unicode's composed form. */
  readonly exact: string;
  readonly lower: string;
}

/** The same few paths are compared with every rule's folder and every guarded place. */
const spellings = new Map<string, Spelling>();
const MAX_SPELLINGS = 2_000;

function spellingOf(path: string): Spelling {
  const known = spellings.get(path);
  if (known !== undefined) return known;
  const exact = isAscii(path) ? path : path.normalize("NFC");
  const spelling = { exact, lower: exact.toLowerCase() };
  if (spellings.size >= MAX_SPELLINGS) spellings.clear();
  spellings.set(path, spelling);
  return spelling;
}

/** The part of a path below a folder, "" for the folder itself, `null` when it lies elsewhere. Both absolute and canonical. */
export function pathBelow(path: string, folder: string, ignoreCase: boolean): string | null {
  const { exact, lower } = spellingOf(path);
  const whole = ignoreCase ? lower : exact;
  const start = ignoreCase ? spellingOf(folder).lower : spellingOf(folder).exact;
  if (whole === start) return "";
  if (!whole.startsWith(start) || (start !== "/" && whole[start.length] !== "/")) return null;
  return exact.slice(start === "/" ? 1 : start.length + 1);
}

export function isInside(path: string, folder: string, ignoreCase: boolean): boolean {
  return pathBelow(path, folder, ignoreCase) !== null;
}

const SINKS = new Set(["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin", "/dev/tty"]);

/** A write there changes nothing that lasts. */
export function isSink(absolute: string): boolean {
  return SINKS.has(absolute) || absolute.startsWith("/dev/fd/");
}

/** The shell opens a connection instead of a file. */
export function isSocketPath(absolute: string): boolean {
  return absolute.startsWith("/dev/tcp/") || absolute.startsWith("/dev/udp/");
}
