/** `list`: recent decisions as a table, newest first; reads only as far back as it must. */

import { joinCells, layoutTable } from "../../analyze/report/render/term-table.js";
import type { Scanned } from "../../analyze/scan/scan.js";
import { localTimestamp, type Zone } from "../../analyze/zone.js";
import { subjectOf } from "../../core/audit/record-call.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { readRecords, resolveSession, withLog } from "../open-log.js";
import { safeText } from "../print.js";
import { filterOf, zoneFor } from "../window.js";

const LIMIT = 20;
type Found = Extract<Scanned, { kind: "record" }>;

const COLUMNS = [
  { label: "time", align: "left", isText: false, priority: 0 },
  { label: "decision", align: "left", isText: false, priority: 0 },
  { label: "by", align: "left", isText: false, priority: 2 },
  { label: "tool", align: "left", isText: true, priority: 0 },
  { label: "call", align: "left", isText: true, priority: 0 },
  { label: "rule", align: "left", isText: true, priority: 1 },
  { label: "session", align: "left", isText: false, priority: 3 },
  { label: "id", align: "left", isText: false, priority: 4 },
] as const;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const zone = zoneFor(invocation, "local");
  const limit = flags.count("limit", 1) ?? LIMIT;
  const wantsAll = flags.on("all");
  const asked = flags.text("session");
  const narrowed = filterOf(invocation, zone);
  const found = await withLog(invocation, (scan) => {
    const filter = asked === undefined ? narrowed : { ...narrowed, session: resolveSession(scan, asked) };
    const records: Found[] = [];
    for (const scanned of readRecords(invocation, scan, filter)) {
      if (scanned.kind !== "record" || !(wantsAll || isDecisionRecord(scanned))) continue;
      records.push(scanned);
      if (records.length === limit) break;
    }
    return records;
  });
  if (json)
    io.stdout.write(
      `${JSON.stringify({ records: found.map(({ record, at }) => ({ ...record, at: `${at.file}:${at.offset}` })) })}\n`,
    );
  else if (found.length === 0) io.stderr.write("no records match\n");
  else {
    const { head, lines } = layoutTable(
      COLUMNS,
      found.map((one) => cells(one, zone)),
      io.stdout.columns,
    );
    io.stdout.write([head, ...lines].map((line) => `${joinCells(line).trimEnd()}\n`).join(""));
  }
  return EXIT.fine;
}

/** Outcomes and session marks are shown with --all only: people ask what was decided. */
function isDecisionRecord({ record }: Found): boolean {
  return record.decision !== undefined;
}

function cells({ record, timeMs }: Found, zone: Zone): string[] {
  const time = localTimestamp(timeMs, zone).slice(0, 19).replace("T", " ");
  const texts = [
    record.decision ?? record.event,
    record.tier ?? "",
    record.tool_name ?? "",
    subjectOf(record),
    record.rule_id ?? "",
    record.session_id.slice(0, 8),
    record.id,
  ];
  return [time, ...texts.map((text) => safeText(text).replace(/\s+/g, " "))];
}
