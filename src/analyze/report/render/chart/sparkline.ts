/** Values as one line of text: eight heights, `·` for "no data". For the terminal, Markdown and mail alike. */
import type { Chart } from "../../report.schema.js";
import { fitPoints, isEmptyChart } from "./chart-table.js";

const HEIGHTS = "▁▂▃▄▅▆▇█";

export function sparkline(values: readonly (number | null)[]): string {
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return values.map((value) => (value === null ? "·" : height(value, largest))).join("");
}

/** What is not nothing stands above the ground. */
function height(value: number, largest: number): string {
  if (value <= 0 || largest === 0) return HEIGHTS.charAt(0);
  return HEIGHTS.charAt(Math.max(1, Math.ceil((value / largest) * (HEIGHTS.length - 1))));
}

/** The run of a figure, from the chart of the same id; "" when it has none. */
export function figureRun(chart: Chart | undefined, most: number): string {
  if (chart?.kind !== "spark" || isEmptyChart(chart)) return "";
  return sparkline(fitPoints(chart, most).points.map(({ values }) => values[0] ?? null));
}
