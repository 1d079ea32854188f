/** A session in a few lines, as `session` and the Stop hook show it: what was approved, asked about, blocked, and by which rule. */
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import { visible } from "./escape.js";
import type { Report } from "./report.schema.js";
import { grouped, largestFirst, plural, total } from "./shape.js";

const NAMED = 3;

export interface DecisionCounts {
  readonly approved: number;
  readonly asked: number;
  readonly blocked: number;
  readonly leftAlone: number;
  readonly unsafe: number;
}

/** `342 approved, 4 asked, 2 blocked`, and what else is not nothing. */
export function countsLine({ approved, asked, blocked, leftAlone, unsafe }: DecisionCounts): string {
  const parts = [`${grouped(approved)} approved`, `${grouped(asked)} asked`, `${grouped(blocked)} blocked`];
  if (leftAlone > 0) parts.push(`${grouped(leftAlone)} left to Claude Code`);
  if (unsafe > 0) parts.push(`${grouped(unsafe)} let through after an error`);
  return parts.join(", ");
}

/** The counts of all calls in one line, from the scorecard's figures. */
export function headlineOf({ sections }: Report): string {
  const figures = sections["scorecard"]?.figures ?? {};
  const counted = (name: string): number => {
    const value = figures[name]?.value;
    return typeof value === "number" ? value : 0;
  };
  return countsLine({
    approved: counted("approved"),
    asked: counted("asked"),
    blocked: counted("blocked"),
    leftAlone: counted("left_alone"),
    unsafe: counted("unsafe"),
  });
}

function headline(cubes: Cubes): string {
  const all = rowsOf(cubes, "totals")[0];
  return countsLine({
    approved: count(all, "approved"),
    asked: count(all, "asked"),
    blocked: count(all, "blocked"),
    leftAlone: count(all, "left_alone"),
    unsafe: count(all, "unsafe"),
  });
}

/** Lines safe to print, the headline first; empty when nothing was decided. */
export function buildSessionSummary(cubes: Cubes): string[] {
  const all = rowsOf(cubes, "totals")[0];
  if (count(all, "calls") === 0) return [];
  const blocked = largestFirst(rowsOf(cubes, "denials"), ["rule", "tier", "tool"]);
  const lines = [headline(cubes)];
  for (const row of blocked.slice(0, NAMED)) {
    const { keys, samples } = row;
    const by = keys.rule !== undefined && keys.rule !== "" ? keys.rule : `${keys.tier ?? ""} tier`;
    const call = samples[0]?.subject ?? "";
    lines.push(visible(`blocked ${grouped(count(row, "calls"))} × ${by}: ${keys.tool ?? ""} ${call}`.trimEnd()));
  }
  if (blocked.length > NAMED) lines.push(`and ${plural(blocked.length - NAMED, "more kind")} of blocked calls`);
  const saved = count(all, "saved");
  const prompts = total(rowsOf(cubes, "prompts"));
  if (prompts > 0 || saved > 0)
    lines.push(`${plural(prompts, "prompt")} shown, about ${grouped(saved)} spared (estimate)`);
  if (cubes.quality.unusable > 0) lines.push(`${plural(cubes.quality.unusable, "line")} of the log could not be used`);
  return lines;
}
