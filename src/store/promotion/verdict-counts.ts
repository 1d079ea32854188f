/**
 * `state/verdicts.jsonl`: the verdicts that may become rules, one line each. Hooks append without waiting for each other;
 * the file is halved when it is large, and a line lost in that moment makes a rule come one verdict later.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CountedVerdict, parseCountedVerdict } from "../../core/promote/verdict-tally.js";
import { appendLine } from "../append.js";
import { writeAtomic } from "../write-atomic.js";

/** About ten thousand verdicts. */
const MAX_BYTES = 1 << 20;

export function countVerdict(state: string, verdict: CountedVerdict): void {
  const path = countsPath(state);
  const appended = appendLine(path, `${JSON.stringify(verdict)}\n`);
  if (appended.kind === "appended" && appended.size > MAX_BYTES) {
    writeAtomic(path, keptHalf(readCounts(path)));
  }
}

/** In the order they were given. */
export function countedVerdicts(state: string): readonly CountedVerdict[] {
  return readCounts(countsPath(state));
}

function countsPath(state: string): string {
  return join(state, "verdicts.jsonl");
}

function keptHalf(verdicts: readonly CountedVerdict[]): string {
  const kept = verdicts.slice(Math.floor(verdicts.length / 2));
  return kept.map((verdict) => `${JSON.stringify(verdict)}\n`).join("");
}

function readCounts(path: string): readonly CountedVerdict[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line) => parseCountedVerdict(line) ?? []);
  } catch {
    return [];
  }
}
