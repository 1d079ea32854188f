/** The Report as JSON: the value itself, stable, indented, with nothing in it that a terminal would obey. */
import { jsonText } from "../escape.js";
import type { Report } from "../report.schema.js";

export function renderJson(report: Report): string {
  return `${jsonText(JSON.stringify(report, null, 2))}\n`;
}
