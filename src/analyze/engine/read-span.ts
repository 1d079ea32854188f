/** What a window holds at all: its first and last record, and between which moments its rows lie. */
import type { RowKind } from "../fleet/row.js";
import type { RecordFilter, Window } from "../scan/scan.js";
import { inWindow } from "./dialect.js";
import { runStatement, type SqlEngine } from "./engine.js";

export interface Span {
  /** Of records; `null` when there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Records of the hook itself. */
  readonly live: number;
  /** Of rows of any kind. */
  readonly from: number | null;
  readonly to: number;
}

export async function readSpan(engine: SqlEngine, window: Window, { session }: RecordFilter): Promise<Span> {
  const { text, from } = engine.dialect;
  const where = [...inWindow(window), ...(session === undefined ? [] : [`session = ${text(session)}`])];
  const kinds: readonly RowKind[] = ["call", "prompt", "change", "record", "bad"];
  const listed = kinds.map(text).join(", ");
  const rows = await runStatement(engine, {
    sql: `SELECT kind AS k0, count(*) AS m0, min(time) AS m1, max(time) AS m2, sum(CASE WHEN imported = '' THEN 1 ELSE 0 END) AS m3 FROM ${from(null, { kinds, window })} WHERE ${[`kind IN (${listed})`, ...where].join(" AND ")} GROUP BY k0`,
    yields: ["text", "int", "int", "int", "int"],
  });
  let [first, last, from_, to, live]: (number | null)[] = [null, null, null, 0, 0];
  for (const [kind, , min, max, own] of rows) {
    if (kind === "record") [first, last, live] = [Number(min), Number(max), Number(own)];
    from_ = Math.min(from_ ?? Number.POSITIVE_INFINITY, Number(min));
    to = Math.max(to ?? 0, Number(max));
  }
  return { first: first ?? null, last: last ?? null, live: live ?? 0, from: from_ ?? null, to: to ?? 0 };
}
