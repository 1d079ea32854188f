/**
 * The one row schema as DDL. ClickHouse in its present form, and in one that its 2018 release takes, which only tests use;
 * DuckDB. INVARIANT: partition and sorting key are functions of what never changes of a row (its id holds its time), or two
 * versions of it would never meet and both would count.
 */
import { ROWS_TABLE } from "../engine/dialect.js";
import { type ColumnType, ROW_COLUMN_NAMES, ROW_COLUMNS, type RowColumn } from "./row.js";
import { attributeOf, SERVICE } from "./wire.js";

export interface ClickhouseOptions {
  /** Name of the cluster, `null` for one server. */
  readonly cluster: string | null;
  readonly retainDays: number;
  /** For the release of 2018 that tests run as a real cluster: no codecs, no expiry, no dictionary encoding. */
  readonly isTestCluster: boolean;
}

export const DEFAULT_RETAIN_DAYS = 400;
const LOCAL = `${ROWS_TABLE}_local`;
export const DAYS_TABLE = "claude_permit_days";
const DAY_MS = 86_400_000;

const MODERN: Readonly<Record<ColumnType, string>> = {
  id: "UUID",
  name: "LowCardinality(String)",
  text: "String CODEC(ZSTD(1))",
  texts: "Array(String) CODEC(ZSTD(1))",
  int: "Int64 CODEC(ZSTD(1))",
  maybe: "Nullable(Int64) CODEC(ZSTD(1))",
};

const OF_2018: Readonly<Record<ColumnType, string>> = {
  id: "String",
  name: "String",
  text: "String",
  texts: "Array(String)",
  int: "Int64",
  maybe: "Nullable(Int64)",
};

const DUCKDB: Readonly<Record<ColumnType, string>> = {
  id: "VARCHAR",
  name: "VARCHAR",
  text: "VARCHAR",
  texts: "VARCHAR[]",
  int: "BIGINT",
  maybe: "BIGINT",
};

/** Better than the type's own: what is nearly sorted or grows is stored as differences. */
const CODECS: Readonly<Partial<Record<RowColumn, string>>> = {
  time: "Int64 CODEC(Delta, ZSTD(1))",
  rev: "Int64 CODEC(Delta, ZSTD(1))",
  off: "Int64 CODEC(Delta, ZSTD(1))",
};

export function duckdbStatements(): readonly string[] {
  return [`CREATE TABLE IF NOT EXISTS ${ROWS_TABLE} (\n${columns((name) => DUCKDB[ROW_COLUMNS[name].type])}\n)`];
}

/** The typed table; with a cluster the local one of every node, and the one that spans them. */
export function clickhouseStatements(options: ClickhouseOptions): readonly string[] {
  const { cluster, retainDays, isTestCluster } = options;
  const typeOf = (name: RowColumn) =>
    isTestCluster ? OF_2018[ROW_COLUMNS[name].type] : (CODECS[name] ?? MODERN[ROW_COLUMNS[name].type]);
  const listed = columns(typeOf);
  const day = `intDiv(time, ${DAY_MS})`;
  const keys = [
    `PARTITION BY toYYYYMM(toDate(intDiv(greatest(time, 0), ${DAY_MS})))`,
    `ORDER BY (${day}, machine, id)`,
    ...(isTestCluster ? [] : [`TTL toDateTime(intDiv(greatest(time, 0), 1000)) + INTERVAL ${retainDays} DAY`]),
  ].join("\n");
  if (cluster === null) {
    return [`CREATE TABLE IF NOT EXISTS ${ROWS_TABLE} (\n${listed}\n)\nENGINE = ReplacingMergeTree(rev)\n${keys}`];
  }
  const onCluster = `ON CLUSTER ${identifier(cluster)}`;
  const replicated = `ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${LOCAL}', '{replica}', rev)`;
  // All versions of a row are of one machine, so they meet on one shard.
  const spanning = `Distributed(${identifier(cluster)}, currentDatabase(), ${LOCAL}, cityHash64(machine))`;
  return [
    `CREATE TABLE IF NOT EXISTS ${LOCAL} ${onCluster} (\n${listed}\n)\nENGINE = ${replicated}\n${keys}`,
    `CREATE TABLE IF NOT EXISTS ${ROWS_TABLE} ${onCluster} (\n${listed}\n)\nENGINE = ${spanning}`,
  ];
}

/**
 * From the collector's generic table `otel_logs` (its ClickHouse exporter makes it) into the typed one, as rows arrive.
 * Alone, the same SELECT as a view needs no typed table, and is slow.
 */
export function otelStatements(cluster: string | null): readonly string[] {
  const onCluster = cluster === null ? "" : ` ON CLUSTER ${identifier(cluster)}`;
  const into = cluster === null ? ROWS_TABLE : LOCAL;
  const select = `SELECT\n${ROW_COLUMN_NAMES.map((name) => `  ${fromAttribute(name)} AS ${name}`).join(",\n")}\nFROM otel_logs\nWHERE ServiceName = '${SERVICE}'`;
  return [
    `CREATE VIEW IF NOT EXISTS claude_permit_otel${onCluster} AS\n${select}`,
    `CREATE MATERIALIZED VIEW IF NOT EXISTS claude_permit_from_otel${onCluster} TO ${into} AS\n${select}`,
  ];
}

/** Counts of whole days, kept for years when the rows are gone. */
export function rollupTable(cluster: string | null): readonly string[] {
  const onCluster = cluster === null ? "" : ` ON CLUSTER ${identifier(cluster)}`;
  const listed = [
    "  day Int32",
    ...["machine", "tool", "decision", "tier", "source"].map((name) => `  ${name} LowCardinality(String)`),
    "  rule String",
    "  policy LowCardinality(String)",
    ...["calls", "rejected", "failed", "saved"].map((name) => `  ${name} Int64`),
  ].join(",\n");
  return ["", "_next"].map(
    (suffix) =>
      `CREATE TABLE IF NOT EXISTS ${DAYS_TABLE}${suffix}${onCluster} (\n${listed}\n)\nENGINE = MergeTree\nPARTITION BY day\nORDER BY (day, machine, tool, decision, rule)`,
  );
}

/**
 * A closed day counted anew and put in the place of what was there, as often as one likes: incremental counting would
 * count repeated rows again. @param day whole days since 1970-01-01
 */
export function rollupStatements(day: number): readonly string[] {
  const keys = ["machine", "tool", "decision", "tier", "source", "rule", "policy"].join(", ");
  const sums = ["rejected = 'yes'", "outcome = 'failed'", "saved = 'yes'"].map((test) => `countIf(${test})`).join(", ");
  const within = `time >= ${day * DAY_MS} AND time < ${(day + 1) * DAY_MS}`;
  return [
    `ALTER TABLE ${DAYS_TABLE}_next DROP PARTITION ${day}`,
    `INSERT INTO ${DAYS_TABLE}_next SELECT ${day}, ${keys}, count(), ${sums} FROM ${ROWS_TABLE} FINAL WHERE kind = 'call' AND ${within} GROUP BY ${keys}`,
    `ALTER TABLE ${DAYS_TABLE} REPLACE PARTITION ${day} FROM ${DAYS_TABLE}_next`,
  ];
}

function columns(typeOf: (name: RowColumn) => string): string {
  return ROW_COLUMN_NAMES.map((name) => `  ${name} ${typeOf(name)}`).join(",\n");
}

function fromAttribute(name: RowColumn): string {
  const text = `LogAttributes['${attributeOf(name)}']`;
  if (name === "time") return `ifNull(toInt64OrNull(${text}), intDiv(toUnixTimestamp64Nano(Timestamp), 1000000))`;
  switch (ROW_COLUMNS[name].type) {
    case "id":
      return `toUUIDOrZero(${text})`;
    case "name":
    case "text":
      return text;
    case "texts":
      return `JSONExtract(${text}, 'Array(String)')`;
    case "int":
      return `toInt64OrZero(${text})`;
    case "maybe":
      return `toInt64OrNull(${text})`;
  }
}

/** A cluster's name, quoted. */
function identifier(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}
