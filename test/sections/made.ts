/** Cubes and reports of small logs made in a test. */
import { type Cubes, foldRecords } from "../../src/analyze/cubes/fold.js";
import { buildReport, type ReportMeta } from "../../src/analyze/report/build.js";
import { type Report, reportSchema, type Section, type Value } from "../../src/analyze/report/report.schema.js";
import type { Scanned, Window } from "../../src/analyze/scan/scan.js";
import { UTC } from "../../src/analyze/zone.js";
import { newestFirst, START } from "../cubes/log.js";

export const DAY = 86_400_000;

export function cubesOf(written: readonly Scanned[], window: Window = {}): Cubes {
  return foldRecords(newestFirst(written), { window, zone: UTC, now: START + 400 * DAY });
}

export const META: ReportMeta = { generatedAt: START, engineVersion: "0.1.0", zone: UTC, files: ["a"] };

export function reportOf(written: readonly Scanned[], more: Partial<ReportMeta> = {}): Report {
  return reportSchema.parse(buildReport(cubesOf(written), { ...META, ...more }));
}

export function sectionIn(report: Report, id: string): Section {
  const section = report.sections[id];
  if (section === undefined) throw new Error(`no section ${id}`);
  return section;
}

export function figuresIn(section: Section): Record<string, Value> {
  return Object.fromEntries(Object.entries(section.figures).map(([id, { value }]) => [id, value]));
}

/** Cells of a table, of the named columns only. */
export function cellsIn(section: Section, table: string, ...columns: readonly string[]): Value[][] {
  return (section.tables[table]?.rows ?? []).map((row) => columns.map((column) => row.cells[column] ?? null));
}
