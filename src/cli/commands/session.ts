/** `session`: what one session's calls came to; the newest one unless told otherwise. */
import { markdownText } from "../../analyze/report/escape.js";
import { renderJson } from "../../analyze/report/render/json.js";
import { buildSessionSummary } from "../../analyze/report/session-summary.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { reportFor } from "../report-for.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json } = invocation;
  const asked = args[0] ?? flags.text("session") ?? "last";
  const {
    report,
    cubes,
    session = "",
  } = await reportFor(invocation, { sections: ["scorecard", "tools", "denials"], session: asked });
  const lines = buildSessionSummary(cubes);
  const told = lines.length > 0 ? lines : ["nothing was decided in this session"];
  const format = json ? "json" : (flags.text("format") ?? "term");
  if (format === "json") io.stdout.write(renderJson(report));
  else if (format === "md") {
    const items = told.map((line) => `- ${markdownText(line)}\n`).join("");
    io.stdout.write(`### Session ${markdownText(session)}\n\n${span(report.window)}\n\n${items}`);
  } else io.stdout.write(`session ${session}, ${span(report.window)}\n${told.join("\n")}\n`);
  return EXIT.fine;
}

function span({ first, last }: { readonly first: string | null; readonly last: string | null }): string {
  return first === null || last === null ? "no records" : `${first} to ${last}`;
}
