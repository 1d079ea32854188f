/**
 * The shape of what we know about a program: plain data, one row a program or subcommand, no code in rows. A row is a
 * proof, not a guess: an option that a row does not list makes the effect unknown.
 */
import type { Obeyed, PartEffect } from "../shell.js";

/**
 * How a program reads its words. `gnu`: options anywhere, clusters, abbreviated long options. `posix`: the same, up to
 * the first operand. `long`: one dash, long names (`find -name`). `bundle`: a first word without dash is a cluster
 * (`tar czf`). `pairs`: `key=value` operands (`dd if=x`). `plain`: every word is an operand (`echo -n`).
 */
export type Style = "gnu" | "posix" | "long" | "bundle" | "pairs" | "plain";

/**
 * What a program does with an operand. `edit` reads and writes, `script` is checked
 * by `check`, `run` is a file of code, `directory` becomes the working directory, `assign` is `NAME=value`, `pair` is `if=x`, `variable` a name
 * that gets a value, `format` begins with `+`, `remote` is the name or address of a repository,
 * `revision` a revision or a path in one, `alias` is `name=shell text`, `setting` is `NAME=value` that a build file
 * may run, `name` a package or object by name (no address, no path), `forge` the same at the forge in use, `toggle` an option of the shell by name, `lint` a word for the linter or formatter that it starts, `filled` a word put into shell text, `page` what a pager shows (`+x` would be a command of
 * its), `letters` option letters without dash (`ps aux`), `other` is not understood.
 */
export type Role =
  | "word"
  | "read"
  | "write"
  | "append"
  | "edit"
  | "delete"
  | "run"
  | "script"
  | "directory"
  | "assign"
  | "pair"
  | "variable"
  | "format"
  | "remote"
  | "revision"
  | "alias"
  | "setting"
  | "name"
  | "forge"
  | "toggle"
  | "lint"
  | "filled"
  | "page"
  | "letters"
  | "other";

/** How a program runs another one, found in its operands (options that run something say so themselves). */
export interface Runs {
  /**
   * `argv`: the operands after `skip` are the command. `stdin-tail`: the same, and unknown words follow (`xargs`).
   * `joined`: they are joined by blanks and given to a shell (`eval`). `text`: the first of them is given to a shell
   * (`trap`). `code`: `-c` text, else a script file, else standard input (`sh`). `either`: one operand is shell text, more are a command (`watch`). `stdin`: the text on standard input (`at`).
   */
  readonly as: "argv" | "stdin-tail" | "joined" | "text" | "code" | "either" | "stdin";
  readonly skip?: number;
  /** The command stands after `--` (`kubectl exec`). */
  readonly dashes?: true;
  /** `NAME=value` operands may come before the command (`env`, `sudo`). */
  readonly assigns?: true;
  /** The least effect of the inner command, for one that runs elsewhere or from elsewhere (`ssh`, `npx`). */
  readonly lift?: PartEffect;
  /** Harmless by itself: an allow of the inner command covers it. */
  readonly transparent?: true;
}

export interface Knowledge {
  /** With no option or operand that makes it worse. */
  readonly effect: PartEffect;
  /** In plain words, for people; empty for plain readers. */
  readonly why?: string;
  /** See `option-table.ts` for the notation. */
  readonly options?: string;
  /** Roles of the operands in order, `*` repeats: `"word read*"`, `"read* write"`; `=x` adds the path touched when none is named, `+x` one that is touched always. */
  readonly operands?: string;
  readonly style?: Style;
  /** No option of any implementation writes, runs or sends anything: unlisted options and dynamic words leave the effect alone. */
  readonly harmless?: true;
  /** The options are not listed here: the effect stands, but flags and paths are not known. */
  readonly open?: true;
  /** The first operand is left out when one of these options is given (`grep -e`). */
  readonly unless?: string;
  /** The effect when there are operands and no option marked as listing. */
  readonly withOperands?: PartEffect;
  /** Named check of the words with role `script`. */
  readonly check?: "sed" | "awk" | "query" | "tool-flags";
  readonly subcommands?: Readonly<Record<string, Knowledge>>;
  /** Options of the program are also read after the subcommand (`gh pr list -R x`). */
  readonly spreads?: true;
  /** The operand is part of the subcommand: `npm run test`; with `all` each operand is a task of its own: `make lint test`. */
  readonly names?: "first" | "all";
  /** Runs code of the folder it works in, or obeys settings there that may name code. */
  readonly obeys?: Obeyed["what"] | "nothing";
  readonly runs?: Runs;
  /** What it runs is fetched unless it is installed in the project (`npx`). */
  readonly fetches?: true;
  /** How much of what it reads it looks at: only names and sizes, or all that is below (with one of these options, `*` always). */
  readonly looks?: "names" | { readonly below: string };
  /** What it reads or moves arrives under its own name where the target is a folder; with one of these options (`*` always) whole folders do. */
  readonly into?: string;
  /** Options that belong in the normalised command: `rm -r`. */
  readonly meaning?: string;
  /** Code in strings: texts inside may be commands (`python -c`). */
  readonly interpreter?: true;
}

export type Programs = Readonly<Record<string, Knowledge>>;

type Extra = Omit<Knowledge, "effect" | "options" | "operands">;

function row(effect: PartEffect) {
  return (options = "", operands = "other*", extra: Extra = {}): Knowledge => ({ effect, options, operands, ...extra });
}

/** Rows: options, operands, the rest. */
export const reads = row("reads");
export const writes = row("writes");
export const runsCode = row("runs-code");
export const network = row("network");
export const unknown = row("unknown");

/** Several names for one row. */
export function each(names: string, knowledge: Knowledge): Programs {
  return Object.fromEntries(names.split(" ").map((name) => [name, knowledge]));
}
