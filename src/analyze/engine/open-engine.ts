/** `--source URL` -> the engine it names. Drivers are loaded here and nowhere else. */
import { openClickhouse } from "./clickhouse.js";
import { dedupeDuckdb, openDuckdb } from "./duckdb.js";
import { EngineError, type SqlEngine } from "./engine.js";

/** Rejects with an EngineError. The caller closes it. */
export async function openEngine(source: string): Promise<SqlEngine> {
  if (source.startsWith("duckdb:")) {
    const engine = await openDuckdb(source.slice("duckdb:".length).replace(/^\/\/(?=\/)/, ""));
    try {
      await dedupeDuckdb(engine);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }
  if (/^clickhouses?:\/\//.test(source) && URL.canParse(source)) return openClickhouse(new URL(source));
  throw new EngineError(
    "source_unknown",
    `\`${withoutPassword(source)}\` names no engine`,
    "clickhouse://user:password@host:8123/database or duckdb:FILE",
  );
}

function withoutPassword(source: string): string {
  return source.replace(/:[^:@/]*@/, ":…@");
}
