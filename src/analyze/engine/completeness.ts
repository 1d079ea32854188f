/**
 * How whole a source is: the shipped lines of a log leave no gap in its bytes, or they do and by how much; what was sent
 * twice; what a machine still holds. A report over a gap says so at its top.
 */
import type { RowKind } from "../fleet/row.js";
import type { Window } from "../scan/scan.js";
import { inWindow, whole } from "./dialect.js";
import { EngineError, runStatement, type SqlEngine } from "./engine.js";

export interface LogGap {
  readonly machine: string;
  readonly log: string;
  /** Bytes of the log that were shipped, or lie between what was, and did not arrive. */
  readonly bytes: number;
}

export interface Completeness {
  readonly machines: number;
  readonly logs: number;
  /** In the window, each once. */
  readonly rows: number;
  /** In the window: repeated, or replaced by what came later. */
  readonly duplicates: number;
  /** Largest first. */
  readonly gaps: readonly LogGap[];
  /** Bytes that the logs had when their machine shipped last and that are not shipped. */
  readonly waiting: number;
  /** Lines that machines gave up because too much was waiting. */
  readonly dropped: number;
  /** Shards that cannot be reached are left out of answers, silently. */
  readonly isPartial: boolean;
}

/** Logs that are named in a statement; more are all looked at. */
const NAMED_LOGS = 5_000;
const MAX_LOGS = 1_000_000;

interface LogReach {
  readonly machine: string;
  readonly log: string;
  readonly from: number;
  readonly to: number;
  readonly held: number;
}

export async function readCompleteness(engine: SqlEngine, window: Window): Promise<Completeness> {
  const { text, from, fromAll } = engine.dialect;
  const inside = ["kind <> 'gone'", ...inWindow(window)].join(" AND ");
  const seen = await runStatement(engine, {
    sql: `SELECT machine AS k0, log AS k1, count(*) AS m0 FROM ${from(null, { kinds: [], window })} WHERE ${inside} GROUP BY k0, k1 LIMIT ${whole(MAX_LOGS + 1)}`,
    yields: ["text", "text", "int"],
  });
  if (seen.length > MAX_LOGS) {
    throw new EngineError(
      "source_too_large",
      "the window spans too many logs",
      "choose a shorter one with --since and --until",
    );
  }
  const all = await runStatement(engine, {
    sql: `SELECT count(*) AS m0 FROM ${fromAll} WHERE ${inside}`,
    yields: ["int"],
  });
  const logs = new Set(seen.map(([, log]) => String(log)));
  const named =
    logs.size > 0 && logs.size <= NAMED_LOGS ? ` AND log IN (${[...logs].map((log) => text(log)).join(", ")})` : "";
  const batched = from(null, { kinds: ["batch"], window: {} });
  // Whole logs: what is missing at the window's edges would not show between its lines.
  const lines = await reaches(engine, ["record", "bad"], named);
  const batches = new Map((await reaches(engine, ["batch"], named)).map((one) => [one.log, one]));
  const [tails = []] = await runStatement(engine, {
    sql: `SELECT sum(dropped) AS m0 FROM ${batched} WHERE kind = 'batch'${named}`,
    yields: ["int"],
  });
  const sizes = await runStatement(engine, {
    sql: `SELECT log AS k0, max(size) AS m0 FROM ${batched} WHERE kind = 'batch'${named} GROUP BY k0`,
    yields: ["text", "int"],
  });
  const met = new Map(lines.map((one) => [one.log, one]));
  const expected = [...new Set([...met.keys(), ...batches.keys()])].filter((log) => logs.has(log));
  const gaps = expected.flatMap((log): LogGap[] => {
    const bytes = missing(met.get(log), batches.get(log));
    const machine = met.get(log)?.machine ?? batches.get(log)?.machine ?? "";
    return bytes > 0 ? [{ machine, log, bytes }] : [];
  });
  const waiting = sizes
    .filter(([log]) => logs.has(String(log)))
    .reduce((sum, [log, size]) => sum + Math.max(0, Number(size) - (batches.get(String(log))?.to ?? 0)), 0);
  const rows = seen.reduce((sum, [, , count]) => sum + Number(count), 0);
  return {
    machines: new Set(seen.map(([machine]) => machine)).size,
    logs: logs.size,
    rows,
    duplicates: Math.max(0, Number(all[0]?.[0] ?? 0) - rows),
    gaps: gaps.toSorted((a, b) => b.bytes - a.bytes || (a.log < b.log ? -1 : 1)),
    waiting,
    dropped: Number(tails[0] ?? 0),
    isPartial: await leavesOutShards(engine),
  };
}

async function leavesOutShards(engine: SqlEngine): Promise<boolean> {
  if (engine.dialect.name !== "clickhouse") return false;
  const [[value = "0"] = []] = await runStatement(engine, {
    sql: "SELECT value FROM system.settings WHERE name = 'skip_unavailable_shards'",
    yields: ["text"],
  });
  return value !== "0";
}

async function reaches(engine: SqlEngine, kinds: readonly RowKind[], named: string): Promise<LogReach[]> {
  const { from, text } = engine.dialect;
  const rows = await runStatement(engine, {
    sql: `SELECT log AS k0, min(machine) AS m3, min(off) AS m0, max(off + len) AS m1, sum(len) AS m2 FROM ${from(null, { kinds, window: {} })} WHERE kind IN (${kinds.map(text).join(", ")})${named} GROUP BY k0 LIMIT ${whole(MAX_LOGS)}`,
    yields: ["text", "text", "int", "int", "int"],
  });
  return rows.map(([log, machine, from, to, held]) => ({
    machine: String(machine),
    log: String(log),
    from: Number(from),
    to: Number(to),
    held: Number(held),
  }));
}

/** Bytes between the first and the last that were ever shipped, and of these what is in no line. */
function missing(lines: LogReach | undefined, batches: LogReach | undefined): number {
  const held = lines?.held ?? 0;
  const from = Math.min(lines?.from ?? Number.POSITIVE_INFINITY, batches?.from ?? Number.POSITIVE_INFINITY);
  const to = Math.max(lines?.to ?? 0, batches?.to ?? 0);
  return Number.isFinite(from) ? Math.max(0, to - from - held) : 0;
}
