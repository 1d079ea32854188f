/** The report counted by a real cluster, asked through each of its nodes, is the report counted here. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { percentile } from "../../src/analyze/cubes/histogram.js";
import { openClickhouse } from "../../src/analyze/engine/clickhouse.js";
import { readCompleteness } from "../../src/analyze/engine/completeness.js";
import { ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { type Cluster, missingForCluster, type Node, startCluster } from "./cluster.js";
import { createRowsTable, insertRows } from "./cluster-rows.js";
import { embeddedReport, engineReport, QUESTIONS, rowsOf, shuffledCopies } from "./conformance.js";
import { MUTANTS, mutated } from "./mutants.js";
import { nastyLog } from "./nasty-log.js";

describe.skipIf(missingForCluster() !== null)("a cluster of two shards with two replicas each", () => {
  const { scanned } = nastyLog(3, 6, 30);
  const rows = shuffledCopies(rowsOf(scanned), 3).map((row) => ({ ...row, machine: `m${row.off % 4}` }));
  let cluster: Cluster;
  let engines: SqlEngine[];

  beforeAll(async () => {
    cluster = await startCluster();
    await createRowsTable(cluster);
    const half = Math.floor(rows.length / 2);
    // A batch is repeated word for word, and once more in other pieces.
    await insertRows(cluster, 0, rows.slice(0, half));
    await insertRows(cluster, 1, rows.slice(half));
    await insertRows(cluster, 2, rows.slice(half));
    await insertRows(cluster, 3, rows.slice(0, 100));
    engines = await Promise.all(
      cluster.nodes.map(({ port }) => openClickhouse(new URL(`clickhouse://127.0.0.1:${port}/default`))),
    );
  });
  afterAll(async () => {
    await Promise.all((engines ?? []).map((engine) => engine.close()));
    await cluster?.stop();
  });

  it("spreads the rows over both shards", async () => {
    const counts = await Promise.all(
      cluster.nodes.map((node) => cluster.run(node, `SELECT count() FROM ${ROWS_TABLE}_local`)),
    );
    expect(counts.map(Number).every((count) => count > 0)).toBe(true);
  });

  const [everything] = QUESTIONS;

  it.each(QUESTIONS)("$name", async (question) => {
    const expected = embeddedReport(scanned, question);
    const asked = question === everything ? engines : engines.slice(0, 1);
    for (const engine of asked) expect(await engineReport(engine, question)).toBe(expected);
  });

  it("the check notices every fault", async () => {
    const [engine] = engines;
    if (engine === undefined) throw new Error("no engine");
    const unmerged = {
      name: "rows counted as often as they were sent",
      asks: "everything",
      change: (sql: string) => sql.replaceAll(" FINAL", ""),
    };
    for (const mutant of [...MUTANTS, unmerged]) {
      const question = QUESTIONS.find(({ name }) => name === mutant.asks);
      if (question === undefined) throw new Error(`no question ${mutant.asks}`);
      const wrong = mutated(engine, mutant);
      const report = await engineReport(wrong, question).catch((error: unknown) => `refused: ${String(error)}`);
      expect([mutant.name, wrong.touched() > 0, report.startsWith("refused")]).toEqual([mutant.name, true, false]);
      expect([mutant.name, report === embeddedReport(scanned, question)]).toEqual([mutant.name, false]);
    }
  });

  it("its own percentiles are not the nearest rank", async () => {
    const found = await cluster.run(
      cluster.nodes[0],
      "SELECT quantileExact(0.5)(number) FROM (SELECT number FROM system.numbers LIMIT 2)",
    );
    expect(Number(found)).not.toBe(
      percentile(
        [
          { bucket: 0, count: 1 },
          { bucket: 1, count: 1 },
        ],
        50,
      ),
    );
  });

  it("names the log of which a row is missing, and by how much", async () => {
    const [engine] = engines;
    if (engine === undefined) throw new Error("no engine");
    const whole = await readCompleteness(engine, {});
    expect([whole.gaps, whole.machines, whole.duplicates > 0]).toEqual([[], 4, true]);
    const lost = rows.find(({ kind, off }) => kind === "record" && off > 10_000);
    if (lost === undefined) throw new Error("no row");
    await insertRows(cluster, 0, [{ ...lost, rev: 9, kind: "gone" }]);
    const [gap, ...more] = (await readCompleteness(engine, {})).gaps;
    expect([gap?.log, gap?.bytes, more]).toEqual([lost.log, lost.len, []]);
    await insertRows(cluster, 0, [{ ...lost, rev: 10 }]);
    expect((await readCompleteness(engine, {})).gaps).toEqual([]);
  });

  it("answers the same without one replica, and refuses without a shard", async () => {
    const [question] = QUESTIONS;
    const survivor = engines[2];
    if (question === undefined || survivor === undefined) throw new Error("no engine");
    await kill(cluster.nodes[0]);
    expect(await engineReport(survivor, question)).toBe(embeddedReport(scanned, question));
    await kill(cluster.nodes[1]);
    await expect(engineReport(survivor, question)).rejects.toMatchObject({ code: "source_unreachable" });
  });
});

function kill(node: Node | undefined): Promise<void> {
  return new Promise((resolve) => {
    node?.process.once("exit", () => resolve());
    node?.process.kill("SIGKILL");
  });
}
