/** What was blocked and why: by whom, under which rule, with the reason given and places to look at; and what the user refused. */
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Table } from "../report/report.schema.js";
import { largestFirst, total } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import {
  CALL_COLUMNS,
  code,
  DEFINITIONS,
  FIRST,
  figure,
  keyCell,
  LAST,
  refusedByUser,
  whenCells,
} from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

const REFUSED = { ...CALL_COLUMNS.calls, label: "refused", definition: DEFINITIONS.rejected };

export const denials: SectionDefinition = {
  id: "denials",
  comparesWindows: true,
  build(context) {
    const { cubes } = context;
    const blocked = rowsOf(cubes, "denials");
    const refused = rowsOf(cubes, "rejections");
    return {
      title: "Denials",
      about: "Every blocked call has a decider and a reason; the newest ones are shown with their place in the log.",
      figures: {
        blocked: figure("blocked", total(blocked), DEFINITIONS.blocked),
        refused: refusedByUser(cubes),
      },
      charts: {},
      tables: {
        blocked: blockedTable(context, blocked),
        commands: blockedCommands(context),
        refused: refusedTable(context, refused),
      },
      notes: [],
    };
  },
};

function blockedTable(context: SectionContext, rows: readonly CubeRow[]): Table {
  return buildTable(context, {
    title: "Blocked",
    explained: true,
    about: "By rule and tool; reason and call are those of the newest one.",
    columns: {
      rule: code("rule", "no data: no rule of ours"),
      tier: code("by", "the tier that decided"),
      tool: code("tool"),
      calls: CALL_COLUMNS.calls,
      last: LAST,
      reason: code("reason", "as Claude read it", 1),
      call: code("call", "the newest one", 2),
      source: code("rule at", "", 4),
      first: FIRST,
    },
    rows: largestFirst(rows, ["rule", "tier", "tool"]),
    cells: (row) => ({
      rule: keyCell(row.keys.rule),
      tier: keyCell(row.keys.tier),
      tool: keyCell(row.keys.tool),
      calls: count(row, "calls"),
      ...whenCells(row, context.zone),
      reason: keyCell(row.samples[0]?.reason),
      call: keyCell(row.samples[0]?.subject),
      source: keyCell(row.samples[0]?.ruleSource),
    }),
    filter: ({ keys }) => ({
      decision: "deny",
      tool: keys.tool ?? "",
      ...(keys.rule === undefined || keys.rule === "" ? { tier: keys.tier ?? "" } : { rule: keys.rule }),
    }),
    before: { cube: "denials", keys: ["tier", "rule", "tool"] },
  });
}

function blockedCommands(context: SectionContext): Table {
  const rows = rowsOf(context.cubes, "commands")
    .filter((row) => count(row, "blocked") > 0)
    .map((row) => ({ keys: row.keys, values: { ...row.values, calls: count(row, "blocked") }, samples: [] }));
  return buildTable(context, {
    title: "Commands in blocked calls",
    about: "",
    columns: { command: code("command"), calls: CALL_COLUMNS.blocked },
    rows: largestFirst(rows, ["command"]),
    cells: (row) => ({ command: keyCell(row.keys.command), calls: count(row, "calls") }),
    filter: ({ keys }) => ({ decision: "deny", command: keys.command ?? "" }),
  });
}

function refusedTable(context: SectionContext, rows: readonly CubeRow[]): Table {
  return buildTable(context, {
    title: "Refused by the user, inferred",
    explained: true,
    about:
      "A plain No fires no event, so an interrupted call looks the same. What transcripts tell stands above, by user.",
    columns: { tool: code("tool"), calls: REFUSED, last: LAST, call: code("call", "the newest one", 1) },
    rows: largestFirst(rows, ["tool"]),
    cells: (row) => ({
      tool: keyCell(row.keys.tool),
      calls: count(row, "calls"),
      last: whenCells(row, context.zone).last,
      call: keyCell(row.samples[0]?.subject),
    }),
  });
}
