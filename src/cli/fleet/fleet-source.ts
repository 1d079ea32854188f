/** The engine that `--source` names, for commands about the fleet; errors of engines as those of the command line. */
import type { SqlEngine } from "../../analyze/engine/engine.js";
import { openEngine } from "../../analyze/engine/open-engine.js";
import type { Invocation } from "../command.js";
import { CliError } from "../exit.js";
import { asCliError } from "../source-reading.js";

export async function withSource<T>(invocation: Invocation, read: (engine: SqlEngine) => Promise<T>): Promise<T> {
  const source = invocation.flags.text("source");
  if (source === undefined) {
    throw new CliError(
      "bad_usage",
      "`fleet` reads what machines shipped",
      "name it with --source clickhouse://user:password@host:8123/database or duckdb:FILE",
    );
  }
  try {
    const engine = await openEngine(source);
    try {
      return await read(engine);
    } finally {
      await engine.close();
    }
  } catch (error) {
    throw asCliError(error);
  }
}
