/** The report counted by DuckDB is the report counted here, byte for byte; and the check notices what it is there to notice. */
import { describe, expect, it } from "vitest";
import { bucketOf, percentile } from "../../src/analyze/cubes/histogram.js";
import { bucketText } from "../../src/analyze/engine/compile-cube.js";
import { DUCKDB, DUCKDB_ONCE, ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import { compareBytes } from "../../src/analyze/report/shape.js";
import { embeddedReport, engineReport, QUESTIONS, rowsOf, shuffledCopies } from "./conformance.js";
import { duckdbOf } from "./load-rows.js";
import { MUTANTS, mutated } from "./mutants.js";
import { NASTY_NUMBERS, NASTY_TEXTS, nastyLog } from "./nasty-log.js";

const { scanned } = nastyLog(1, 6, 30);
const rows = shuffledCopies(rowsOf(scanned), 1);
const engine = duckdbOf(rows);

it.each(QUESTIONS)("$name", async (question) => {
  expect(await engineReport(await engine, question)).toBe(embeddedReport(scanned, question));
});

describe("the check notices", () => {
  it.each(MUTANTS)("$name", async ({ asks, ...mutant }) => {
    const question = QUESTIONS.find(({ name }) => name === asks);
    if (question === undefined) throw new Error(`no question ${asks}`);
    const wrong = mutated(await engine, mutant);
    const report = await engineReport(wrong, question).catch((error: unknown) => `refused: ${String(error)}`);
    expect(wrong.touched()).toBeGreaterThan(0);
    expect(report).not.toMatch(/^refused/);
    expect(report).not.toBe(embeddedReport(scanned, question));
  });

  it("rows counted as often as they were sent", async () => {
    const all = await duckdbOf(rows, { isDeduped: false });
    await all.rows(`CREATE TEMP VIEW ${DUCKDB_ONCE} AS SELECT * FROM ${ROWS_TABLE}`);
    const [question] = QUESTIONS;
    if (question === undefined) throw new Error("no question");
    expect(await engineReport(all, question)).not.toBe(embeddedReport(scanned, question));
  });
});

describe("what is not left to an engine, and what is", () => {
  const column = (values: readonly string[]) =>
    `(VALUES ${values.map((value) => `(${value})`).join(", ")}) AS listed(x)`;

  it("texts are ordered by their UTF-8 bytes, as UTF-16 would not", async () => {
    const ordered = await (await engine).rows(`SELECT x FROM ${column(NASTY_TEXTS.map(DUCKDB.text))} ORDER BY x`);
    expect(ordered.map(([text]) => text)).toEqual(NASTY_TEXTS.toSorted(compareBytes));
    expect(NASTY_TEXTS.toSorted()).not.toEqual(NASTY_TEXTS.toSorted(compareBytes));
  });

  it("literals come back as they were", async () => {
    const [back = []] = await (await engine).rows(`SELECT ${NASTY_TEXTS.map(DUCKDB.text).join(", ")}`);
    expect(back).toEqual(NASTY_TEXTS);
  });

  it("buckets are the same at every edge", async () => {
    const edges = Array.from({ length: 32 }, (_, power) => 2 ** power).flatMap((edge) => [
      edge - 1,
      edge,
      edge + 1,
      Math.floor(edge * 1.37),
    ]);
    const numbers = [...new Set([...edges, ...NASTY_NUMBERS])];
    const found = await (await engine).rows(`SELECT x, ${bucketText("x", DUCKDB)} FROM ${column(numbers.map(String))}`);
    expect(found.map(([x, bucket]) => [Number(x), Number(bucket)])).toEqual(numbers.map((x) => [x, bucketOf(x)]));
  });

  it("percentiles are the nearest rank, as an engine's own are not", async () => {
    const lists = Array.from({ length: 40 }, (_, index) =>
      Array.from({ length: 2 + (index % 7) }, (__, place) => (index * 31 + place * place * 17) % 128),
    );
    const native = await (await engine).rows(
      `SELECT ${lists.map((list) => `(SELECT quantile_cont(x, 0.95) FROM ${column(list.map(String))})`).join(", ")}`,
    );
    const own = lists.map((list) =>
      percentile(
        list.map((value) => ({ bucket: bucketOf(value), count: 1 })),
        95,
      ),
    );
    expect(own).toEqual(lists.map((list) => list.toSorted((a, b) => a - b)[Math.ceil(0.95 * list.length) - 1]));
    expect(native[0]?.map(Number)).not.toEqual(own);
  });
});
