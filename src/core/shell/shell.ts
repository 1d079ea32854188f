/**
 * The shapes the engine sees of a shell call. The parser, the wrapper table and the knowledge of programs fill them;
 * nothing here runs or reads anything. A value of `null` always means "not known from the text alone".
 */

/** Why a word's value is not static. */
export type Dynamic =
  | "param"
  | "cmdsub"
  | "arith"
  | "procsub"
  | "glob"
  | "brace"
  | "tilde"
  | "ansi-c"
  | "locale"
  | "zsh";

export interface Word {
  /** As spelled in the text. */
  readonly raw: string;
  readonly pos: number;
  readonly end: number;
  /** The word after quote removal, `null` when it depends on an expansion. */
  readonly value: string | null;
  readonly why: readonly Dynamic[];
  /** Static text before the first dynamic part ("" when it starts dynamic). Equals `value` when static. */
  readonly prefix: string;
  readonly quoted: boolean;
  /** An unquoted expansion may become zero or many words. */
  readonly splits: boolean;
}

export interface Redirect {
  readonly op: "<" | ">" | ">>" | ">|" | "<>" | ">&" | "<&" | "&>" | "&>>" | "<<" | "<<-" | "<<<";
  readonly fd: number | null;
  readonly effect: "read" | "write" | "append" | "rw" | "dup" | "close" | "data";
  readonly target: Word | null;
  /** Here-document or here-string text; `expands` when the shell evaluates expansions in it. */
  readonly body?: { readonly text: string; readonly expands: boolean };
  readonly inherited: boolean;
}

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  /** `null` value: dynamic or an array. */
  readonly value: string | null;
  /** The words that the variable of a `for` loop goes through. */
  readonly choices?: readonly Word[];
  readonly pos: number;
}

export type Context =
  | "pipe-in"
  | "pipe-out"
  | "background"
  | "and"
  | "or"
  | "if"
  | "loop"
  | "case"
  | "function"
  | "subshell"
  | "group"
  | "cmdsub"
  | "procsub"
  | "heredoc";

/** One program with its words and redirects, as the parser found it (no wrapper removed). */
export interface SimpleCommand {
  readonly argv: readonly Word[];
  readonly assigns: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  readonly context: readonly Context[];
  /** Index (in `ShellParse.commands`) of the command whose output is this one's input. */
  readonly pipeFrom: number | null;
  /** Every command whose output may be this one's input (a stage can be a group), in order; `pipeFrom` is the last of them. */
  readonly pipeSources: readonly number[];
  readonly pos: number;
  readonly end: number;
}

export interface ShellReason {
  /** Stable code, e.g. `unclosed-quote`, `budget`, `extglob`. */
  readonly code: string;
  readonly pos: number;
}

/** Text -> simple commands, wherever they hide. `unknown`: some of the text was not understood; commands found still count for deny and ask. */
export interface ShellParse {
  readonly status: "ok" | "unknown";
  readonly reasons: readonly ShellReason[];
  readonly commands: readonly SimpleCommand[];
  readonly functions: readonly string[];
  /** Those that are defined in any case, outside every condition, pipe and copy of the shell; `pos` is where from on. */
  readonly settled: readonly { readonly name: string; readonly pos: number }[];
}

/** A path a part touches. `path` is the static spelling (may be relative, `~/x`), `null` when not known. */
export interface Access {
  readonly path: string | null;
  readonly mode: "read" | "write" | "append" | "delete" | "run";
  /** Where the access comes from, for explanations: `argument`, `redirect`, `flag --output`, `default`. */
  readonly from: string;
  readonly raw: string;
  /** `name`: names and sizes are shown, no content. `tree`: so is everything below. Absent: the file, or what a program makes of it. */
  readonly reach?: "name" | "tree";
}

/** What a part does, before paths are resolved; the engine turns `writes` into writes-project or writes-outside. */
export type PartEffect = "reads" | "writes" | "runs-code" | "network" | "unknown";

/** A folder whose code a program runs (a build file), or whose settings may name code (git's). */
export interface Obeyed {
  /** Relative to the directory in force, `null` when not known. */
  readonly folder: string | null;
  readonly what: "code" | "settings";
}

export interface FlagUse {
  /** Canonical: the long spelling when the program is known to have one, else as written: `-r` and `--recursive` are one. */
  readonly name: string;
  /** Every spelling that is the same flag of this program, for rules written either way. */
  readonly names: readonly string[];
  readonly value: string | null;
}

/**
 * One simple command as the engine judges it: wrappers peeled (`sudo env rm x` gives three parts: sudo, env, rm).
 */
export interface ShellPart {
  readonly argv: readonly Word[];
  readonly assigns: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  readonly context: readonly Context[];
  /** Programs that run this one, outermost first: `["sudo", "env"]`. */
  readonly via: readonly string[];
  /**
   * `certain`: this is what runs. `candidate`: it may be what runs (the rest of an unknown program's words, other
   * readings of a string); only deny and ask look at candidates.
   */
  readonly certainty: "certain" | "candidate";
  /** This part only runs another certain part of the call and is itself harmless (`timeout 5 …`): an allow of the inner part covers it. */
  readonly transparent: boolean;
  /** Base name of the program, `null` when dynamic or absent (assignments or redirects only). */
  readonly program: string | null;
  /** The word as written was a path (`./rm`, `/usr/bin/rm`). */
  readonly programPath: string | null;
  /** `push`, `run test`; "" when the program has none, `null` when dynamic. */
  readonly subcommand: string | null;
  readonly flags: readonly FlagUse[];
  /** False when a dynamic word may hide a flag, or the program's flags are not known well enough to read the words. */
  readonly flagsKnown: boolean;
  /** Positional words after the subcommand. */
  readonly args: readonly Word[];
  readonly accesses: readonly Access[];
  /** Every path this part may touch is in `accesses` (otherwise a path condition answers unknown). */
  readonly accessesKnown: boolean;
  /** Directory in force: relative to the call's cwd or absolute; "" = the call's cwd, `null` = not known. */
  readonly cwd: string | null;
  readonly effect: PartEffect;
  /** The effect without the variables assigned before it, where they change it. */
  readonly bare?: PartEffect;
  /** Whose code or settings it runs, absent for none. */
  readonly obeys?: Obeyed;
  /** Name of the program it runs, which is fetched unless the project has it installed (`npx tsc`). */
  readonly fetches?: string;
  /** Names in `subcommand` that are tasks of their own (`make lint test`), where there are several. */
  readonly tasks?: readonly string[];
  /** In plain words why the effect is what it is: "`--output` writes a file", "reads only". */
  readonly effectReason: string;
  /** Here-documents that an interpreter runs, in its own language. */
  readonly code: readonly string[];
  /** `git push`, `npm run test`, `rm -r`; "" for assignments only. */
  readonly normalised: string;
  /** Parts this one's standard input comes from (for `in_pipeline_with`), as program names. */
  readonly pipeline: readonly string[];
  readonly pos: number;
  readonly end: number;
}

export interface ShellAnalysis {
  readonly status: "ok" | "unknown";
  readonly reasons: readonly ShellReason[];
  readonly parts: readonly ShellPart[];
}

/** A program a user declared to run another (`[[wrapper]]`). */
export interface WrapperDeclaration {
  readonly program: string;
  /** Options that take a value, e.g. `["-u", "--user"]`. */
  readonly valueFlags: readonly string[];
  /** Positional words before the inner command. */
  readonly skip: number;
}

export interface ShellContext {
  readonly dialect: "bash" | "powershell";
  readonly wrappers: readonly WrapperDeclaration[];
  readonly home: string;
}

/** Pure: never throws, never reads the file system, ends in `unknown` when over budget. */
export type ParseShell = (text: string, context: ShellContext) => ShellAnalysis;
