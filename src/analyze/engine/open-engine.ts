/** `--source URL` -> the engine it names. Drivers are loaded here and nowhere else. */
import { openClickhouse, runOnClickhouse } from "./clickhouse.js";
import { dedupeDuckdb, openDuckdb } from "./duckdb.js";
import { EngineError, type SqlEngine } from "./engine.js";

/** Rejects with an EngineError. The caller closes it. */
export async function openEngine(source: string): Promise<SqlEngine> {
  if (source.startsWith("duckdb:")) {
    const engine = await openDuckdb(duckdbPath(source));
    try {
      await dedupeDuckdb(engine);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }
  if (isClickhouse(source)) return openClickhouse(new URL(source));
  throw unknown(source);
}

/** Makes tables in an engine: the one thing that is written there. Rejects at the first statement that is refused. */
export async function runStatements(target: string, statements: readonly string[]): Promise<void> {
  if (isClickhouse(target)) return runOnClickhouse(new URL(target), statements);
  if (!target.startsWith("duckdb:")) throw unknown(target);
  const engine = await openDuckdb(duckdbPath(target), { isNew: true });
  try {
    for (const statement of statements) await engine.rows(statement);
  } finally {
    await engine.close();
  }
}

function duckdbPath(source: string): string {
  return source.slice("duckdb:".length).replace(/^\/\/(?=\/)/, "");
}

function isClickhouse(source: string): boolean {
  return /^clickhouses?:\/\//.test(source) && URL.canParse(source);
}

function unknown(source: string): EngineError {
  return new EngineError(
    "source_unknown",
    `\`${withoutPassword(source)}\` names no engine`,
    "clickhouse://user:password@host:8123/database or duckdb:FILE",
  );
}

function withoutPassword(source: string): string {
  return source.replace(/:[^:@/]*@/, ":…@");
}
