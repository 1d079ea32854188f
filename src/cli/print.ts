/** Printing text that came from a log, a call or a file: control characters never reach the terminal. */
import { visible } from "../analyze/report/escape.js";
import { formatProblem } from "../core/errors.js";
import type { Problem } from "../core/policy/policy.js";
import type { Io } from "./io.js";

export const safeText = visible;

/** One problem after another on stderr, each with its place and hint. */
export function printProblems(io: Io, problems: readonly Problem[]): void {
  for (const found of problems) io.stderr.write(`${formatProblem(found)}\n`);
}

/** Values in a row, one line each, labels aligned. */
export function labelled(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${safeText(value)}\n`).join("");
}
