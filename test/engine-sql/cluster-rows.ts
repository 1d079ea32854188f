/** The table of canonical rows on the test cluster, and rows put into it. */
import { ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import { type ColumnType, ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "../../src/analyze/fleet/row.js";
import { CLUSTER_NAME, type Cluster } from "./cluster.js";

const TYPES: Readonly<Record<ColumnType, string>> = {
  id: "String",
  name: "String",
  text: "String",
  texts: "Array(String)",
  int: "Int64",
  maybe: "Nullable(Int64)",
};

export function clickhouseColumns(): string {
  return ROW_COLUMN_NAMES.map((name) => `${name} ${TYPES[ROW_COLUMNS[name].type]}`).join(", ");
}

export async function createRowsTable({ run, nodes }: Cluster): Promise<void> {
  const [first] = nodes;
  await run(
    first,
    `CREATE TABLE ${ROWS_TABLE}_local ON CLUSTER ${CLUSTER_NAME} (${clickhouseColumns()}) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/rows', '{replica}', rev) PARTITION BY toYYYYMM(toDateTime(intDiv(time, 1000), 'UTC')) ORDER BY (machine, time, id)`,
  );
  await run(
    first,
    `CREATE TABLE ${ROWS_TABLE} ON CLUSTER ${CLUSTER_NAME} (${clickhouseColumns()}) ENGINE = Distributed(${CLUSTER_NAME}, default, ${ROWS_TABLE}_local, cityHash64(machine))`,
  );
}

/** Through one node; on both replicas before it returns. */
export async function insertRows({ run, nodes }: Cluster, node: number, rows: readonly Row[]): Promise<void> {
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await run(nodes[node], `INSERT INTO ${ROWS_TABLE} FORMAT JSONEachRow`, body, {
    insert_distributed_sync: "1",
    insert_quorum: "2",
  });
}
