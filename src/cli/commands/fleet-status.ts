/** `fleet status`: which machines are silent, behind, or have rows that never arrived. */
import { readMachineStates } from "../../analyze/fleet/fleet-views.js";
import { plural } from "../../analyze/report/shape.js";
import { parseDuration } from "../../core/policy/moment.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { withSource } from "../fleet/fleet-source.js";
import { figureColumn, printTable, textColumn } from "../fleet/print-table.js";
import { ageOf } from "../health/age.js";

const SILENT_AFTER = "2d";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const text = flags.text("silentAfter") ?? SILENT_AFTER;
  const silentMs = parseDuration(text);
  if (silentMs === undefined) {
    throw new CliError("bad_usage", `--silent-after takes a duration like 12h or 2d, not \`${text}\``);
  }
  const states = await withSource(invocation, (engine) => readMachineStates(engine, io.now(), silentMs));
  const troubled = states.filter(({ problems }) => problems.length > 0);
  if (json) {
    const machines = states.map(({ machine, shippedMs, waiting, missing, dropped, problems }) => ({
      machine,
      shipped_at: shippedMs === null ? null : new Date(shippedMs).toISOString(),
      waiting_bytes: waiting,
      missing_bytes: missing,
      dropped_lines: dropped,
      problems,
    }));
    io.stdout.write(`${JSON.stringify({ machines: states.length, troubled: troubled.length, states: machines })}\n`);
  } else if (states.length === 0) {
    io.stdout.write("no machine has shipped anything yet\n");
  } else {
    io.stdout.write(`${plural(states.length, "machine")}, ${troubled.length} to be looked at\n`);
    const limit = flags.count("limit", 1) ?? 50;
    printTable(
      io,
      `silent: nothing shipped for ${text}`,
      [
        textColumn("machine"),
        textColumn("problems"),
        figureColumn("shipped last"),
        figureColumn("bytes waiting", 2),
        figureColumn("bytes missing", 1),
        figureColumn("lines given up", 3),
      ],
      troubled
        .slice(0, limit)
        .map(({ machine, shippedMs, waiting, missing, dropped, problems }) => [
          machine,
          problems.join(", "),
          shippedMs === null ? "no data" : ageOf(io.now() - shippedMs),
          String(waiting),
          String(missing),
          String(dropped),
        ]),
    );
    if (troubled.length > limit) io.stdout.write(`and ${troubled.length - limit} more: --limit\n`);
  }
  return troubled.length === 0 ? EXIT.fine : EXIT.finding;
}
