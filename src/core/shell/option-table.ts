/**
 * The compact notation in which rows list a program's options, and its reader. Tokens are separated by blanks:
 *
 *   -r|-R|--recursive   spellings of one option          -[abc]     three options of one letter      -#   -20
 *   --x=   a value      --x=?   a value only after `=`   --x=<   reads a file    --x=>   writes a file   --x=>>  appends
 *   --x=@  the working directory   --x=!  names a program to run   --x=$  shell text   --x=;  a command up to `;` or `+`
 *   --x=*  a file or folder of code or settings that it runs   --x=w  a word; a path would name code to run   --x=m  a module run with the words that follow
 *   --x=%  a script that is checked    --x=2   two values (`=2>` the first is written, `=2<` the second is read)   --x=&  an archive   --x=f   `@file` reads it
 *   --x=r  a revision, or a place in a file (`1,5:src/a.ts`)   --x=s  `-x` alone or with the end of a name, in which a path would be another place   --x=h  a repository at the forge in use
 *   -x=o   an option of the shell, by name
 *
 * and after a colon what the option changes: `:w` writes, `:x` runs code, `:n` network, `:u` not known, `:r` only reads
 * or lists, `:e` edits the operands in place, `:d` deletes them, `:.` touches the current folder when none is named,
 * `:i` changes what is in it, `:l` keeps it from fetching anything, `:c` writes the archive that is read otherwise.
 */
export type ValueKind =
  | "none"
  | "optional"
  | "word"
  | "read"
  | "write"
  | "append"
  | "directory"
  | "program"
  | "text"
  | "inner"
  | "script"
  | "two"
  | "two-write"
  | "two-read"
  | "archive"
  | "form"
  | "run"
  | "plain"
  | "revision"
  | "suffix"
  | "forge"
  | "toggle"
  | "module";

export type Mark =
  | "none"
  | "creates"
  | "changes-here"
  | "writes"
  | "runs-code"
  | "network"
  | "unknown"
  | "reads"
  | "edits"
  | "deletes"
  | "local"
  | "here";

export interface Option {
  /** Every spelling, as written. */
  readonly names: readonly string[];
  readonly value: ValueKind;
  readonly mark: Mark;
}

export interface OptionTable {
  readonly exact: ReadonlyMap<string, Option>;
  /** `-20` is an option of this program. */
  readonly numbers: boolean;
}

const VALUES: Readonly<Record<string, ValueKind>> = {
  "": "none",
  "=": "word",
  "=?": "optional",
  "=<": "read",
  "=>": "write",
  "=>>": "append",
  "=@": "directory",
  "=!": "program",
  "=$": "text",
  "=;": "inner",
  "=%": "script",
  "=2": "two",
  "=2>": "two-write",
  "=2<": "two-read",
  "=&": "archive",
  "=f": "form",
  "=*": "run",
  "=w": "plain",
  "=r": "revision",
  "=s": "suffix",
  "=h": "forge",
  "=o": "toggle",
  "=m": "module",
};

const MARKS: Readonly<Record<string, Mark>> = {
  "": "none",
  ":w": "writes",
  ":x": "runs-code",
  ":n": "network",
  ":u": "unknown",
  ":r": "reads",
  ":e": "edits",
  ":d": "deletes",
  ":.": "here",
  ":c": "creates",
  ":i": "changes-here",
  ":l": "local",
};

const TOKEN = /^(.+?)((?:=(?:>>|2[<>]|[?<>@!$;%2&f*wmrsho])?)?)((?::[wxnuredcil.])?)$/;

/** By what is taken over and then by what is a row's own, which are the same few strings again and again. */
const tables = new Map<string, Map<string, OptionTable>>();

/** The table of a notation and of one taken over from an outer level; each is read once. */
export function optionTable(notation: string, inherited = ""): OptionTable {
  let byOwn = tables.get(inherited);
  if (byOwn === undefined) {
    byOwn = new Map();
    tables.set(inherited, byOwn);
  }
  let table = byOwn.get(notation);
  if (table === undefined) {
    table = readTable(`${inherited} ${notation}`);
    byOwn.set(notation, table);
  }
  return table;
}

const spread = new WeakMap<OptionTable, string>();

/** What of a table an inner level takes over: all but the options that only list. */
export function spreadOptions(table: OptionTable, notation: string, inherited: string): string {
  let found = spread.get(table);
  if (found === undefined) {
    found = `${inherited} ${notation}`.replace(/\S+:r(?=\s|$)/g, "");
    spread.set(table, found);
  }
  return found;
}

function readTable(notation: string): OptionTable {
  const exact = new Map<string, Option>();
  let numbers = false;
  for (const token of notation.split(/\s+/)) {
    const [, spellings = "", value = "", mark = ""] = TOKEN.exec(token) ?? [];
    if (spellings === "") continue;
    if (spellings === "-#") {
      numbers = true;
      continue;
    }
    const kind = { value: VALUES[value] ?? "word", mark: MARKS[mark] ?? "none" } as const;
    if (spellings.startsWith("-[")) {
      for (const letter of spellings.slice(2, -1)) exact.set(`-${letter}`, { names: [`-${letter}`], ...kind });
      continue;
    }
    const names = spellings.split("|");
    for (const name of names) exact.set(name, { names, ...kind });
  }
  return { exact, numbers };
}

/** `--no-stat` where `--stat` is an option that only says how to print: it takes nothing away that matters. */
function negated(table: OptionTable, name: string): Option | undefined {
  const option = name.startsWith("--no-") ? table.exact.get(`--${name.slice(5)}`) : undefined;
  const isPlain = option?.mark === "none" && (option.value === "none" || option.value === "optional");
  return isPlain ? { names: [name], value: "none", mark: "none" } : undefined;
}

/** Long options may be cut as long as one option only begins so (GNU getopt). */
export function findLong(table: OptionTable, name: string): Option | undefined {
  const exact = table.exact.get(name);
  if (exact !== undefined) return exact;
  let found: Option | undefined;
  for (const [spelling, option] of table.exact) {
    if (!spelling.startsWith(name) || !spelling.startsWith("--")) continue;
    if (found !== undefined && found !== option) return undefined;
    found = option;
  }
  return found ?? negated(table, name);
}

/** An option that no row lists and that is no other spelling of one that is listed: neither a cluster nor cut short. */
export function isNoOther(table: OptionTable, spelling: string): boolean {
  if (/^-\w$/.test(spelling)) return true;
  return spelling.startsWith("--") && ![...table.exact.keys()].some((listed) => listed.startsWith(spelling));
}
