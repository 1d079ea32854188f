/** `rules history`: every change of a rule that was written down, newest first, with who made it and why. */
import { readFileSync } from "node:fs";
import { joinCells, layoutTable } from "../../analyze/report/render/term-table.js";
import { parseHistory } from "../../analyze/sections/history.js";
import { localTimestamp } from "../../analyze/zone.js";
import { errorCode } from "../../store/error-code.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { policyFor } from "../judge.js";
import { safeText } from "../print.js";
import { locationsOf } from "../where.js";
import { filterOf, zoneFor } from "../window.js";

const COLUMNS = [
  { label: "time", align: "left", isText: false, priority: 0 },
  { label: "change", align: "left", isText: false, priority: 0 },
  { label: "rule", align: "left", isText: true, priority: 0 },
  { label: "by", align: "left", isText: false, priority: 2 },
  { label: "why", align: "left", isText: true, priority: 1 },
] as const;

export function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args, flags, json } = invocation;
  const [rule] = args;
  const zone = zoneFor(invocation, policyFor(invocation, io.cwd).policy.settings.report.timezone);
  const { since = -Infinity, until = Infinity } = filterOf(invocation, zone);
  const { entries, unusable } = parseHistory(readHistory(locationsOf(invocation).history));
  const limit = flags.count("limit", 1) ?? Number.POSITIVE_INFINITY;
  const wanted = entries
    .filter((entry) => entry.timeMs >= since && entry.timeMs < until && (rule === undefined || entry.rule === rule))
    .toReversed()
    .slice(0, limit);
  if (unusable > 0) io.stderr.write(`note: ${unusable} lines of the history could not be used\n`);
  if (json) {
    const changes = wanted.map(({ timeMs, ...entry }) => ({ time: localTimestamp(timeMs, zone), ...entry }));
    io.stdout.write(`${JSON.stringify({ changes, unusable })}\n`);
    return Promise.resolve(EXIT.fine);
  }
  if (wanted.length === 0) io.stdout.write("no rule was changed yet, as far as the history tells\n");
  else {
    const rows = wanted.map(({ timeMs, event, rule: name, by, reason }) =>
      [localTimestamp(timeMs, zone).slice(0, 16).replace("T", " "), event, name, by, reason].map(safeText),
    );
    const { head, lines } = layoutTable(COLUMNS, rows, io.stdout.columns);
    io.stdout.write([head, ...lines].map((line) => `${joinCells(line).trimEnd()}\n`).join(""));
  }
  return Promise.resolve(EXIT.fine);
}

/** "" when there is none yet. */
function readHistory(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw new CliError("cannot_read", `cannot read \`${path}\`: ${errorCode(error)}`);
  }
}
