/** Whoever judges many past calls: on this thread, each when it is asked, or on several, in any order. */
import type { ParseShell } from "../../core/shell/shell.js";
import { type Answers, type AskedCall, openJudge } from "./judge-asked.js";

export interface Judges<Kind extends keyof Answers> {
  /** @param answered called once, now or before `settle` returns. */
  readonly ask: (asked: AskedCall, answered: (answer: Answers[Kind]) => void) => void;
  /** Returns when all that was asked is answered. */
  readonly settle: () => void;
  /** What is still asked then is never answered. */
  readonly close: () => void;
}

export function judgesHere<Kind extends keyof Answers>(kind: Kind, parse?: ParseShell): Judges<Kind> {
  const judge = openJudge(kind, parse);
  return { ask: (asked, answered) => answered(judge(asked)), settle() {}, close() {} };
}
