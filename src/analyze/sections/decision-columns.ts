/** The columns and cells that every table of calls shares, so that a word means one thing throughout a report. */
import type { MeasureName } from "../cubes/definitions.js";
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import { PROMPTS_SAVED_DEFINITION } from "../cubes/prompts-saved.js";
import type { CubeRow } from "../cubes/table.js";
import type { Column, Figure, Value } from "../report/report.schema.js";
import { share, timeOf, total } from "../report/shape.js";
import { instantOf, localTimestamp, type Zone } from "../zone.js";

export const DEFINITIONS = {
  calls: "tool calls decided, one for each session, agent and tool_use_id; copies within ten minutes count once",
  approved: "decision allow or rerouted",
  asked: "decision ask",
  blocked: "decision deny",
  left_alone: "decision passthrough: Claude Code's own flow went on",
  unsafe: "decision error_passthrough: something broke and the setting let the call through",
  covered: "share of calls that a deterministic rule decided",
  succeeded: "calls whose tool reported success",
  failed: "calls whose tool ran and failed",
  prompts: "permission dialogs (PermissionRequest records) in sessions not known to be headless",
  refused:
    "calls the user refused: as a transcript tells, else inferred from a call that was asked about and did not run before the turn ended",
  rejected: "calls that were asked about and did not run before the turn ended: the user said no or interrupted",
  saved: PROMPTS_SAVED_DEFINITION,
} as const;

const counted = (label: string, definition: string, priority: number): Column => ({
  label,
  unit: "count",
  definition,
  priority,
});

export const CALL_COLUMNS = {
  calls: counted("calls", DEFINITIONS.calls, 0),
  approved: counted("approved", DEFINITIONS.approved, 1),
  asked: counted("asked", DEFINITIONS.asked, 1),
  blocked: counted("blocked", DEFINITIONS.blocked, 1),
  left_alone: counted("left alone", DEFINITIONS.left_alone, 2),
  unsafe: counted("unsafe", DEFINITIONS.unsafe, 5),
} as const satisfies Record<string, Column>;

/** Cells of CALL_COLUMNS. */
export function callCells(row: CubeRow): Record<keyof typeof CALL_COLUMNS, number> {
  return {
    calls: count(row, "calls"),
    approved: count(row, "approved"),
    asked: count(row, "asked"),
    blocked: count(row, "blocked"),
    left_alone: count(row, "left_alone"),
    unsafe: count(row, "unsafe"),
  };
}

export const COVERED: Column = {
  label: "by rules",
  unit: "share",
  definition: DEFINITIONS.covered,
  priority: 3,
};

export function covered(row: CubeRow): number | null {
  return share(count(row, "by_rule"), count(row, "calls"));
}

export const FAILED: Column = counted("failed", DEFINITIONS.failed, 4);

/** Failures, or `null` when no outcome of these calls is known at all. */
export function failures(row: CubeRow): number | null {
  const failed = count(row, "failed");
  return failed + count(row, "succeeded") === 0 ? null : failed;
}

export const FIRST: Column = { label: "first", unit: "time", definition: "time of the oldest", priority: 6 };
export const LAST: Column = { label: "last", unit: "time", definition: "time of the newest", priority: 3 };

export function whenCells(row: CubeRow, zone: Zone): { first: string | null; last: string | null } {
  return { first: at(row, "first", zone), last: at(row, "last", zone) };
}

function at(row: CubeRow, measure: MeasureName, zone: Zone): string | null {
  return timeOf(row.values[measure] ?? null, zone);
}

export function code(label: string, definition = "", priority = 0): Column {
  return { label, unit: "code", definition, priority };
}

export function figure(
  label: string,
  value: Value,
  definition: string,
  { unit = "count", basis = "counted" }: Partial<Pick<Figure, "unit" | "basis">> = {},
): Figure {
  return { label, value, unit, definition, basis };
}

/** What the user refused: told by transcripts, else inferred; "no data" when neither could know. */
export function refusedByUser(cubes: Cubes): Figure {
  const told = total(rowsOf(cubes, "deciders").filter(({ keys }) => keys.decision === "deny" && keys.tier === "user"));
  const inferred = total(rowsOf(cubes, "rejections"));
  const isKnown = cubes.live > 0 || told > 0;
  return figure("refused by the user", isKnown ? told + inferred : null, DEFINITIONS.refused, {
    basis: cubes.live > 0 ? "inferred" : "counted",
  });
}

/** A key as a cell: an absent one is "no data". */
export function keyCell(key: string | undefined): Value {
  return key === undefined || key === "" ? null : key;
}

/** The limits of a local day, for `list`: exact in whatever zone that prints. */
export function dayFilter(day: string | undefined, zone: Zone): Readonly<Record<string, string>> {
  return limits(`${day ?? ""}T00:00:00Z`, DAY, zone);
}

/** The same of the week that begins with a local day. */
export function weekFilter(day: string, zone: Zone): Readonly<Record<string, string>> {
  return limits(`${day}T00:00:00Z`, 7 * DAY, zone);
}

/** The same of an hour of a local day. */
export function hourFilter(
  day: string | undefined,
  hour: string | undefined,
  zone: Zone,
): Readonly<Record<string, string>> {
  return limits(`${day ?? ""}T${hour ?? ""}:00:00Z`, HOUR, zone);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** No limits for a key that is no day. */
function limits(wall: string, length: number, zone: Zone): Readonly<Record<string, string>> {
  const start = Date.parse(wall);
  return Number.isNaN(start) ? {} : { since: moment(start, zone), until: moment(start + length, zone) };
}

function moment(wallMs: number, zone: Zone): string {
  return localTimestamp(instantOf(wallMs, zone), zone).replace(".000", "");
}
