/** Calls by tool: what was decided, how often the tool failed, how long it ran. */
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Column } from "../report/report.schema.js";
import { groupRows, largestFirst, percentileOf } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import { largestBars } from "./decision-charts.js";
import {
  CALL_COLUMNS,
  COVERED,
  callCells,
  code,
  covered,
  DEFINITIONS,
  FAILED,
  failures,
  figure,
  keyCell,
  LAST,
  whenCells,
} from "./decision-columns.js";
import { percentilesChart } from "./latency-charts.js";
import type { SectionDefinition } from "./section.js";

const RUN_TIME = "how long the tool ran, waiting for a person included; nearest rank, to 1/64";
const runTime = (label: string, priority: number): Column => ({ label, unit: "ms", definition: RUN_TIME, priority });

export const tools: SectionDefinition = {
  id: "tools",
  comparesWindows: true,
  build(context) {
    const { cubes, zone } = context;
    const rows = largestFirst(rowsOf(cubes, "tools"), ["tool"]);
    const times = groupRows(rowsOf(cubes, "tool_time"), "tool");
    const prompts = new Map(rowsOf(cubes, "prompts_by_tool").map((row) => [row.keys.tool ?? "", count(row, "calls")]));
    const percentile = (row: CubeRow, p: number) =>
      percentileOf(times.get(row.keys.tool ?? "") ?? [], "tool_ms_bucket", p);
    return {
      title: "Tools",
      about: "Calls by tool, under its present name.",
      figures: { tools: figure("tools", rows.length, "distinct tools with a decision") },
      charts: {
        calls: largestBars("Decisions by tool", rows, "tool"),
        run_time: percentilesChart({
          title: "Run time by tool",
          unit: "ms",
          bucket: "tool_ms_bucket",
          rows: rowsOf(cubes, "tool_time"),
          by: "tool",
        }),
      },
      tables: {
        tools: buildTable(context, {
          title: "By tool",
          about: "",
          columns: {
            tool: code("tool"),
            ...CALL_COLUMNS,
            covered: COVERED,
            failed: FAILED,
            prompts: { label: "prompts", unit: "count", definition: DEFINITIONS.prompts, priority: 3 },
            p50: runTime("p50", 5),
            p95: runTime("p95", 5),
            last: LAST,
          },
          rows,
          cells: (row) => ({
            tool: keyCell(row.keys.tool),
            ...callCells(row),
            covered: covered(row),
            failed: failures(row),
            prompts: cubes.live > 0 ? (prompts.get(row.keys.tool ?? "") ?? 0) : null,
            p50: percentile(row, 50),
            p95: percentile(row, 95),
            last: whenCells(row, zone).last,
          }),
          filter: (row) => ({ tool: row.keys.tool ?? "" }),
          before: { cube: "tools", keys: ["tool"] },
        }),
      },
      notes: [],
    };
  },
};
