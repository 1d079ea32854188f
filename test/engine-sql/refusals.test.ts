/** What an engine refuses, as the user is told it: what, where, and what to do. Servers are stood in for by their answers. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openClickhouse } from "../../src/analyze/engine/clickhouse.js";
import { openDuckdb } from "../../src/analyze/engine/duckdb.js";
import { EngineError } from "../../src/analyze/engine/engine.js";

let answer: { readonly status: number; readonly code?: string; readonly text: string };
let server: Server;
let where = "";

beforeAll(async () => {
  server = createServer((_, response) => {
    const told = answer.code === undefined ? {} : { "x-clickhouse-exception-code": answer.code };
    response.writeHead(answer.status, told).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  where = `127.0.0.1:${(server.address() as AddressInfo).port}/fleet`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function refusal(work: () => Promise<unknown>): Promise<EngineError> {
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof EngineError) return error;
  throw new Error(`no refusal: ${String(error)}`);
}

it.each([
  [
    "a column of now, present server",
    {
      code: "47",
      text: "Code: 47. DB::Exception: Unknown expression identifier `saved` in scope SELECT saved. (UNKNOWN_IDENTIFIER)",
    },
    "source_not_initialised",
    "lacks the column `saved`",
    "ADD COLUMN",
  ],
  [
    "a column of now, server of 2018",
    {
      code: "47",
      text: "Code: 47, e.displayText() = DB::Exception: Unknown identifier: saved, e.what() = DB::Exception",
    },
    "source_not_initialised",
    "lacks the column `saved`",
    "ADD COLUMN",
  ],
  [
    "a column of now, server in between",
    {
      code: "47",
      text: "Code: 47. DB::Exception: Missing columns: 'saved' while processing query. (UNKNOWN_IDENTIFIER)",
    },
    "source_not_initialised",
    "lacks the column `saved`",
    "ADD COLUMN",
  ],
  ["no table", { code: "60", text: "Code: 60. DB::Exception: no" }, "source_not_initialised", "no table", "fleet init"],
  [
    "a password",
    { code: "516", text: "Code: 516. DB::Exception: someone" },
    "source_refused",
    "user and password",
    "--source",
  ],
  ["a shard away", { code: "279", text: "Code: 279. DB::Exception: all" }, "source_unreachable", "a shard", "replicas"],
])("ClickHouse: %s", async (_, told, code, message, hint) => {
  answer = { status: 404, ...told };
  const engine = await openClickhouse(new URL(`clickhouse://someone:hunter2@${where}`));
  const error = await refusal(() => engine.rows("SELECT 1"));
  expect(error).toMatchObject({ code, message: expect.stringContaining(message), hint: expect.stringContaining(hint) });
  expect(error.message).toContain(`clickhouse://${where}`);
  expect(error.message).not.toContain("hunter2");
  await engine.close();
});

it("what is no ClickHouse is called so", async () => {
  answer = { status: 200, text: "<html>hello</html>" };
  const engine = await openClickhouse(new URL(`clickhouse://${where}`));
  expect(await refusal(() => engine.rows("SELECT 1"))).toMatchObject({
    code: "source_unreachable",
    message: expect.stringContaining("no ClickHouse"),
  });
  await engine.close();
});

it("DuckDB: no table, and one of an older version", async () => {
  const engine = await openDuckdb(":memory:");
  expect(await refusal(() => engine.rows("SELECT saved FROM claude_permit_rows"))).toMatchObject({
    code: "source_not_initialised",
    message: "there is no table `claude_permit_rows` in `duckdb::memory:`",
  });
  await engine.rows("CREATE TABLE claude_permit_rows (v BIGINT)");
  expect(await refusal(() => engine.rows("SELECT saved FROM claude_permit_rows"))).toMatchObject({
    code: "source_not_initialised",
    message: expect.stringContaining("lacks the column `saved`"),
  });
  await engine.close();
});
