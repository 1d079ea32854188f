/**
 * The state of one walk over a parser's tree: what was found, what was painted, what was refused, and the budget. It
 * knows nothing of syntax. INVARIANT: a refusal is never taken back.
 */
import type { ParsedScript } from "./ast.js";
import type { Evaluated } from "./evaluated-output.js";
import { type Ink, ink } from "./ink.js";
import type { ReasonCode } from "./reasons.js";
import type { Context, Redirect, ShellReason, SimpleCommand } from "./shell.js";

export const limits = { commands: 200, nodes: 3_000, depth: 120, reasons: 20 } as const;

export interface Span {
  readonly pos: number;
  readonly end: number;
}

/** Where the walk is: what encloses the node in hand. */
export interface Frame {
  /** What positions index: the whole text, or the decoded text of escaped backticks. */
  readonly source: string;
  /** Place in the whole text of a decoded source; `null` when positions are the whole text's. */
  readonly anchor: Span | null;
  readonly context: readonly Context[];
  readonly pipeSources: readonly number[];
  /** Redirects of enclosing groups, already marked. */
  readonly inherited: readonly Redirect[];
  /** The command whose words are read: what `>( )` among them is fed by. */
  readonly feeds: readonly number[];
  /** bash 5 prints a substitution that holds a here-document again and loses what follows it: only a lone command may have one. */
  readonly allowsHeredoc: boolean;
  readonly depth: number;
}

export type WalkScript = (walk: Walk, script: ParsedScript, frame: Frame) => void;

export class Walk {
  readonly paint: Uint8Array;
  /** 1 where an expansion that was visited starts (for backticks: and ends). */
  readonly starts: Uint8Array;
  readonly reasons: ShellReason[] = [];
  readonly found: (SimpleCommand | null)[] = [];
  readonly functions: string[] = [];
  readonly settled: { readonly name: string; readonly pos: number }[] = [];
  /** What shells calculate with. */
  readonly evaluated: Evaluated[] = [];
  isSpent = false;
  /** End of the last pipeline under `time`. */
  timedUntil = 0;
  private nodes = 0;

  constructor(
    readonly text: string,
    readonly walkScript: WalkScript,
  ) {
    this.paint = new Uint8Array(text.length);
    this.starts = new Uint8Array(text.length);
  }

  refuse(code: ReasonCode, frame: Frame, pos: number): void {
    this.refuseAt(code, frame.anchor?.pos ?? pos);
  }

  refuseAt(code: ReasonCode, pos: number): void {
    if (this.reasons.length < limits.reasons && !this.reasons.some((reason) => reason.code === code))
      this.reasons.push({ code, pos: Math.min(pos, this.text.length) });
  }

  /** Where a node is in the whole text; on broken text the parser may point behind its end. */
  place(frame: Frame, node: Span): Span {
    const { pos, end } = frame.anchor ?? node;
    return { pos: Math.min(pos, this.text.length), end: Math.min(end, this.text.length) };
  }

  /** Counts one node; false when the budget is gone and the visit must end. */
  spend(frame: Frame, pos: number): boolean {
    this.nodes++;
    if (this.nodes > limits.nodes) this.stop("budget", frame, pos);
    if (frame.depth > limits.depth) this.stop("too-deep", frame, pos);
    return !this.isSpent;
  }

  /** Keeps a place for a command, so that it comes before the commands inside its words; `null` when there are too many. */
  reserve(frame: Frame, pos: number): number | null {
    if (this.found.length >= limits.commands) {
      this.stop("too-many-commands", frame, pos);
      return null;
    }
    return this.found.push(null) - 1;
  }

  evaluate(frame: Frame, { pos, end }: Span): void {
    this.evaluated.push({ text: frame.source.slice(pos, end), pos: frame.anchor?.pos ?? pos });
  }

  /** Decoded sources have no place of their own in the text and are never painted. */
  mark(frame: Frame, pos: number, end: number, as: Ink): void {
    if (frame.anchor === null) this.paint.fill(as, pos, end);
  }

  markStart(frame: Frame, pos: number): void {
    if (frame.anchor === null) this.starts[pos] = 1;
  }

  /** One accounted parenthesis. */
  markParenthesis(frame: Frame, pos: number, spelled: "(" | ")"): void {
    if (frame.source[pos] === spelled) this.mark(frame, pos, pos + 1, ink.parenthesis);
    else this.refuse("unaccounted-parenthesis", frame, pos);
  }

  private stop(code: ReasonCode, frame: Frame, pos: number): void {
    this.isSpent = true;
    this.refuse(code, frame, pos);
  }
}

/** Named one by one, because V8 copies an object by spreading it many times slower, and every node has a frame. */
export function deeper(frame: Frame, change: Partial<Omit<Frame, "depth">> = {}): Frame {
  return {
    source: change.source ?? frame.source,
    anchor: change.anchor === undefined ? frame.anchor : change.anchor,
    context: change.context ?? frame.context,
    pipeSources: change.pipeSources ?? frame.pipeSources,
    inherited: change.inherited ?? frame.inherited,
    feeds: change.feeds ?? frame.feeds,
    allowsHeredoc: change.allowsHeredoc ?? frame.allowsHeredoc,
    depth: frame.depth + 1,
  };
}

export function within(frame: Frame, ...context: readonly Context[]): Frame {
  return deeper(frame, { context: [...frame.context, ...context] });
}
