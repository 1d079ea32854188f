/** What a log tells of the calls that no rule decided: approved or refused, by whom, when and where. */
import type { AnsweredCall, Answers } from "../cubes/answers.js";
import { resolvePathOf } from "../simulate/replayable.js";

export interface PastCall extends AnsweredCall {
  readonly resolvePath: (absolute: string) => string | null;
}

export interface PastCalls {
  /** Oldest first. */
  readonly calls: readonly PastCall[];
  /** Calls left out because too little of them was kept. */
  readonly unknowable: number;
  /** Older calls than these were not looked at. */
  readonly isCut: boolean;
}

/** The newest ones tell most; a rule mined from more is the same rule. */
export const MAX_CALLS = 60_000;

/** How many answers have to be asked for, to have so many of them and to know whether there are more. */
export function answersFor(most: number): number {
  return most + 1;
}

/** @param most calls that are wanted, the newest */
export function pastCallsOf({ calls }: Answers, most: number): PastCalls {
  const found: PastCall[] = [];
  let unknowable = 0;
  for (const one of calls) {
    if (one === null) unknowable++;
    else if (found.length >= most) return { calls: found.toSorted(byTime), unknowable, isCut: true };
    else found.push({ ...one, resolvePath: resolvePathOf(one) });
  }
  return { calls: found.toSorted(byTime), unknowable, isCut: false };
}

function byTime(a: PastCall, b: PastCall): number {
  return a.timeMs - b.timeMs || (a.at < b.at ? -1 : 1);
}
