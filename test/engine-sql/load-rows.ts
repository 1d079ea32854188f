/** Puts canonical rows into engines, as a receiver of shipments would: one table, one JSON object a line. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import { dedupeDuckdb, openDuckdb } from "../../src/analyze/engine/duckdb.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { duckdbStatements } from "../../src/analyze/fleet/ddl.js";
import { type ColumnType, ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "../../src/analyze/fleet/row.js";

const DUCKDB_TYPES: Readonly<Record<ColumnType, string>> = {
  id: "VARCHAR",
  name: "VARCHAR",
  text: "VARCHAR",
  texts: "VARCHAR[]",
  int: "BIGINT",
  maybe: "BIGINT",
};

/** In the place of a column that a row does not tell. */
const ABSENT: Readonly<Record<ColumnType, string>> = {
  id: "''",
  name: "''",
  text: "''",
  texts: "[]",
  int: "0",
  maybe: "NULL",
};

/** An engine in memory that holds these rows; `isDeduped`: as a report opens it. */
export async function duckdbOf(rows: Iterable<Row>, { isDeduped = true } = {}): Promise<SqlEngine> {
  const engine = await openDuckdb(":memory:");
  await fill(engine, rows);
  if (isDeduped) await dedupeDuckdb(engine);
  return engine;
}

/** The same in a file, to be opened by a report. */
export async function writeDuckdb(file: string, rows: Iterable<Row>): Promise<void> {
  const engine = await openDuckdb(":memory:");
  await engine.rows(`ATTACH '${file}' AS filled`);
  await engine.rows("USE filled");
  await fill(engine, rows);
  await engine.rows("USE memory");
  await engine.rows("DETACH filled");
  await engine.close();
}

/** Makes the table and puts a file of rows into it. */
export async function fillDuckdb(engine: SqlEngine, file: string): Promise<void> {
  for (const statement of duckdbStatements()) await engine.rows(statement);
  const read = ROW_COLUMN_NAMES.map((name) => `"${name}": '${DUCKDB_TYPES[ROW_COLUMNS[name].type]}'`).join(", ");
  const all = ROW_COLUMN_NAMES.map((name) => `coalesce("${name}", ${ABSENT[ROW_COLUMNS[name].type]})`).join(", ");
  await engine.rows(
    `INSERT INTO ${ROWS_TABLE} SELECT ${all} FROM read_json('${file}', format = 'newline_delimited', columns = {${read}}, maximum_object_size = 67108864)`,
  );
}

async function fill(engine: SqlEngine, rows: Iterable<Row>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "permit-duckdb-"));
  try {
    const file = join(folder, "rows.jsonl");
    writeFileSync(file, "");
    let text = "";
    for (const row of rows) {
      text += `${JSON.stringify(row)}\n`;
      if (text.length < 1 << 22) continue;
      appendFileSync(file, text);
      text = "";
    }
    appendFileSync(file, text);
    await fillDuckdb(engine, file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
