/** `fleet report`: machines side by side. What calls were about is in the ordinary reports: `analyze --source`, `digest --source`. */
import { readCompleteness } from "../../analyze/engine/completeness.js";
import { readFleetReport } from "../../analyze/fleet/fleet-views.js";
import { plural } from "../../analyze/report/shape.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { withSource } from "../fleet/fleet-source.js";
import { figureColumn, printTable, textColumn } from "../fleet/print-table.js";
import { filterOf, zoneFor } from "../window.js";

type Values = Awaited<ReturnType<typeof readFleetReport>>["machines"][number]["values"];

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const zone = zoneFor(invocation, "UTC");
  const { since, until, ...filter } = filterOf(invocation, zone);
  const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  const { report, whole } = await withSource(invocation, async (engine) => ({
    report: await readFleetReport(engine, window, filter),
    whole: await readCompleteness(engine, window),
  }));
  const missing = whole.gaps.reduce((sum, { bytes }) => sum + bytes, 0);
  if (json) {
    const completeness = {
      machines: whole.machines,
      logs: whole.logs,
      rows: whole.rows,
      duplicates: whole.duplicates,
      missing_bytes: missing,
      waiting_bytes: whole.waiting,
      dropped_lines: whole.dropped,
    };
    io.stdout.write(`${JSON.stringify({ window, completeness, ...report })}\n`);
    return EXIT.fine;
  }
  const isWhole = missing === 0 && whole.waiting === 0 && whole.dropped === 0 && !whole.isPartial;
  const incomplete = `INCOMPLETE: ${missing} bytes of log missing, ${whole.waiting} waiting, ${whole.dropped} lines given up`;
  io.stdout.write(
    `${plural(whole.machines, "machine")}, ${plural(whole.rows, "row")}; ${isWhole ? "complete" : incomplete}\n`,
  );
  const limit = flags.count("limit", 1) ?? 20;
  const shares = ["approved", "asked", "blocked", "left alone", "unsafe"].map((label, index) =>
    figureColumn(label, index),
  );
  const sharesOf = (values: Values) =>
    [values.approved, values.asked, values.blocked, values.left_alone, values.unsafe].map((part) =>
      percent(part ?? 0, values.calls ?? 0),
    );
  printTable(
    io,
    "out of the ordinary (share of its calls, against the middle of all)",
    [textColumn("what"), textColumn("name"), textColumn("share"), figureColumn("value"), figureColumn("middle")],
    report.outliers
      .slice(0, limit)
      .map(({ of, name, share, value, median }) => [of, name, share, percent(value, 1), percent(median, 1)]),
  );
  printTable(
    io,
    "policies",
    [textColumn("policy"), figureColumn("machines"), figureColumn("calls"), textColumn("last used (UTC)", 1)],
    report.policies
      .slice(0, limit)
      .map(({ policy, machines, values }) => [
        policy || "(none recorded)",
        String(machines),
        String(values.calls ?? 0),
        moment(values.last),
      ]),
  );
  printTable(
    io,
    "programs",
    [textColumn("version"), figureColumn("machines"), textColumn("last record (UTC)", 1)],
    report.engines
      .slice(0, limit)
      .map(({ engine, machines, last }) => [engine || "(none recorded)", String(machines), moment(last)]),
  );
  printTable(
    io,
    "rules",
    [textColumn("rule"), figureColumn("machines"), figureColumn("calls"), textColumn("most on", 2)],
    report.rules
      .slice(0, limit)
      .map(({ rule, machines, values, most }) => [rule, String(machines), String(values.calls ?? 0), most]),
  );
  printTable(
    io,
    "machines",
    [textColumn("machine"), figureColumn("calls"), ...shares],
    report.machines
      .slice(0, limit)
      .map(({ machine, values }) => [machine, String(values.calls ?? 0), ...sharesOf(values)]),
  );
  return EXIT.fine;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "no data" : `${((100 * part) / whole).toFixed(1)} %`;
}

function moment(ms: number | undefined): string {
  return ms === undefined || !Number.isFinite(ms) ? "" : new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}
