/** A DuckDB file or a database in memory as an engine. The library is an optional peer, loaded only when a report asks for it. */
import { DUCKDB, DUCKDB_ONCE, ROWS_TABLE } from "./dialect.js";
import { EngineError, outdated, type SqlEngine } from "./engine.js";

/** @param path of a file, or `:memory:`; a file is only read unless it `isNew` */
export async function openDuckdb(path: string, { isNew = false } = {}): Promise<SqlEngine> {
  const { DuckDBInstance } = await import("@duckdb/node-api").catch(() => {
    throw new EngineError(
      "source_driver_missing",
      "`duckdb:` needs the package @duckdb/node-api",
      "npm install @duckdb/node-api",
    );
  });
  const options = path === ":memory:" || isNew ? {} : { access_mode: "READ_ONLY" };
  const name = `duckdb:${path}`;
  try {
    const instance = await DuckDBInstance.create(path, options);
    const connection = await instance.connect();
    return {
      dialect: DUCKDB,
      name,
      // One connection; a statement uses all processors by itself.
      atOnce: 1,
      async rows(sql) {
        try {
          return (await connection.runAndReadAll(sql)).getRows();
        } catch (error) {
          throw refused(error, name);
        }
      },
      async close() {
        connection.closeSync();
        instance.closeSync();
      },
    };
  } catch (error) {
    throw new EngineError(
      "source_unreachable",
      `cannot open \`${name}\`: ${messageOf(error)}`,
      "check the path; another program may hold the file",
    );
  }
}

/** Every row once, for all statements that follow. */
export async function dedupeDuckdb(engine: SqlEngine): Promise<void> {
  await engine.rows(
    `CREATE OR REPLACE TEMP TABLE ${DUCKDB_ONCE} AS SELECT * FROM ${ROWS_TABLE} QUALIFY row_number() OVER (PARTITION BY id ORDER BY rev DESC) = 1`,
  );
}

function refused(error: unknown, name: string): EngineError {
  const message = messageOf(error);
  if (message.includes(`Table with name ${ROWS_TABLE} does not exist`)) {
    return new EngineError(
      "source_not_initialised",
      `there is no table \`${ROWS_TABLE}\` in \`${name}\``,
      "claude-permit fleet init --dialect duckdb",
    );
  }
  const column = /Referenced column "(\w+)" not found/.exec(message)?.[1];
  if (column !== undefined) return outdated(name, column);
  return new EngineError("source_refused", `\`${name}\` refused a statement: ${message}`);
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
