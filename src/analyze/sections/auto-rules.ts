/** Rules that came from verdicts: what each allows, what it came from, how often it hit, whether it was contradicted (US-11). */
import type { Rule } from "../../core/policy/policy.js";
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Row } from "../report/report.schema.js";
import { compareBytes, groupRows, samplesOf } from "../report/shape.js";
import { addRows } from "./add-rows.js";
import { rowTable } from "./build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell, LAST, whenCells } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const autoRules: SectionDefinition = {
  id: "auto-rules",
  build(context) {
    const { cubes, policy } = context;
    const inForce = policy?.rules.filter((rule) => rule.layer === "auto") ?? null;
    const hits = groupRows(
      rowsOf(cubes, "rules").filter((row) => row.keys.tier === "auto"),
      "rule",
    );
    const changes = rowsOf(cubes, "changes");
    const of = (event: string) => changes.filter((row) => row.keys.event === event);
    const sum = (rows: readonly CubeRow[]) => rows.reduce((all, row) => all + count(row, "calls"), 0);
    const ids = new Set([...(inForce ?? []).map(({ id }) => id), ...hits.keys()]);
    const rules = new Map(inForce?.map((rule) => [rule.id, rule]) ?? []);
    const rows = [...ids].map((id) => autoRule(context, id, rules.get(id), addRows(hits.get(id) ?? [])));
    rows.sort(
      (a, b) =>
        Number(b.cells["hits"]) - Number(a.cells["hits"]) ||
        compareBytes(String(a.cells["rule"]), String(b.cells["rule"])),
    );
    return {
      title: "Auto-rules",
      about: "Rules promoted from verdicts. `claude-permit rules show RULE` has the whole of one.",
      figures: {
        in_force: figure("in force", inForce?.length ?? null, "rules of auto-rules.toml in force now"),
        hits: figure(
          "hits",
          sum([...hits.values()].flat()),
          "calls an auto-rule decided or of which it covered a part",
        ),
        unused: figure(
          "unused",
          inForce?.filter(({ id }) => !hits.has(id)).length ?? null,
          "auto-rules in force without a hit in this window",
        ),
        promoted: figure("promoted", sum(of("rule_promoted")), "rule_promoted records in this window"),
        revoked: figure("revoked", sum(of("rule_revoked")), "rule_revoked records in this window"),
        blocked: figure("promotions blocked", sum(of("PromotionBlocked")), "PromotionBlocked records in this window"),
      },
      charts: {},
      tables: {
        rules: rowTable(context, {
          title: "Auto-rules by hits",
          about: "",
          columns: {
            rule: code("rule"),
            hits: { ...CALL_COLUMNS.calls, label: "hits", definition: "calls it decided or covered a part of" },
            rejected: { label: "refused", unit: "count", definition: `inferred: ${DEFINITIONS.rejected}`, priority: 1 },
            failed: { label: "failed", unit: "count", definition: DEFINITIONS.failed, priority: 3 },
            last: LAST,
            promoted: { label: "promoted", unit: "time", definition: "when the rule was made", priority: 2 },
            score: code("score", "of the verdict it came from", 3),
            why: code("why", "the verdict's reasoning", 4),
            state: { label: "state", unit: "text", definition: "in force now, or gone", priority: 1 },
          },
          rows,
        }),
      },
      notes: [
        ...(inForce === null ? ["No policy was given: which auto-rules are in force is not known."] : []),
        ...(rows.length === 0
          ? ["No rule came from a verdict, in this window or in force: nothing was promoted."]
          : []),
      ],
    };
  },
};

function autoRule({ zone, policy }: SectionContext, id: string, rule: Rule | undefined, hits: CubeRow): Row {
  const provenance = rule?.provenance;
  const state = policy === undefined ? null : rule === undefined ? "gone" : "in force";
  return {
    cells: {
      rule: id,
      hits: count(hits, "calls"),
      rejected: count(hits, "rejected"),
      failed: count(hits, "failed"),
      last: whenCells(hits, zone).last,
      promoted: provenance?.promotedAt ?? null,
      score: keyCell(provenance?.promotedTier),
      why: keyCell(provenance?.promotedReasoning),
      state,
    },
    samples: samplesOf(hits, zone),
    filter: { rule: id },
  };
}
