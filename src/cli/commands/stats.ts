/** `stats`: the scorecard with who decided, by tool, rule and project; one screen. */

import { renderJson } from "../../analyze/report/render/json.js";
import { renderTerm } from "../../analyze/report/render/term.js";
import { headline } from "../../analyze/report/session-summary.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { reportFor } from "../report-for.js";

const ROWS = 10;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, json, color } = invocation;
  const { report, cubes } = await reportFor(invocation, {
    sections: ["scorecard", "tools", "rules", "projects"],
    limit: ROWS,
    isCounted: true,
  });
  if (json) io.stdout.write(renderJson(report));
  else {
    const options = { width: io.stdout.columns, color, rows: ROWS };
    io.stdout.write(`${headline(cubes)}\n\n${renderTerm(report, options)}`);
  }
  return EXIT.fine;
}
