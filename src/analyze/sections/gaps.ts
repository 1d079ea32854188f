/** What no deterministic rule decided, and what made somebody be asked (US-9); largest cause of prompts first. */
import type { Cluster, Gaps } from "../gaps/clusters.js";
import { MANY } from "../gaps/gap-cells.js";
import type { Column, Row } from "../report/report.schema.js";
import { compareBytes, plural, samplesOf, share, timeOf } from "../report/shape.js";
import { rowTable } from "./build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell, LAST } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const gaps: SectionDefinition = {
  id: "gaps",
  build(context) {
    const found = context.gaps;
    const known = (value: (gaps: Gaps) => number | null) => (found === undefined ? null : value(found));
    return {
      title: "Gaps",
      about: "Calls that no deterministic rule decided. Calls that a passthrough rule left to Claude Code are no gaps.",
      figures: {
        calls: figure(
          "calls",
          known(({ calls }) => calls),
          DEFINITIONS.calls,
        ),
        gaps: figure(
          "gaps",
          known((all) => all.gaps),
          "calls decided by a model, by Claude Code, by a person or by nobody",
        ),
        gap_share: figure(
          "share of gaps",
          known((all) => share(all.gaps, all.calls)),
          "gaps of all calls",
          {
            unit: "share",
          },
        ),
        left_alone: figure(
          "left to Claude Code",
          known((all) => all.leftAlone),
          "gaps with decision passthrough",
        ),
        prompts: figure(
          "prompts",
          known(({ prompts }) => prompts),
          ASKED,
        ),
        prompts_by_gap: figure(
          "prompts by gaps",
          known((all) => all.promptsByGap),
          "of these, about calls without a rule",
        ),
        prompt_share: figure(
          "prompts by gaps, share",
          known((all) => share(all.promptsByGap, all.prompts)),
          "prompts that a rule could have spared or declared",
          { unit: "share" },
        ),
      },
      charts: {},
      tables: found === undefined ? {} : { gaps: gapTable(context, found), prompt_causes: causeTable(context, found) },
      notes: notesOf(found),
    };
  },
};

function notesOf(found: Gaps | undefined): string[] {
  if (found === undefined) return ["The records were not looked at for gaps."];
  const { judged, cells } = found;
  if (judged === cells) return [];
  return [
    `Only the ${plural(judged, "largest pattern")} were judged again; others are named by all of their commands.`,
  ];
}

const ASKED = "calls that somebody was asked about: a dialog was shown, our answer was ask, or a person answered";

const count = (label: string, definition: string, priority: number): Column => ({
  label,
  unit: "count",
  definition,
  priority,
});

const SHARED = {
  calls: CALL_COLUMNS.calls,
  prompts: count("prompts", ASKED, 0),
  refused: count("refused", "a person said no (inferred where no event says so)", 2),
  sessions: count("sessions", `distinct sessions; ${MANY} stands for ${MANY} and more`, 3),
  projects: count("projects", `distinct projects; ${MANY} stands for ${MANY} and more`, 4),
  risk: code("risk", "what the calls do, the most frequent first", 1),
};

function gapTable(context: SectionContext, { clusters }: Gaps) {
  return rowTable(context, {
    title: "What no rule decided",
    about: "By the commands that no rule covers, the folder or the host; most prompts first.",
    columns: {
      pattern: code("pattern"),
      tool: code("tool", "", 2),
      ...SHARED,
      decided_by: code("decided by", "who decided instead", 3),
      why: { label: "why", unit: "text", definition: "why no rule of the policy in force covers it", priority: 2 },
      rule_now: code("by now", "the rule of the policy in force that would decide the newest such call it decides", 4),
      last: LAST,
      call: code("call", "the newest one", 1),
    },
    rows: clusters.toSorted(mostPrompts).map((cluster): Row => {
      const { name, tool, deciders, why, ruleNow } = cluster;
      return {
        cells: {
          pattern: name,
          tool,
          ...sharedCells(cluster),
          decided_by: frequent(deciders),
          why: keyCell(why),
          rule_now: keyCell(ruleNow),
          last: timeOf(cluster.lastMs, context.zone),
          call: keyCell(cluster.samples[0]?.subject),
        },
        samples: samplesOf({ keys: {}, values: {}, samples: cluster.samples }, context.zone),
        filter: { tool },
      };
    }),
  });
}

function causeTable(context: SectionContext, { causes }: Gaps) {
  return rowTable(context, {
    title: "What made somebody be asked",
    about: "The rule that asked, or the gap that left it to Claude Code.",
    columns: {
      rule: code("rule", "no data: a gap"),
      pattern: code("pattern"),
      tool: code("tool", "", 2),
      ...SHARED,
      call: code("call", "the newest one", 1),
    },
    rows: causes.toSorted(mostPrompts).map((cluster): Row => {
      const { rule, name, tool, samples } = cluster;
      return {
        cells: {
          rule: keyCell(rule),
          pattern: name,
          tool,
          ...sharedCells(cluster),
          call: keyCell(samples[0]?.subject),
        },
        samples: samplesOf({ keys: {}, values: {}, samples }, context.zone),
        filter: rule === "" ? { tool } : { tool, rule },
      };
    }),
  });
}

function sharedCells({ calls, prompts, refused, sessions, projects, effects }: Cluster) {
  return {
    calls,
    prompts,
    refused,
    sessions: Math.min(sessions.size, MANY),
    projects: Math.min(projects.size, MANY),
    risk: frequent(effects),
  };
}

function mostPrompts(a: Cluster, b: Cluster): number {
  return (
    b.prompts - a.prompts ||
    b.calls - a.calls ||
    compareBytes(a.name, b.name) ||
    compareBytes(a.tool, b.tool) ||
    compareBytes(a.rule, b.rule)
  );
}

/** `network, reads`. */
function frequent(counts: ReadonlyMap<string, number>): string | null {
  const known = [...counts].filter(([key]) => key !== "");
  const sorted = known.toSorted(([a, m], [b, n]) => n - m || compareBytes(a, b));
  return sorted.length === 0 ? null : sorted.map(([key]) => key).join(", ");
}
