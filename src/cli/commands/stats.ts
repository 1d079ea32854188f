/** `stats`: the scorecard with who decided, by tool, rule and project; one screen (US-1, US-13). */
import { briefReport } from "../../analyze/report/brief.js";
import { formatValue } from "../../analyze/report/render/format.js";
import { renderJson } from "../../analyze/report/render/json.js";
import { renderTerm } from "../../analyze/report/render/term.js";
import { wrapText } from "../../analyze/report/render/term-table.js";
import type { Report } from "../../analyze/report/report.schema.js";
import { headlineOf } from "../../analyze/report/session-summary.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { rememberedReport } from "../remembered-report.js";
import { reportFor } from "../report-for.js";

const ROWS = 5;
/** Rows of the machine form. */
const KEPT = 10;
const SHOWN = {
  scorecard: { tables: ["by_decider", "previous"] },
  tools: { tables: ["tools"] },
  rules: { tables: ["hits"] },
  projects: { tables: ["projects"] },
};

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, json, color } = invocation;
  const report = await rememberedReport(invocation, "stats", () =>
    reportFor(invocation, {
      sections: ["scorecard", "tools", "rules", "projects"],
      limit: KEPT,
      isCounted: true,
    }),
  );
  if (json) io.stdout.write(renderJson(report));
  else {
    const options = { width: io.stdout.columns, color, rows: ROWS };
    const head = [headlineOf(report), ...promptLines(report)]
      .flatMap((text) => wrapText(text, io.stdout.columns))
      .map((line) => `${line}\n`)
      .join("");
    io.stdout.write(`${head}\n${renderTerm(briefReport(report, SHOWN), options)}`);
  }
  return EXIT.fine;
}

/** What the rules spared, with the rule of the estimate; "no data" where nothing can be known. */
function promptLines(report: Report): string[] {
  const figures = report.sections["scorecard"]?.figures ?? {};
  const { prompts, prompts_saved: saved } = figures;
  if (saved === undefined || typeof saved.value !== "number") {
    return ["Prompts saved: no data; the hook itself wrote nothing in this window."];
  }
  const shown = formatValue(prompts?.value ?? null, "count");
  return [
    `About ${formatValue(saved.value, "count")} prompts saved, ${shown} shown. An estimate: ${saved.definition}.`,
  ];
}
