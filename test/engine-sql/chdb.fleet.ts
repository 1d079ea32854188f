/** The report counted by a current ClickHouse, run inside this process, is the report counted here. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clickhouseEngine } from "../../src/analyze/engine/clickhouse.js";
import { ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { clickhouseStatements } from "../../src/analyze/fleet/ddl.js";
import { embeddedReport, engineReport, QUESTIONS, rowsOf, shuffledCopies } from "./conformance.js";
import { MUTANTS, mutated } from "./mutants.js";
import { nastyLog } from "./nasty-log.js";

/** Where `npm run test:fleet` put the packages, "" when it could not. */
const FOLDER = process.env["CLAUDE_PERMIT_CHDB"] ?? "";

interface Session {
  query(sql: string, format: string): string;
  cleanup(): void;
}

describe.skipIf(FOLDER === "")("chDB", () => {
  const { scanned } = nastyLog(5, 6, 30);
  const rows = shuffledCopies(rowsOf(scanned), 5);
  let session: Session;
  let engine: SqlEngine;

  beforeAll(() => {
    const { Session: ChdbSession } = createRequire(join(FOLDER, "package.json"))("chdb");
    session = new ChdbSession();
    session.query("CREATE DATABASE IF NOT EXISTS fleet ENGINE = Atomic", "CSV");
    session.query("USE fleet", "CSV");
    const form = { cluster: null, retainDays: 20_000, isTestCluster: false };
    for (const statement of clickhouseStatements(form)) session.query(statement, "CSV");
    session.query(`SYSTEM STOP MERGES ${ROWS_TABLE}`, "CSV");
    for (let from = 0; from < rows.length; from += 500) {
      const lines = rows.slice(from, from + 500).map((row) => JSON.stringify(row));
      session.query(`INSERT INTO ${ROWS_TABLE} FORMAT JSONEachRow ${lines.join("\n")}`, "CSV");
    }
    const client = {
      query: async ({ query, format }: { readonly query: string; readonly format: string }) => ({
        json: async () => JSON.parse(session.query(query, format)),
      }),
      close: async () => undefined,
    };
    engine = clickhouseEngine(client, "chdb");
  });
  afterAll(() => session?.cleanup());

  it("is a current one", () => {
    expect(Number.parseInt(session.query("SELECT version()", "TSV"), 10)).toBeGreaterThanOrEqual(26);
  });

  it.each(QUESTIONS)("$name", async (question) => {
    expect(await engineReport(engine, question)).toBe(embeddedReport(scanned, question));
  });

  const unmerged = {
    name: "rows counted as often as they were sent",
    asks: "everything",
    change: (sql: string) => sql.replaceAll(" FINAL", ""),
  };
  it.each([...MUTANTS, unmerged])("notices: $name", async ({ asks, ...mutant }) => {
    const question = QUESTIONS.find(({ name }) => name === asks);
    if (question === undefined) throw new Error(`no question ${asks}`);
    const wrong = mutated(engine, mutant);
    const report = await engineReport(wrong, question).catch((error: unknown) => `refused: ${String(error)}`);
    expect(wrong.touched()).toBeGreaterThan(0);
    expect(report).not.toMatch(/^refused/);
    expect(report).not.toBe(embeddedReport(scanned, question));
  });
});
