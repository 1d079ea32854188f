/** `session`: what one session's calls came to, on one screen; the newest one unless told otherwise (US-2). */
import { briefReport } from "../../analyze/report/brief.js";
import { markdownText } from "../../analyze/report/escape.js";
import { formatValue } from "../../analyze/report/render/format.js";
import { renderJson } from "../../analyze/report/render/json.js";
import { renderTermSections } from "../../analyze/report/render/term.js";
import type { Report } from "../../analyze/report/report.schema.js";
import { buildSessionSummary } from "../../analyze/report/session-summary.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { safeText } from "../print.js";
import { reportFor } from "../report-for.js";
import { sessionStart } from "../session-start.js";

const ROWS = 5;
const SHOWN = {
  scorecard: { tables: ["by_decider"] },
  tools: { tables: ["tools"] },
  denials: { tables: ["commands"] },
};

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json, color } = invocation;
  const asked = args[0] ?? flags.text("session") ?? "last";
  const {
    report,
    cubes,
    session = "",
  } = await reportFor(invocation, {
    sections: ["scorecard", "tools", "denials"],
    session: asked,
    beginning: sessionStart,
  });
  const lines = buildSessionSummary(cubes);
  const told = lines.length > 0 ? lines : ["nothing was decided in this session"];
  const format = json ? "json" : (flags.text("format") ?? "term");
  if (format === "json") io.stdout.write(renderJson(report));
  else if (format === "md") {
    const items = told.map((line) => `- ${markdownText(line)}\n`).join("");
    io.stdout.write(`### Session ${markdownText(session)}\n\n${span(report)}\n\n${items}`);
  } else {
    const tables = renderTermSections(briefReport(report, SHOWN), { width: io.stdout.columns, color, rows: ROWS });
    io.stdout.write(`session ${safeText(session)}\n${span(report)}\n\n${told.join("\n")}\n\n${tables}`);
  }
  return EXIT.fine;
}

function span({ window: { first, last }, zone }: Report): string {
  if (first === null || last === null) return "no records";
  return `${formatValue(first, "time")} to ${formatValue(last, "time")} (${zone.name})`;
}
