/** What is found out about one program's words. The shapes only; `judge.ts` fills them. */
import type { Access, Assignment, FlagUse, Obeyed, PartEffect, Word } from "./shell.js";

/** A command found inside another: its words, or text for a shell. */
export interface Inner {
  readonly kind: "argv" | "text";
  /** For `text` they are joined by blanks. */
  readonly words: readonly Word[];
  readonly assigns: readonly Assignment[];
  readonly certainty: "certain" | "candidate";
  readonly lift: PartEffect;
}

export interface Judgement {
  readonly subcommand: string | null;
  readonly flags: readonly FlagUse[];
  readonly flagsKnown: boolean;
  readonly args: readonly Word[];
  readonly accesses: readonly Access[];
  readonly accessesKnown: boolean;
  readonly effect: PartEffect;
  readonly effectReason: string;
  /** See `ShellPart`. */
  readonly obeys?: Obeyed;
  readonly tasks?: readonly string[];
  readonly fetches?: string;
  readonly transparent: boolean;
  /** A function of the same text, whose body is judged where it stands: only its words are looked at here. */
  readonly callsFunction?: true;
  readonly inner: readonly Inner[];
  /** Folder in which the inner commands run, relative to the one in force; `null` when not known. */
  readonly moved: string | null;
  /** The program takes a script from standard input, and runs it. */
  readonly codeFromStdin: boolean;
  /** Source text in the words, in a language that is not shell. */
  readonly code: readonly string[];
  /** Spellings of flags that belong in the normalised command. */
  readonly meaning: readonly string[];
}

/** Of a command that runs no program. */
export const NOTHING_JUDGED: Judgement = {
  subcommand: "",
  flags: [],
  flagsKnown: true,
  args: [],
  accesses: [],
  accessesKnown: true,
  effect: "reads",
  effectReason: "runs no program",
  transparent: false,
  inner: [],
  moved: "",
  codeFromStdin: false,
  code: [],
  meaning: [],
};
