/** One screen of `watch` as lines: the scorecard above, the newest decisions below. Pure; never more lines than the terminal has. */
import pc from "picocolors";
import { cutText } from "../../analyze/report/render/term-table.js";
import { countsLine } from "../../analyze/report/session-summary.js";
import { grouped, plural } from "../../analyze/report/shape.js";
import { localTimestamp, type Zone } from "../../analyze/zone.js";
import { decisionRows, type FoundRecord } from "../decision-rows.js";
import type { Counts } from "./scorecard.js";

export interface Screen {
  readonly counts: Counts;
  /** Newest first. */
  readonly records: readonly FoundRecord[];
  readonly sinceMs: number;
  /** Of the newest record, decision or not. */
  readonly lastMs: number | null;
  /** What is waited for, or went wrong; "" when all is well. */
  readonly remark: string;
}

export interface ScreenOptions {
  readonly zone: Zone;
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const HEAD_LINES = 6;

export function screenLines(screen: Screen, options: ScreenOptions): string[] {
  const { zone, columns, rows, color } = options;
  const paint = pc.createColors(color);
  const { counts, records, sinceMs, lastMs, remark } = screen;
  const { decisions, tiers, prompts, unusable } = counts;
  const time = (ms: number) => localTimestamp(ms, zone).slice(0, 19).replace("T", " ");
  const cut = (text: string) => cutText(text, columns);
  const summary = countsLine({
    approved: decisions.allow + decisions.rerouted,
    asked: decisions.ask,
    blocked: decisions.deny,
    leftAlone: decisions.passthrough,
    unsafe: decisions.error_passthrough,
  });
  const by = tiers.map(([tier, calls]) => `${tier === "" ? "unknown" : tier} ${grouped(calls)}`).join(", ");
  const more = [
    plural(prompts, "prompt"),
    ...(unusable > 0 ? [`${plural(unusable, "line")} could not be used`] : []),
    lastMs === null ? "no record yet" : `last record ${time(lastMs)}`,
  ].join(" · ");
  const shown = decisionRows(records.slice(0, Math.max(0, rows - HEAD_LINES - 1)), { zone, width: columns, color });
  const lines = [
    paint.bold(cut(`claude-permit watch · since ${time(sinceMs)} (${zone.name}) · q quits`)),
    cut(summary),
    paint.dim(cut(by === "" ? "nobody decided anything" : `by ${by}`)),
    paint.dim(cut(more)),
    remark === "" ? "" : paint.yellow(cut(remark)),
    ...(records.length === 0 ? [] : [shown.head, ...shown.lines]),
  ];
  return lines.slice(0, rows);
}
