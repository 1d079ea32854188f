/** Which rows a statement counts: a window and a filter as conditions, and local time as integer arithmetic over the window's offsets. */
import { currentToolName } from "../../core/tool-call.js";
import type { RowKind } from "../fleet/row.js";
import type { RecordFilter, Window } from "../scan/scan.js";
import type { Zone } from "../zone.js";
import { type Dialect, inWindow, whole } from "./dialect.js";

const DAY = 86_400_000;
const SLOT = 15 * 60_000;

export interface Scope {
  readonly window: Window;
  readonly filter: RecordFilter;
  readonly offsets: readonly Offset[];
}

/** Local time is `ms` ahead of UTC before `until`; the last one has no end. */
export interface Offset {
  readonly until: number;
  readonly ms: number;
}

/** The offsets in force between two instants; more than one where clocks were changed. */
export function offsetsBetween(first: number, last: number, zone: Zone): Offset[] {
  const offsets: Offset[] = [];
  const end = Math.floor(last / SLOT) * SLOT;
  let at = Math.floor(first / SLOT) * SLOT;
  let ms = zone.offsetAt(at);
  while (at < end) {
    const next = Math.min(at + DAY, end);
    if (zone.offsetAt(next) !== ms) {
      const until = changeBetween(at, next, ms, zone);
      offsets.push({ until, ms });
      at = until;
      ms = zone.offsetAt(at);
    } else {
      at = next;
    }
  }
  return [...offsets, { until: Number.POSITIVE_INFINITY, ms }];
}

/** The first slot after `from` with another offset. */
function changeBetween(from: number, to: number, ms: number, zone: Zone): number {
  let [same, other] = [from / SLOT, to / SLOT];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (zone.offsetAt(middle * SLOT) === ms) same = middle;
    else other = middle;
  }
  return other * SLOT;
}

/** Milliseconds of the local wall clock as an expression over `time`. */
export function localTime(offsets: readonly Offset[]): string {
  const [first = { until: 0, ms: 0 }] = offsets;
  if (offsets.length < 2) return first.ms === 0 ? "time" : `(time + ${whole(first.ms)})`;
  const cases = offsets.slice(0, -1).map(({ until, ms }) => `WHEN time < ${whole(until)} THEN ${whole(ms)}`);
  return `(time + CASE ${cases.join(" ")} ELSE ${whole(offsets.at(-1)?.ms ?? 0)} END)`;
}

/** More than the days before 1970 that a time can tell: engines divide alike only from 0 on. */
const DAYS_BEFORE = 100_000_001;

/** Local days since 1970-01-01. */
export function localDay(offsets: readonly Offset[], { quotient }: Dialect): string {
  return `${quotient(`${localTime(offsets)} + ${whole(DAYS_BEFORE * DAY)}`, DAY)} - ${whole(DAYS_BEFORE)}`;
}

/** Local hour of the day, 0 to 23. */
export function localHour(offsets: readonly Offset[], { quotient }: Dialect): string {
  return `${quotient(`${localTime(offsets)} + ${whole(DAYS_BEFORE * DAY)}`, DAY / 24)} % 24`;
}

/** Conditions that are all to hold; `null` when no row of this kind can be wanted. */
export function conditions(kind: RowKind, { window, filter }: Scope, dialect: Dialect): string[] | null {
  const is = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`${column} = ${dialect.text(value)}`];
  const common = [`kind = ${dialect.text(kind)}`, ...inWindow(window), ...is("session", filter.session)];
  if (kind !== "call" && kind !== "prompt") return common;
  const narrowed = [...common, ...toolIs(filter, dialect), ...below(filter, dialect)];
  const { decision, tier, rule } = filter;
  if (kind === "call") {
    const ruled = rule === undefined ? [] : [dialect.holds("rules", dialect.text(rule))];
    return [...narrowed, ...is("decision", decision), ...is("tier", tier), ...ruled];
  }
  // A prompt is nobody's decision.
  return decision === undefined && tier === undefined && rule === undefined ? narrowed : null;
}

function toolIs({ tool }: RecordFilter, { text }: Dialect): string[] {
  return tool === undefined ? [] : [`tool = ${text(currentToolName(tool))}`];
}

function below({ project }: RecordFilter, { text, startsWith }: Dialect): string[] {
  if (project === undefined) return [];
  const folder = project.endsWith("/") ? project : `${project}/`;
  return [`(project = ${text(project)} OR ${startsWith("project", text(folder))})`];
}
