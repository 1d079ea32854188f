/** `--source URL`: a report's numbers from a SQL engine. Loaded only when one is named. */
import { readCompleteness } from "../analyze/engine/completeness.js";
import { EngineError, type SqlEngine } from "../analyze/engine/engine.js";
import { findSourceSession } from "../analyze/engine/find-source-session.js";
import { openEngine } from "../analyze/engine/open-engine.js";
import { readCubes } from "../analyze/engine/read-cubes.js";
import { readSourceScan } from "../analyze/engine/source-scan.js";
import type { Scan } from "../analyze/scan/open-scan.js";
import type { Window } from "../analyze/scan/scan.js";
import { CliError } from "./exit.js";
import { sessionNotFound } from "./open-log.js";
import type { Reading } from "./reading.js";

export async function openSourceReading(source: string): Promise<Reading> {
  const engine = await told(openEngine(source));
  return {
    files: [engine.name],
    async session(text) {
      const found = await told(findSourceSession(engine, text));
      if (found.kind === "session") return found.id;
      throw sessionNotFound(found, text);
    },
    count: (options) => told(readCubes(engine, options)),
    tellsCalls: false,
    async records(read) {
      try {
        return (await readSourceScan(engine, read)).backward(read);
      } catch (error) {
        if (error instanceof EngineError && error.code === "calls_not_shipped") return null;
        throw asCliError(error);
      }
    },
    completeness: (window) => told(readCompleteness(engine, window)),
    close: () => engine.close(),
  };
}

/** The records of a source as a log, for commands that judge them again. */
export async function openSourceScan(source: string, window: Window): Promise<Scan> {
  const engine: SqlEngine = await told(openEngine(source));
  try {
    return await told(readSourceScan(engine, window));
  } finally {
    await engine.close();
  }
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asCliError(error);
  }
}

export function asCliError(error: unknown): unknown {
  return error instanceof EngineError ? new CliError(error.code, error.message, error.hint) : error;
}
