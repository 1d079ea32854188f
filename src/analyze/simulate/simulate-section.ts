/** What-if as a section of a report: new access first, by rule, with the calls that show it. */
import type { Row } from "../report/report.schema.js";
import { compareBytes, grouped, plural, samplesOf } from "../report/shape.js";
import { rowTable } from "../sections/build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell } from "../sections/decision-columns.js";
import type { SectionContext, SectionDefinition } from "../sections/section.js";
import { DRIFTS } from "./drift.js";
import { UNKNOWABLE, type Unknowable } from "./replayable.js";
import type { DriftGroup, Simulated } from "./simulate.js";

export type NewAccess = "yes" | "no" | "unknown";

/** Whether a call of the window could do more than it did; `unknown` when calls there are could not be judged, all of them. */
export function newAccess({ groups, calls, unknowable }: Simulated): NewAccess {
  if (groups.some(({ drift }) => DRIFTS.find(({ kind }) => kind === drift)?.isAccess !== false)) return "yes";
  const unknown = [...unknowable.values()].reduce((sum, one) => sum + one, 0);
  return calls > 0 && unknown === calls ? "unknown" : "no";
}

/** @param simulated asked once the records have been read. @param policyName the other policy, for the reader. */
export function simulateSection(policyName: string, simulated: () => Simulated): SectionDefinition {
  return {
    id: "simulate",
    build(context) {
      const result = simulated();
      const { groups, calls, distinct, unchanged, unknowable, consults } = result;
      const sum = (kept: readonly DriftGroup[], count: (group: DriftGroup) => number) =>
        kept.reduce((total, group) => total + count(group), 0);
      const drifts = DRIFTS.map(({ kind, label, what }) => {
        const own = groups.filter(({ drift }) => drift === kind);
        return [
          kind.replaceAll("-", "_"),
          figure(
            label,
            sum(own, (group) => group.calls),
            what,
          ),
        ] as const;
      });
      const allowed = groups.filter(({ drift }) => drift === "newly-allowed");
      const asking = groups.filter(({ drift }) => drift === "newly-prompting");
      const lost = groups.filter(({ drift }) => drift === "no-longer-allowed");
      const access = newAccess(result);
      return {
        title: "What if",
        about: `The calls of this window under ${policyName}, beside what happened to them.`,
        figures: {
          new_access: figure("new access", access, "a call could do after the change what it could not before", {
            unit: "text",
          }),
          calls: figure("calls", calls, DEFINITIONS.calls),
          distinct: figure(
            "distinct calls judged",
            distinct,
            "those that differ in something the policy looks at, each judged once by the engine of the hook",
          ),
          unchanged: figure("unchanged", unchanged, "the same answer, or Claude Code's own flow as before"),
          unknowable: figure(
            "unknowable",
            [...unknowable.values()].reduce((total, one) => total + one, 0),
            "calls of which too little was kept to judge them again",
          ),
          ...Object.fromEntries(drifts),
          prompts_saved: figure(
            "prompts saved",
            sum(allowed, (group) => group.prompted),
            "newly allowed calls that somebody was asked about",
          ),
          prompts_caused: figure(
            "prompts caused",
            sum(asking, (group) => group.calls) + sum(lost, (group) => group.spared),
            "newly prompting calls, and calls no longer allowed that Claude Code would have asked about",
            { basis: "estimated" },
          ),
          consults: figure("for the model", consults, "calls no rule would decide and a model would be asked about"),
        },
        charts: {},
        tables: { drift: driftTable(context, groups), unknowable: unknowableTable(context, unknowable) },
        notes: notesOf(result),
      };
    },
  };
}

function driftTable(context: SectionContext, groups: readonly DriftGroup[]) {
  const order = (group: DriftGroup) => DRIFTS.findIndex(({ kind }) => kind === group.drift);
  const sorted = groups.toSorted(
    (a, b) =>
      order(a) - order(b) ||
      b.calls - a.calls ||
      compareBytes(a.rule, b.rule) ||
      compareBytes(a.tool, b.tool) ||
      compareBytes(a.before, b.before),
  );
  return rowTable(context, {
    title: "What changes",
    about: "New access first. The rule is the one that would decide; where none would, the one that did.",
    columns: {
      change: code("change"),
      rule: code("rule"),
      tool: code("tool", "", 2),
      before: code("was", "what happened", 1),
      after: code("would be", "", 1),
      calls: CALL_COLUMNS.calls,
      sessions: { label: "sessions", unit: "count", definition: "distinct sessions", priority: 3 },
      prompted: { label: "prompted", unit: "count", definition: "calls somebody was asked about", priority: 2 },
      refused: { label: "refused", unit: "count", definition: "calls a person said no to (inferred)", priority: 2 },
      call: code("call", "the newest one", 0),
      source: code("source", "where the rule stands", 4),
    },
    rows: sorted.map(
      (group): Row => ({
        cells: {
          change: DRIFTS.find(({ kind }) => kind === group.drift)?.label ?? group.drift,
          rule: keyCell(group.rule),
          tool: keyCell(group.tool),
          before: group.before,
          after: group.after,
          calls: group.calls,
          sessions: group.sessions.size,
          prompted: group.prompted,
          refused: group.refused,
          call: keyCell(group.samples[0]?.subject),
          source: keyCell(group.ruleSource),
        },
        samples: samplesOf({ keys: {}, values: {}, samples: group.samples }, context.zone),
        filter: { tool: group.tool },
      }),
    ),
  });
}

function unknowableTable(context: SectionContext, unknowable: ReadonlyMap<Unknowable, number>) {
  const rows = [...unknowable].toSorted(([a, m], [b, n]) => n - m || compareBytes(a, b));
  return rowTable(context, {
    title: "Not judged",
    about: "Counted, not guessed.",
    columns: { why: { label: "why", unit: "text", definition: "", priority: 0 }, calls: CALL_COLUMNS.calls },
    rows: rows.map(([why, calls]): Row => ({ cells: { why: UNKNOWABLE[why], calls }, samples: [], filter: {} })),
  });
}

function notesOf({ groups, unknowable, calls }: Simulated): string[] {
  const unknown = [...unknowable.values()].reduce((sum, one) => sum + one, 0);
  const refused = groups
    .filter(({ drift }) => drift === "newly-allowed")
    .reduce((sum, group) => sum + group.refused, 0);
  return [
    ...(refused > 0 ? [`${plural(refused, "call")} that a person refused would be allowed.`] : []),
    ...(unknown > 0
      ? [`${grouped(unknown)} of ${plural(calls, "call")} could not be judged: nothing is said of them.`]
      : []),
    ...(calls === 0 ? ["There is no call in this window: nothing was tried."] : []),
  ];
}
