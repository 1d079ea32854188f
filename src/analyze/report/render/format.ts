/** A value of the Report as people read it. The same text in every format; escaping is the sink's work. */

import type { Column, Report, Row, Table, Unit, Value } from "../report.schema.js";
import { grouped, plural } from "../shape.js";

/** What stands for "nothing is known" in a table cell; every header explains it. */
export const NO_DATA = "–";
const NAMED_FILES = 4;

export function formatValue(value: Value, unit: Unit): string {
  if (value === null) return NO_DATA;
  if (typeof value === "string") return unit === "time" ? clock(value) : value;
  switch (unit) {
    case "share":
      return percent(value);
    case "us":
      return duration(value / 1000);
    case "ms":
      return duration(value);
    case "count":
    case "time":
    case "text":
    case "code":
    case "command":
    case "rule":
      return grouped(value);
    default:
      return unit satisfies never;
  }
}

/** `12.3 %`; what is not nothing or not all never reads as if it were. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return "<0.1 %";
  if (share < 1 && share > 0.999) return ">99.9 %";
  return `${(share * 100).toFixed(1)} %`;
}

/** `340 µs`, `1.2 ms`, `3.4 s`, `5.6 min`, `2.1 h` */
function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${short(ms)} ms`;
  if (ms < 60_000) return `${short(ms / 1000)} s`;
  if (ms < 3_600_000) return `${short(ms / 60_000)} min`;
  return `${short(ms / 3_600_000)} h`;
}

function short(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** `2026-11-21 09:42:11`, in the report's zone. */
function clock(timestamp: string): string {
  return timestamp.slice(0, 19).replace("T", " ");
}

/** The lines above every rendering: window, zone, files. */
export function headerLines(report: Report): string[] {
  const { window, zone, files } = report;
  const offsets = zone.offsets.filter((offset) => offset !== "+00:00" || zone.name !== "UTC").join(", ");
  const asked = `${window.since === null ? "the beginning" : clock(window.since)} to ${window.until === null ? "now" : clock(window.until)}`;
  const filter = Object.entries(report.filter).map(([name, text]) => `${name} = ${text}`);
  return [
    `Window: ${asked}; times in ${zone.name}${offsets === "" ? "" : ` (${offsets})`}.`,
    window.first === null || window.last === null
      ? "No record in this window."
      : `Records from ${clock(window.first)} to ${clock(window.last)}.`,
    ...(filter.length === 0 ? [] : [`Only calls with ${filter.join(", ")}.`]),
    `Read: ${plural(report.completeness.lines, "line")} of ${filesRead(files)}.`,
    ...sourceLine(report),
    ...(Object.values(report.sections).some(({ tables }) =>
      Object.values(tables).some(({ rows }) => hasListFlags(rows)),
    )
      ? [`To see the records behind a row: ${listCommand(report)} and the row's own flags.`]
      : []),
    `Generated ${clock(report.generated_at)} by claude-permit ${report.engine_version}. ${NO_DATA} means no data.`,
  ];
}

/** What a fleet's report was counted from, and how whole that is. */
function sourceLine({ completeness: { source } }: Report): string[] {
  if (source === undefined) return [];
  const { machines, logs, rows, duplicates, logs_with_gaps: broken } = source;
  const whole = broken === 0 ? "no gap in any log" : `gaps in ${plural(broken, "log")}`;
  const parts = [plural(machines, "machine"), plural(logs, "log"), plural(rows, "row"), whole];
  const held = source.waiting_bytes === 0 ? "" : ` The machines still held ${plural(source.waiting_bytes, "byte")}.`;
  return [`Shipped: ${parts.join(", ")}; ${plural(duplicates, "duplicate")} left out.${held}`];
}

/** The first files by name, the others by number: a rotated log has hundreds. */
export function filesRead(files: readonly string[]): string {
  if (files.length === 0) return "no file";
  const more = files.length - NAMED_FILES;
  return more <= 1 ? files.join(", ") : `${files.slice(0, NAMED_FILES).join(", ")} and ${more} more files`;
}

/** What left the machine, and what did not; "" for forms that stay here. */
export function redactionLine({ redacted }: Report): string {
  if (redacted === undefined)
    return "Nothing was taken out for sharing: folders, user and host names stand as recorded.";
  const { homes, names, secrets } = redacted;
  const counts = `${plural(homes, "home folder")}, ${plural(names, "user or host name")}, ${plural(secrets, "secret")}`;
  return `Made for sharing. Taken out: ${counts}. With --no-redact they stay.`;
}

/** The cells of a row that are lines to paste, under the row's name (its first cell). */
export function ruleTexts(
  row: Row,
  columns: Table["columns"],
): readonly { readonly name: string; readonly lines: readonly string[] }[] {
  const entries = Object.entries(columns);
  const [first = ""] = entries.filter(([, { unit }]) => unit === "code" || unit === "text").map(([id]) => id);
  return entries.flatMap(([id, { unit }]) => {
    const text = row.cells[id];
    if (unit !== "rule" || typeof text !== "string" || text === "") return [];
    return [{ name: formatValue(row.cells[first] ?? null, "code"), lines: text.trimEnd().split(/\r?\n/) }];
  });
}

/** What to add to `listCommand` to see the records behind a row; "" when no filter names them. */
export function listFlags(row: Row): string {
  const flags = Object.entries(row.filter);
  if (flags.some(([, text]) => text === "")) return "";
  return flags.map(([name, text]) => `--${name} ${shellWord(text)}`).join(" ");
}

/** The command that lists records of this report's window and filter. */
export function listCommand({ window, filter }: Report): string {
  const limits = { since: window.since, until: window.until, ...filter };
  const flags = Object.entries(limits).flatMap(([name, text]) =>
    text === null ? [] : [`--${name} ${shellWord(text)}`],
  );
  return ["claude-permit list", ...flags].join(" ");
}

export function hasListFlags(rows: readonly Row[]): boolean {
  return rows.some((row) => listFlags(row) !== "");
}

/** One word for a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export const LIST_FLAGS: Column = {
  label: "list …",
  unit: "command",
  definition: "what to add to the list command of the report's head to see the records behind a row",
  priority: 8,
};

/** `audit.jsonl:1234`: without its folder when the header's files tell which one it is. */
export function shortPlace(at: string, report: Report): string {
  const [, file = "", offset = ""] = /^(.*):(\d+)$/s.exec(at) ?? [];
  const name = baseName(file);
  const same = report.files.filter((one) => baseName(one) === name);
  return same.length === 1 ? `${name}:${offset}` : at;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
