/** `list`: recent decisions as a table, newest first, or the records at given places; reads only as far back as it must. */
import { pathKey } from "../../analyze/cubes/path-key.js";
import type { Scan } from "../../analyze/scan/open-scan.js";
import type { RecordFilter } from "../../analyze/scan/scan.js";
import { localTimestamp, type Zone } from "../../analyze/zone.js";
import type { AuditRecord } from "../../core/audit/record.js";
import type { Invocation } from "../command.js";
import { decisionRows, type FoundRecord, isDecisionRecord, recordWithPlace } from "../decision-rows.js";
import { EXIT, type ExitCode } from "../exit.js";
import { readRecords, resolveSession, withLog } from "../open-log.js";
import { labelled } from "../print.js";
import { recordAt } from "../record-at.js";
import { reportZone } from "../report-zone.js";
import { filterOf } from "../window.js";

const LIMIT = 20;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json, color } = invocation;
  const zone = await reportZone(invocation);
  const places = flags.list("at");
  const asked = { filter: filterOf(invocation, zone), limit: flags.count("limit", 1) ?? LIMIT };
  const found = await withLog(invocation, (scan) =>
    places.length > 0 ? places.map((place) => recordAt(scan, place)) : newest(invocation, scan, asked),
  );
  if (json) io.stdout.write(`${JSON.stringify({ records: found.map(recordWithPlace) })}\n`);
  else if (places.length > 0) io.stdout.write(found.map((one) => inFull(one, zone)).join("\n"));
  else if (found.length === 0) io.stderr.write("no records match\n");
  else {
    const { head, lines } = decisionRows(found, { zone, width: io.stdout.columns, color });
    io.stdout.write([head, ...lines].map((line) => `${line.trimEnd()}\n`).join(""));
  }
  return EXIT.fine;
}

function newest(
  invocation: Invocation,
  scan: Scan,
  asked: { readonly filter: RecordFilter; readonly limit: number },
): FoundRecord[] {
  const { flags } = invocation;
  const session = flags.text("session");
  const filter = session === undefined ? asked.filter : { ...asked.filter, session: resolveSession(scan, session) };
  const wanted = furtherFilter(invocation);
  const records: FoundRecord[] = [];
  for (const scanned of readRecords(invocation, scan, filter)) {
    if (scanned.kind !== "record" || !(flags.on("all") || isDecisionRecord(scanned)) || !wanted(scanned)) continue;
    records.push(scanned);
    if (records.length === asked.limit) break;
  }
  return records;
}

/** What a report's rows can be about beside the filters every data command takes. */
function furtherFilter({ flags }: Invocation): (found: FoundRecord) => boolean {
  const [command, program, path, mode, effect, score] = ["command", "program", "path", "mode", "effect", "score"].map(
    (name) => flags.text(name),
  );
  return ({ record }) =>
    (command === undefined || (record.commands ?? []).includes(command)) &&
    (program === undefined || (record.commands ?? []).some((one) => one.split(" ")[0] === program)) &&
    (path === undefined || pathsOf(record).includes(path)) &&
    (mode === undefined || record.permission_mode === mode) &&
    (effect === undefined || record.effect === effect) &&
    (score === undefined || record.llm_score === score);
}

/** As the `paths` section names them. */
function pathsOf({ paths = [], cwd = "", home = "" }: AuditRecord): string[] {
  return paths.map((spelled) => pathKey(spelled, cwd, home));
}

/** Every field of a record on a line of its own. */
function inFull({ record, timeMs, at }: FoundRecord, zone: Zone): string {
  const fields = Object.entries(record).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return labelled([["at", `${at.file}:${at.offset}`], ["local time", localTimestamp(timeMs, zone)], ...fields]);
}
