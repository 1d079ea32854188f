/**
 * The records that a source holds whole, as a scan: what judges calls again (`simulate`, `suggest`, gaps, `list`) reads them
 * as it reads a log. Only the profile `full` ships them; without them it says so.
 */
import { decodeRecord } from "../../core/audit/decode.js";
import { createLineFilter } from "../scan/line-filter.js";
import type { Scan } from "../scan/open-scan.js";
import type { Scanned, Window } from "../scan/scan.js";
import { inWindow, whole } from "./dialect.js";
import { EngineError, runStatement, type SqlEngine } from "./engine.js";

/** Records held at once; more fail rather than be left out. */
const MAX_RECORDS = 500_000;

/** Rejects with `calls_not_shipped` when a record of the window is not whole. */
export async function readSourceScan(engine: SqlEngine, window: Window): Promise<Scan> {
  const records = engine.dialect.from(null, { kinds: ["record"], window });
  const where = ["kind = 'record'", ...inWindow(window)].join(" AND ");
  const [[all = 0, kept = 0] = []] = await runStatement(engine, {
    sql: `SELECT count(*) AS m0, sum(CASE WHEN body <> '' THEN 1 ELSE 0 END) AS m1 FROM ${records} WHERE ${where}`,
    yields: ["int", "int"],
  });
  if (Number(kept) > MAX_RECORDS) {
    throw new EngineError(
      "source_too_large",
      `the window has ${kept} records`,
      "choose a shorter one with --since and --until",
    );
  }
  // Calls of some machines only would be taken for those of all.
  if (Number(kept) < Number(all)) throw notShipped(engine.name);
  const rows = await runStatement(engine, {
    sql: `SELECT log, off, len, body FROM ${records} WHERE ${where} AND body <> '' ORDER BY time DESC, off DESC, log DESC LIMIT ${whole(MAX_RECORDS)}`,
    yields: ["text", "int", "int", "text"],
  });
  const scanned = rows.map(([log, off, len, body]): Scanned => {
    const at = { file: String(log), offset: Number(off), length: Number(len) };
    const decoded = decodeRecord(String(body));
    return decoded.kind === "record"
      ? { kind: "record", record: decoded.record, timeMs: decoded.timeMs, at }
      : { kind: "bad", problem: decoded.problem, at, excerpt: "" };
  });
  return {
    files: [engine.name],
    bytes: 0,
    *backward(filter = {}) {
      const { matches } = createLineFilter(filter);
      for (const one of scanned) if (one.kind === "bad" || matches(one)) yield one;
    },
    chains: () => null,
    close: () => undefined,
  };
}

export function notShipped(name: string): EngineError {
  return new EngineError(
    "calls_not_shipped",
    `\`${name}\` holds counts of calls, not the calls themselves`,
    "machines ship whole records under the profile `full` only",
  );
}
