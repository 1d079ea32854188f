/** A Report cut down to what answers one question on one screen: named figures and tables, no charts. It adds nothing. */
import type { Report, Section } from "./report.schema.js";

/** Section -> what stays of it. */
export type Kept = Readonly<
  Record<string, { readonly figures?: readonly string[]; readonly tables?: readonly string[] }>
>;

/** Sections in the order of `kept`; a section that is not in the report, or has no row to show, is left out. */
export function briefReport(report: Report, kept: Kept): Report {
  const sections = Object.entries(kept).flatMap(([id, { figures = [], tables = [] }]): [string, Section][] => {
    const section = report.sections[id];
    if (section === undefined) return [];
    const part: Section = {
      ...section,
      figures: pick(section.figures, figures),
      tables: pick(section.tables, tables),
      charts: {},
    };
    const isEmpty = figures.length === 0 && Object.values(part.tables).every(({ rows }) => rows.length === 0);
    return isEmpty ? [] : [[id, part]];
  });
  return { ...report, sections: Object.fromEntries(sections) };
}

function pick<Value>(all: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(
    names.flatMap((name): [string, Value][] => {
      const value = all[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
