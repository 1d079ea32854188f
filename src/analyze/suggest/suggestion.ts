/** One proposed rule with everything a person needs to say yes or no; nothing in it is applied by the analyzer. */
import type { RuleDraft } from "../../core/generalise/rule-draft.js";

/** A past call that stands for a figure. */
export interface Witness {
  readonly timeMs: number;
  readonly session: string;
  /** `file:offset`. */
  readonly at: string;
  readonly subject: string;
}

export interface Suggestion {
  readonly kind: "allow" | "ask" | "deny";
  readonly name: string;
  readonly draft: RuleDraft;
  /** With its examples, as it would be written. */
  readonly toml: string;
  /** Absolute root it is for, "" for all projects. */
  readonly project: string;
  readonly effect: string;
  /** Calls of the window that would no longer be open because of it, together with the other suggestions. */
  readonly calls: number;
  /** Of these, calls that somebody was asked about or, where the log does not tell, would have been (estimate). */
  readonly prompts: number;
  readonly promptsPerWeek: number;
  readonly support: {
    readonly approved: number;
    readonly refused: number;
    readonly sessions: number;
    readonly projects: number;
    readonly days: number;
  };
  /** Share of approvals and its lower bound (Wilson, one-sided 90 %). */
  readonly precision: number;
  readonly bound: number;
  /** Refusals that it would have overridden, every one. */
  readonly overridden: readonly Witness[];
  readonly breadth: {
    /** Ordinary commands that it admits and that nobody was seen to run. */
    readonly unseen: number;
    /** Of these, up to three that do the most; empty: none does more than read. */
    readonly scary: readonly string[];
  };
  /** Calls of the newest sessions, which it was not made from; `null`: too few to keep any out. */
  readonly holdOut: { readonly allowed: number; readonly approved: number; readonly refused: number } | null;
}

export interface Removal {
  readonly rule: string;
  readonly source: string;
  readonly kind: string;
  readonly why: "never hit" | "duplicate" | "shadowed" | "covered";
  readonly detail: string;
}

export interface Suggestions {
  readonly suggestions: readonly Suggestion[];
  /** Answered calls that were looked at, and how many of them too little was kept of. */
  readonly calls: number;
  readonly unknowable: number;
  readonly isCut: boolean;
  /** Approved calls that no rule decides, now and with the suggestions. */
  readonly open: number;
  readonly openAfter: number;
  readonly isValidated: boolean;
  readonly weeks: number;
}
