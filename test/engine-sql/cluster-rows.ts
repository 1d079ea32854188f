/** The table of canonical rows on the test cluster, and rows put into it. */
import { ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import { clickhouseStatements, DEFAULT_RETAIN_DAYS } from "../../src/analyze/fleet/ddl.js";
import type { Row } from "../../src/analyze/fleet/row.js";
import { CLUSTER_NAME, type Cluster } from "./cluster.js";

export async function createRowsTable({ run, nodes }: Cluster): Promise<void> {
  const form = { cluster: CLUSTER_NAME, retainDays: DEFAULT_RETAIN_DAYS, isTestCluster: true };
  for (const statement of clickhouseStatements(form)) await run(nodes[0], statement);
}

/** Through one node; on both replicas before it returns. */
export async function insertRows({ run, nodes }: Cluster, node: number, rows: readonly Row[]): Promise<void> {
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await run(nodes[node], `INSERT INTO ${ROWS_TABLE} FORMAT JSONEachRow`, body, {
    insert_distributed_sync: "1",
    insert_quorum: "2",
  });
}
