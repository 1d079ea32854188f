/** The HTML templates and the style sheet as they ship beside the code; the one place that reads them. */
import { readFileSync } from "node:fs";

export interface Templates {
  readonly report: string;
  readonly partials: Readonly<Record<"section" | "chart" | "table", string>>;
  readonly style: string;
}

/** The same way up from src/ and from dist/. */
const FOLDER = new URL("../../../../templates/", import.meta.url);

export function readTemplates(): Templates {
  const read = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");
  return {
    report: read("report.hbs"),
    partials: { section: read("section.hbs"), chart: read("chart.hbs"), table: read("table.hbs") },
    style: read("report.css"),
  };
}
