/** The rule set over time: every change that was recorded, and what was decided under each policy (US-17). */
import { count, rowsOf } from "../cubes/fold.js";
import type { Chart, Row } from "../report/report.schema.js";
import { compareBytes, samplesOf, share, timeOf, total } from "../report/shape.js";
import { buildTable, rowTable } from "./build-table.js";
import { daysBetween } from "./days.js";
import {
  CALL_COLUMNS,
  COVERED,
  callCells,
  code,
  covered,
  FIRST,
  figure,
  keyCell,
  LAST,
  whenCells,
} from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const trust: SectionDefinition = {
  id: "trust",
  build(context) {
    const { cubes, history } = context;
    const policies = rowsOf(cubes, "policies")
      .filter((row) => row.keys.policy !== "")
      .toSorted(
        (a, b) => count(b, "first") - count(a, "first") || compareBytes(a.keys.policy ?? "", b.keys.policy ?? ""),
      );
    const changes = timeline(context);
    return {
      title: "Trust",
      about: "How the rules came to be what they are, and what each version of them decided.",
      figures: {
        policies: figure("policies", policies.length, "distinct policies that judged a call in this window"),
        changes: figure("changes", changes.length, "rules promoted, revoked, blocked or reviewed, policies changed"),
      },
      charts: { changes: changesByDay(context) },
      tables: {
        changes: rowTable(context, {
          title: "Changes",
          about: "From the log and from the history of promoted rules, newest first.",
          columns: {
            time: { label: "time", unit: "time", definition: "of the newest record of this change", priority: 0 },
            event: code("change"),
            rule: code("rule"),
            policy: code("policy", "hash", 3),
            records: { label: "records", unit: "count", definition: "records of this change", priority: 4 },
            why: code("why", "as recorded", 1),
            by: code("by", "who did it", 2),
          },
          rows: changes,
        }),
        policies: buildTable(context, {
          title: "Decided under each policy",
          about: "The newest policy first.",
          columns: {
            policy: code("policy", "hash"),
            first: { ...FIRST, priority: 1 },
            last: LAST,
            ...CALL_COLUMNS,
            covered: COVERED,
            asked_share: { label: "asked", unit: "share", definition: "asked / decisions", priority: 2 },
          },
          rows: policies,
          cells: (row) => ({
            policy: keyCell(row.keys.policy),
            ...whenCells(row, context.zone),
            ...callCells(row),
            covered: covered(row),
            asked_share: share(count(row, "asked"), count(row, "calls")),
          }),
        }),
      },
      notes: [
        ...(policies.length === 0 ? ["No record names the policy that judged it."] : []),
        ...(history !== undefined && history.unusable > 0
          ? [`${history.unusable} lines of the history could not be used.`]
          : []),
      ],
    };
  },
};

const CHANGE_TONES: Readonly<Record<string, Chart["series"][number]["tone"]>> = {
  rule_promoted: "good",
  rule_revoked: "notice",
  PromotionBlocked: "bad",
};

function changesByDay({ cubes }: SectionContext): Chart {
  const rows = rowsOf(cubes, "changes_by_day");
  const events = [...new Set(rows.map(({ keys }) => keys.event ?? ""))].toSorted(compareBytes);
  const calls = (day: string, event: string) =>
    total(rows.filter(({ keys }) => keys.day === day && keys.event === event));
  return {
    kind: "timeline",
    title: "Changes by day",
    unit: "count",
    series: events.map((label) => ({ label, tone: CHANGE_TONES[label] ?? "quiet" })),
    points: daysBetween(rows.map(({ keys }) => keys.day ?? "")).map((day) => ({
      label: day,
      values: events.map((event) => calls(day, event)),
    })),
  };
}

function timeline({ cubes, zone, history }: SectionContext): Row[] {
  const { since = -Infinity, until = Infinity } = cubes.window;
  const logged = rowsOf(cubes, "changes").map((row) => ({
    timeMs: count(row, "last"),
    event: row.keys.event ?? "",
    rule: row.keys.rule ?? "",
    policy: row.keys.policy ?? "",
    records: count(row, "calls"),
    why: row.samples[0]?.reason ?? "",
    by: "",
    samples: samplesOf(row, zone),
  }));
  const known = new Set(logged.map(({ event, rule }) => `${event}\0${rule}`));
  const kept = (history?.entries ?? [])
    .filter(({ timeMs }) => timeMs >= since && timeMs < until)
    // What the log tells too is one change, not two.
    .filter(({ event, rule }) => !known.has(`${event}\0${rule}`))
    .map(({ reason, ...entry }) => ({ ...entry, policy: "", records: 1, why: reason, samples: [] }));
  return [...logged, ...kept]
    .toSorted((a, b) => b.timeMs - a.timeMs || compareBytes(a.event, b.event) || compareBytes(a.rule, b.rule))
    .map(({ timeMs, event, rule, policy, records, why, by, samples }) => ({
      cells: {
        time: timeOf(timeMs, zone),
        event,
        rule: keyCell(rule),
        policy: keyCell(policy),
        records,
        why: keyCell(why),
        by: keyCell(by),
      },
      samples,
      filter: {},
    }));
}
