/** How often each rule was hit and when last; which rules of the policy were never hit in this window. */
import type { Rule } from "../../core/policy/policy.js";
import { rowsOf } from "../cubes/fold.js";
import type { Row, Table } from "../report/report.schema.js";
import { compareBytes, largestFirst, samplesOf } from "../report/shape.js";
import { buildTable, rowTable } from "./build-table.js";
import { CALL_COLUMNS, callCells, code, FIRST, figure, keyCell, LAST, whenCells } from "./decision-columns.js";
import type { AllowSeen } from "./replay.js";
import type { SectionContext, SectionDefinition } from "./section.js";

const HITS = "calls this rule decided or of which it covered a part; one call can hit several rules";

export const rules: SectionDefinition = {
  id: "rules",
  comparesWindows: true,
  build(context) {
    const { cubes, policy } = context;
    const rows = largestFirst(rowsOf(cubes, "rules"), ["rule", "tier"]);
    const hit = new Set(rows.map((row) => row.keys.rule ?? ""));
    const silent = policy?.rules.filter((rule) => !hit.has(rule.id)) ?? null;
    const shadowed = context.replay?.allows.filter(({ matched, overruled }) => matched === overruled) ?? null;
    return {
      title: "Rules",
      about: "Hits by rule. Rules of the policy that never hit say what could be removed, or what is misspelt.",
      figures: {
        hit: figure("rules hit", hit.size, "distinct rules with a hit"),
        never_hit: figure(
          "never hit",
          silent?.length ?? null,
          "rules of the policy in force without a hit in this window",
        ),
        shadowed: figure("shadowed", shadowed?.length ?? null, SHADOWED),
      },
      charts: {},
      tables: {
        hits: hitTable(context),
        ...(silent === null ? {} : { never_hit: silentTable(context, silent) }),
        ...(shadowed === null ? {} : { shadowed: shadowedTable(context, shadowed) }),
      },
      notes: policy === undefined ? ["No policy was given: rules that never hit are not known."] : [],
    };
  },
};

function hitTable(context: SectionContext): Table {
  return buildTable(context, {
    title: "Hits",
    about: HITS,
    columns: {
      rule: code("rule"),
      tier: code("kind", "the tier its calls were decided by", 1),
      ...CALL_COLUMNS,
      calls: { ...CALL_COLUMNS.calls, label: "hits", definition: HITS },
      first: FIRST,
      last: LAST,
      source: code("source", "where the rule stood when it last hit", 2),
    },
    rows: largestFirst(rowsOf(context.cubes, "rules"), ["rule", "tier"]),
    cells: (row) => ({
      rule: keyCell(row.keys.rule),
      tier: keyCell(row.keys.tier),
      ...callCells(row),
      ...whenCells(row, context.zone),
      source: keyCell(row.samples[0]?.ruleSource),
    }),
    filter: (row) => ({ rule: row.keys.rule ?? "" }),
    before: { cube: "rules", keys: ["rule", "tier"] },
  });
}

const SHADOWED = "allow rules of which every call judged again was decided by a stricter rule: evidence, not proof";

function shadowedTable(context: SectionContext, shadowed: readonly AllowSeen[]): Table {
  const rows = shadowed
    .toSorted((a, b) => b.matched - a.matched || compareBytes(a.rule, b.rule))
    .map(
      ({ rule, matched, witness }): Row => ({
        cells: {
          rule,
          calls: matched,
          by: keyCell(witness?.by),
          decision: keyCell(witness?.decision),
          call: keyCell(witness?.sample.subject),
        },
        samples: samplesOf({ keys: {}, values: {}, samples: witness === null ? [] : [witness.sample] }, context.zone),
        filter: {},
      }),
    );
  return rowTable(context, {
    title: "Shadowed",
    about: "Among the newest distinct calls of the window, judged again; the call is the newest witness.",
    columns: {
      rule: code("allow rule"),
      calls: { ...CALL_COLUMNS.calls, definition: "distinct calls it matched" },
      by: code("decided by"),
      decision: code("decision", "", 1),
      call: code("call", "", 1),
    },
    rows,
  });
}

function silentTable(context: SectionContext, silent: readonly Rule[]): Table {
  const rows = silent
    .toSorted((a, b) => compareBytes(a.id, b.id))
    .map(
      (rule): Row => ({
        cells: {
          rule: rule.id,
          kind: rule.kind,
          layer: rule.layer,
          source: rule.layer === "builtin" ? rule.source.file : `${rule.source.file}:${rule.source.line}`,
        },
        samples: [],
        filter: {},
      }),
    );
  return {
    title: "Never hit",
    about: "In this window and under any policy of that time.",
    columns: { rule: code("rule"), kind: code("kind"), layer: code("layer", "", 2), source: code("source", "", 1) },
    explained: false,
    rows: rows.slice(0, context.limit),
    total_rows: rows.length,
  };
}
