/** The security digest of a period as sections of a Report: what the model flagged, what was blocked, what is new, what changed (US-16). */
import { differenceTable } from "../compare/difference-table.js";
import { differences, inWords } from "../compare/differences.js";
import { count, rowsOf } from "../cubes/fold.js";
import { briefReport } from "../report/brief.js";
import type { Report, Section, Table } from "../report/report.schema.js";
import { largestFirst, share, total } from "../report/shape.js";
import { anomalies } from "../sections/anomalies.js";
import { buildTable } from "../sections/build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell, LAST, whenCells } from "../sections/decision-columns.js";
import { denials } from "../sections/denials.js";
import { highlights } from "../sections/highlights.js";
import { llm } from "../sections/llm.js";
import { quality } from "../sections/quality.js";
import { reroutes } from "../sections/reroutes.js";
import { scorecard } from "../sections/scorecard.js";
import type { SectionContext, SectionDefinition } from "../sections/section.js";
import { trust } from "../sections/trust.js";
import type { Period } from "./period.js";

/** Ids of a digest's sections. */
export type DigestPart =
  | "digest"
  | "highlights"
  | "denials"
  | "anomalies"
  | "reroutes"
  | "trust"
  | "llm"
  | "scorecard"
  | "quality";

/** The sections of a digest, in the order of reading. */
export function digestSections(period: Period): readonly SectionDefinition[] {
  const digest = {
    id: "digest",
    comparesWindows: true,
    build: (context: SectionContext) => digestSection(context, period),
  };
  return [digest, highlights, denials, anomalies, reroutes, trust, llm, scorecard, quality];
}

/** Of a period in which nothing happened, what there is to read of it; any other digest as it is. */
export function withoutSilence(report: Report): Report {
  const { figures = {} } = report.sections["digest"] ?? {};
  const isSilent = ["decisions", "changes", "unusable"].every((name) => figures[name]?.value === 0);
  return isSilent ? briefReport(report, { digest: { figures: ["decisions"] } }) : report;
}

function digestSection(context: SectionContext, { kind, name }: Period): Section {
  const { cubes, previous } = context;
  const all = rowsOf(cubes, "totals")[0];
  const calls = count(all, "calls");
  const consulted = rowsOf(cubes, "verdicts");
  const scored = (score: string) => total(consulted.filter((row) => row.keys.llm === score));
  const failed = total(rowsOf(cubes, "llm_errors"));
  const changes = (event?: string) =>
    total(rowsOf(cubes, "changes").filter((row) => event === undefined || row.keys.event === event));
  const verdict = (score: string) =>
    figure(score, total(consulted) === 0 ? null : scored(score), `calls the model scored ${score}`);
  const odd = anomalies.build(context).figures;
  return {
    title: "Digest",
    about: `The ${kind} that begins on ${name}, against the ${kind} before.`,
    figures: {
      decisions: figure("decisions", calls, DEFINITIONS.calls),
      red: verdict("RED"),
      yellow: verdict("YELLOW"),
      blocked: figure("blocked", count(all, "blocked"), DEFINITIONS.blocked),
      unsafe: figure("unsafe", count(all, "unsafe"), DEFINITIONS.unsafe),
      promotions: figure("promotions", changes("rule_promoted"), "rule_promoted records"),
      changes: figure(
        "rule changes",
        changes(),
        "records of promoted, revoked, blocked, reviewed rules and new policies",
      ),
      reroutes: figure("reroutes", total(rowsOf(cubes, "reroutes")), "calls with an alternative"),
      ...(odd["new_programs"] === undefined ? {} : { new_programs: odd["new_programs"] }),
      ...(odd["new_domains"] === undefined ? {} : { new_domains: odd["new_domains"] }),
      ...(odd["bursts"] === undefined ? {} : { bursts: odd["bursts"] }),
      llm_failed: figure(
        "model failures",
        share(failed, total(consulted)),
        "share of consultations without a verdict",
        {
          unit: "share",
        },
      ),
      unusable: figure("unusable lines", cubes.quality.unusable, "lines that are no record"),
    },
    charts: {},
    tables: {
      alarms: alarmTable(context),
      ...(previous === undefined
        ? {}
        : { before: differenceTable(context, differences(previous, cubes), "Period over period", "before", "now") }),
    },
    notes: digestNotes(context, kind, calls),
  };
}

function digestNotes({ cubes, previous }: SectionContext, kind: string, calls: number): string[] {
  if (calls === 0) {
    return [
      `Nothing was decided in this ${kind}: no record of a decision is in the log.`,
      "`claude-permit status` tells whether the hook is wired, `claude-permit list` what was recorded last.",
    ];
  }
  if (previous === undefined || count(rowsOf(previous, "totals")[0], "calls") === 0) {
    return [`Nothing was decided in the ${kind} before: there is nothing to compare.`];
  }
  const words = inWords(differences(previous, cubes), `the ${kind} before`, `this ${kind}`);
  return words.length > 0 ? words : [`Nothing differs from the ${kind} before by more than chance.`];
}

function alarmTable(context: SectionContext): Table {
  return buildTable(context, {
    title: "Flagged by the model",
    about: "RED and YELLOW verdicts.",
    explained: true,
    columns: {
      llm: code("verdict"),
      tool: code("tool"),
      decision: code("decision"),
      calls: CALL_COLUMNS.calls,
      last: LAST,
      call: code("call", "the newest one", 1),
    },
    rows: largestFirst(rowsOf(context.cubes, "alarms"), ["llm", "tool", "decision"]).toSorted(
      (a, b) => Number(b.keys.llm === "RED") - Number(a.keys.llm === "RED"),
    ),
    cells: (row) => ({
      llm: keyCell(row.keys.llm),
      tool: keyCell(row.keys.tool),
      decision: keyCell(row.keys.decision),
      calls: count(row, "calls"),
      last: whenCells(row, context.zone).last,
      call: keyCell(row.samples[0]?.subject),
    }),
    filter: ({ keys }) => ({ tool: keys.tool ?? "", decision: keys.decision ?? "", score: keys.llm ?? "" }),
  });
}
