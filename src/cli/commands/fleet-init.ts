/** `fleet init`: the tables that shipped rows go into, printed or made; and the same schema in the other forms it has. */
import {
  type ClickhouseOptions,
  clickhouseStatements,
  DEFAULT_RETAIN_DAYS,
  duckdbStatements,
  otelStatements,
  rollupStatements,
  rollupTable,
} from "../../analyze/fleet/ddl.js";
import { plural } from "../../analyze/report/shape.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { refuseReadOnly } from "../refuse.js";

const DAY_MS = 86_400_000;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags } = invocation;
  const target = flags.text("apply");
  const dialect = flags.text("dialect") ?? (target?.startsWith("duckdb:") === true ? "duckdb" : "clickhouse");
  const other = await otherForm(dialect);
  if (other !== null) {
    if (target !== undefined) throw new CliError("bad_usage", `--apply makes tables, and \`${dialect}\` has none`);
    io.stdout.write(other);
    return EXIT.fine;
  }
  const statements = statementsOf(invocation, dialect);
  if (target === undefined) {
    if (invocation.json) io.stdout.write(`${JSON.stringify({ dialect, statements })}\n`);
    else io.stdout.write(statements.map((one) => `${one};\n`).join("\n"));
    return EXIT.fine;
  }
  refuseReadOnly(invocation, "`fleet init --apply`");
  const [{ runStatements }, { asCliError }] = await Promise.all([
    import("../../analyze/engine/open-engine.js"),
    import("../source-reading.js"),
  ]);
  try {
    await runStatements(target, statements);
  } catch (error) {
    throw asCliError(error);
  }
  if (invocation.json) io.stdout.write(`${JSON.stringify({ dialect, applied: statements.length })}\n`);
  else io.stdout.write(`made: ${plural(statements.length, "statement")}, tables that were there stand as they were\n`);
  return EXIT.fine;
}

function statementsOf({ flags }: Invocation, dialect: string): readonly string[] {
  const rollup = flags.text("rollup");
  if (rollup !== undefined) return rollupStatements(dayOf(rollup, dialect));
  if (dialect === "duckdb") return duckdbStatements();
  const isTestCluster = flags.on("testCluster");
  const options: ClickhouseOptions = {
    cluster: flags.text("cluster") ?? null,
    retainDays: retainDaysOf(flags.count("retainDays", 1) ?? DEFAULT_RETAIN_DAYS),
    isTestCluster,
  };
  const table = clickhouseStatements(options);
  // Maps, views over them and roll-ups are younger than the release of the test cluster.
  if (isTestCluster) return table;
  return [...table, ...(flags.on("otel") ? otelStatements(options.cluster) : []), ...rollupTable(options.cluster)];
}

/** ClickHouse counts the end of a row's life in 32 bits of seconds: a far one would come round and delete the row at once. */
function retainDaysOf(days: number): number {
  if (days <= MOST_RETAIN_DAYS) return days;
  throw new CliError("bad_usage", `--retain-days takes at most ${MOST_RETAIN_DAYS} days, not ${days}`);
}

const MOST_RETAIN_DAYS = 10_000;

function dayOf(text: string, dialect: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new CliError("bad_usage", `--rollup takes a day like 2026-11-20, not \`${text}\``);
  if (dialect !== "clickhouse") throw new CliError("bad_usage", "roll-ups are ClickHouse's");
  return Math.floor(time / DAY_MS);
}

/** What is no SQL; loaded only when asked for. */
async function otherForm(dialect: string): Promise<string | null> {
  if (dialect === "json-schema") {
    const { rowJsonSchema } = await import("../../analyze/fleet/row-json-schema.js");
    return `${JSON.stringify(rowJsonSchema(), null, 2)}\n`;
  }
  if (dialect === "mapping") {
    const { mapping } = await import("../../analyze/fleet/mapping.js");
    return `${JSON.stringify(mapping(), null, 2)}\n`;
  }
  if (dialect === "collector") return (await import("../../analyze/fleet/collector-config.js")).COLLECTOR_CONFIG;
  return null;
}
