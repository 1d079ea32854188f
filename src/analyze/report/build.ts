/** Cubes -> Report: the header, the account of completeness, and the chosen sections. Pure; every format renders its result. */
import type { Policy } from "../../core/policy/policy.js";
import type { Cubes } from "../cubes/fold.js";
import type { Completeness } from "../engine/completeness.js";
import type { RecordFilter } from "../scan/scan.js";
import { completenessNotes } from "../sections/quality.js";
import { SECTIONS } from "../sections/registry.js";
import type { SectionContext, SectionDefinition } from "../sections/section.js";
import { localTimestamp, offsetName, type Zone } from "../zone.js";
import type { Report, Section } from "./report.schema.js";
import { type Retired, retiredNotes } from "./retired.js";
import { timeOf } from "./shape.js";
import { sourceAccount, sourceNotes } from "./source-account.js";

const DAY = 86_400_000;
/** Rows a table keeps in the Report unless asked otherwise; terminal and Markdown show fewer. */
const ROWS = 100;

export interface ReportMeta {
  /** Milliseconds since the epoch. */
  readonly generatedAt: number;
  readonly engineVersion: string;
  readonly zone: Zone;
  /** Files read, as named to the user. */
  readonly files: readonly string[];
  readonly filter?: RecordFilter;
  readonly policy?: Policy;
  /** Rows a table keeps. */
  readonly limit?: number;
  /** How whole the engine's rows are, when they came from one. */
  readonly source?: Completeness;
  /** What is no longer in the log. */
  readonly retired?: readonly Retired[];
  /** What only some sections need; without it they say so. */
  readonly evidence?: Pick<
    SectionContext,
    "previous" | "replay" | "history" | "gaps" | "possible" | "suggestions" | "redundant"
  >;
}

export function buildReport(cubes: Cubes, meta: ReportMeta, sections: readonly SectionDefinition[] = SECTIONS): Report {
  const { zone, policy, limit = ROWS, evidence } = meta;
  const context = { cubes, zone, limit, ...(policy === undefined ? {} : { policy }), ...evidence };
  const { quality, window } = cubes;
  const notes = [
    ...(meta.source === undefined ? [] : sourceNotes(meta.source)),
    ...completenessNotes(quality),
    ...retiredNotes(meta.retired ?? [], window),
  ];
  return {
    report: "claude-permit",
    version: 1,
    engine_version: meta.engineVersion,
    generated_at: localTimestamp(meta.generatedAt, zone),
    window: {
      since: timeOf(window.since ?? null, zone),
      until: timeOf(window.until ?? null, zone),
      first: timeOf(cubes.first, zone),
      last: timeOf(cubes.last, zone),
    },
    zone: { name: zone.name, offsets: offsetsBetween(cubes.first, cubes.last, zone) },
    filter: filterTexts(meta.filter ?? {}),
    files: [...meta.files],
    completeness: {
      complete: notes.length === 0,
      lines: quality.lines,
      records: quality.records,
      unusable: quality.unusable,
      notes,
      ...(meta.source === undefined ? {} : { source: sourceAccount(meta.source) }),
    },
    sections: Object.fromEntries(sections.map((section): [string, Section] => [section.id, section.build(context)])),
  };
}

function offsetsBetween(first: number | null, last: number | null, zone: Zone): string[] {
  if (first === null || last === null) return [];
  const offsets = new Set<string>();
  for (let at = first; at < last; at += DAY) offsets.add(offsetName(zone.offsetAt(at)));
  return [...offsets.add(offsetName(zone.offsetAt(last)))];
}

function filterTexts({ session, tool, decision, tier, rule, project }: RecordFilter): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries({ session, tool, decision, tier, rule, project })) {
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}
