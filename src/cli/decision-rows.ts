/** Records as rows of a terminal table: `list` and `watch` show the same columns, more of them the wider the terminal. */
import pc from "picocolors";
import { joinCells, layoutTable } from "../analyze/report/render/term-table.js";
import type { Scanned } from "../analyze/scan/scan.js";
import { localTimestamp, type Zone } from "../analyze/zone.js";
import { subjectOf } from "../core/audit/record-call.js";
import { type Decision, isDecision } from "../core/decision.js";
import { safeText } from "./print.js";

export type FoundRecord = Extract<Scanned, { kind: "record" }>;

const column = (label: string, priority: number, isText = false) => ({
  label,
  align: "left" as const,
  isText,
  priority,
});
const COLUMNS = [
  column("time", 0),
  column("decision", 0),
  column("by", 2),
  column("tool", 0, true),
  column("call", 0, true),
  column("rule", 1, true),
  column("session", 3),
  column("id", 4),
  column("mode", 5),
  column("project", 6, true),
  column("place", 7),
];
const DECISION = 1;
const SHORT_ID = 12;
type Color = "green" | "red" | "yellow" | "magenta" | "dim";
const COLORS: Readonly<Record<Decision, Color>> = {
  allow: "green",
  deny: "red",
  ask: "yellow",
  rerouted: "yellow",
  error_passthrough: "magenta",
  passthrough: "dim",
};

export interface RowOptions {
  readonly zone: Zone;
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

/** Head and one line a record, without line ends; INVARIANT: nothing of the log reaches the terminal unescaped. */
export function decisionRows(
  found: readonly FoundRecord[],
  { zone, width, color }: RowOptions,
): { readonly head: string; readonly lines: readonly string[] } {
  const paint = pc.createColors(color);
  const { head, lines } = layoutTable(
    COLUMNS,
    found.map((one) => cells(one, zone)),
    width,
  );
  return {
    head: paint.dim(joinCells(head)),
    lines: lines.map((line, index) => {
      const decision = found[index]?.record.decision;
      if (!color || !isDecision(decision)) return joinCells(line);
      return joinCells(line.map((cell, place) => (place === DECISION ? paint[COLORS[decision]](cell) : cell)));
    }),
  };
}

/** One record as a line of a stream: nothing is cut, the columns before the call keep their places. */
export function decisionLine(found: FoundRecord, zone: Zone): string {
  const [time = "", decision = "", tier = "", tool = "", call = "", rule = ""] = cells(found, zone);
  const line = [time, decision.padEnd(17), tier.padEnd(11), tool.padEnd(10), call, rule === "" ? "" : `[${rule}]`];
  return line.join("  ").trimEnd();
}

/** Outcomes and session marks are shown with --all only: people ask what was decided. */
export function isDecisionRecord({ record }: FoundRecord): boolean {
  return record.decision !== undefined;
}

/** The record with its place, for machines. */
export function recordWithPlace({ record, at }: FoundRecord): Readonly<Record<string, unknown>> {
  return { ...record, at: `${at.file}:${at.offset}` };
}

/** Enough of a UUID to name it, all of what is short. */
function shortSession(id: string): string {
  return id.length <= SHORT_ID ? id : id.slice(0, 8);
}

function cells({ record, timeMs, at }: FoundRecord, zone: Zone): string[] {
  const time = localTimestamp(timeMs, zone).slice(0, 19).replace("T", " ");
  const texts = [
    record.decision ?? record.event,
    record.tier ?? "",
    record.tool_name ?? "",
    subjectOf(record),
    record.rule_id ?? "",
    shortSession(record.session_id),
    record.id,
    record.permission_mode ?? "",
    record.project ?? record.cwd ?? "",
    `${at.file.slice(at.file.lastIndexOf("/") + 1)}:${at.offset}`,
  ];
  return [time, ...texts.map((text) => safeText(text).replace(/\s+/g, " "))];
}
