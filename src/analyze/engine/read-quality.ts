/** The account of a reading, from rows: what was read on the machines, what of it was unusable, cut, repeated, late. */
import type { Quality } from "../cubes/quality.js";
import { FUTURE_MS, PLACES } from "../cubes/quality.js";
import type { RowKind } from "../fleet/row.js";
import type { RecordFilter, Window } from "../scan/scan.js";
import { BAD_LINE_PROBLEMS } from "../scan/scan.js";
import { NEWEST_FIRST } from "./compile-samples.js";
import { inWindow, whole } from "./dialect.js";
import { runStatement, type SqlEngine, type Statement } from "./engine.js";

export interface QualityRequest {
  readonly window: Window;
  /** The window and what is read beyond its edges. */
  readonly read: Window;
  readonly filter: RecordFilter;
  readonly now: number;
}

export async function readQuality(
  engine: SqlEngine,
  { window, read, filter, now }: QualityRequest,
): Promise<Omit<Quality, "folded">> {
  const { text, from, firstOf } = engine.dialect;
  const session = filter.session === undefined ? [] : [`session = ${text(filter.session)}`];
  const rows = (kind: RowKind) => from(null, { kinds: [kind], window: read });
  const of = (kind: RowKind, ...more: readonly string[]) =>
    [`kind = '${kind}'`, ...inWindow(read), ...more].join(" AND ");
  const many = (condition: string) => `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
  const inside = inWindow(window).join(" AND ") || "1 = 1";
  const numbers = async (expressions: readonly string[], kind: RowKind, ...more: readonly string[]) => {
    const named = expressions.map((one, index) => `${one} AS m${index}`).join(", ");
    const statement: Statement = {
      sql: `SELECT ${named} FROM ${rows(kind)} WHERE ${of(kind, ...more)}`,
      yields: expressions.map(() => "int"),
    };
    const [row = []] = await runStatement(engine, statement);
    return expressions.map((_, index) => Number(row[index] ?? 0));
  };

  const [
    records = 0,
    inWindowCount = 0,
    truncated = 0,
    redacted = 0,
    secrets = 0,
    outOfOrder = 0,
    strays = 0,
    future = 0,
  ] = await numbers(
    [
      "count(*)",
      many(inside),
      many(`${inside} AND cut = 'yes'`),
      many(`${inside} AND secrets > 0`),
      `sum(CASE WHEN ${inside} THEN secrets ELSE 0 END)`,
      many("disorder <> ''"),
      many("disorder = 'stray'"),
      many(`time > ${whole(now + FUTURE_MS)}`),
    ],
    "record",
    ...session,
  );
  const [copies = 0, promptCopies = 0, withoutId = 0, undecided = 0, outcomesAlone = 0, closedEarly = 0] =
    await numbers(
      ["copies", "prompt_copies", "without_id", "undecided", "outcomes_alone", "closed_early"].map(
        (name) => `sum(${name})`,
      ),
      "batch",
    );
  const problems = await runStatement(engine, {
    sql: `SELECT problem AS k0, count(*) AS m0 FROM ${rows("bad")} WHERE ${of("bad")} GROUP BY k0`,
    yields: ["text", "int"],
  });
  const newest = {
    columns: ["problem", "log", "off", "size", "excerpt", "time"],
    from: rows("bad"),
    where: of("bad"),
    groups: [],
    order: NEWEST_FIRST,
  };
  const places = await runStatement(engine, {
    sql: firstOf(newest, PLACES),
    yields: ["text", "text", "int", "int", "text", "int"],
  });
  const byProblem = Object.fromEntries(problems.map(([name, count]) => [String(name), Number(count)]));
  const unusable = Object.values(byProblem).reduce((sum, count) => sum + count, 0);
  return {
    lines: records + unusable,
    records,
    inWindow: inWindowCount,
    unusable,
    byProblem,
    badLines: places
      .toSorted(
        ([, aLog, aOff, , , aTime], [, bLog, bOff, , , bTime]) =>
          Number(bTime) - Number(aTime) || Number(bOff) - Number(aOff) || (String(aLog) < String(bLog) ? 1 : -1),
      )
      .map(([problem, log, off, size, excerpt]) => ({
        problem: BAD_LINE_PROBLEMS.find((one) => one === problem) ?? "unknown-shape",
        at: `${log}:${off}`,
        length: Number(size),
        excerpt: String(excerpt),
      })),
    truncated,
    redacted,
    secrets,
    outOfOrder,
    strays,
    future,
    copies,
    promptCopies,
    withoutId,
    undecided,
    outcomesAlone,
    closedEarly,
  };
}
