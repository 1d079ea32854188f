/**
 * The short form of a command that records, reports and suggestions share: program, subcommand and, for a few programs,
 * the flag that changes the meaning (`git push`, `npm run test`, `rm -r`). It drops every argument that may be private.
 */
import { isVisible } from "./plain-chars.js";
import type { ShellPart } from "./shell.js";

type Named = Pick<ShellPart, "program" | "programPath" | "subcommand" | "flags" | "args"> & {
  /** Spellings of flags that belong in the form. */
  readonly meaning: readonly string[];
};

const LONGEST = 80;
const SYSTEM_FOLDER = /^(?:\/usr(?:\/local)?)?\/s?bin\/[^/]+$|^\/opt\/homebrew\/bin\/[^/]+$/;

/** The word that names a program of the system, wherever it stands. */
export function isSystemPath(path: string): boolean {
  return SYSTEM_FOLDER.test(path);
}

export function normaliseCommand({ program, programPath, subcommand, flags, args, meaning }: Named): string {
  if (program === null) return "";
  const name = programPath === null || isSystemPath(programPath) || isPrivate(programPath) ? program : programPath;
  const words = [name, ...(subcommand === null || subcommand === "" ? [] : [subcommand]), ...meaning];
  if (isInterpreter(program)) words.push(...ranBy(flags, args));
  const isPlain = words.every((word) => word !== "" && isVisible(word, ""));
  const text = isPlain ? words.join(" ") : words.join(" ").replace(/[\s\0]+/g, " ");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** Absolute paths and home folders hold user names. */
function isPrivate(path: string): boolean {
  return /^[/~]/.test(path);
}

const INTERPRETERS = new Set(
  "python python3 pypy pypy3 node deno bun tsx ts-node ruby perl php bash sh zsh dash ksh source .".split(" "),
);

function isInterpreter(program: string): boolean {
  return INTERPRETERS.has(program) || (program.startsWith("python") && /^python[\d.]*$/.test(program));
}

/** `python -m pytest`, `node scripts/x.js`. */
function ranBy(flags: Named["flags"], args: Named["args"]): string[] {
  const module = flags.find((flag) => flag.name === "-m")?.value;
  if (module !== undefined && module !== null) return ["-m", module];
  if (flags.some((flag) => flag.names.includes("-c") || flag.names.includes("-e"))) return [];
  const script = args[0]?.value ?? "";
  if (!/^[\w./@~-]*[\w-]$/.test(script)) return [];
  return [isPrivate(script) ? script.slice(script.lastIndexOf("/") + 1) : script];
}
