/** A ClickHouse server or cluster as an engine, over HTTP. The client is an optional peer, loaded only when a report asks for it. */
import { CLICKHOUSE, ROWS_TABLE } from "./dialect.js";
import { EngineError, outdated, type SqlEngine } from "./engine.js";

/** What is used of the client. */
export interface ClickhouseClient {
  query(request: { readonly query: string; readonly format: "JSONCompact" }): Promise<{ json(): Promise<unknown> }>;
  close(): Promise<void>;
}

/** A report may read a year. */
const TIMEOUT_MS = 600_000;
/** Most statements of a report wait for the network rather than for a processor. */
const AT_ONCE = 4;

/** @param url `clickhouse://user:password@host:8123/database`, `clickhouses:` over TLS */
export async function openClickhouse(url: URL): Promise<SqlEngine> {
  const { client, name } = await connect(url);
  return clickhouseEngine(client, name);
}

/** Statements that make or change tables, one after the other. Rejects at the first that is refused; those before it stand. */
export async function runOnClickhouse(url: URL, statements: readonly string[]): Promise<void> {
  const { client, name } = await connect(url);
  try {
    for (const query of statements) await client.command({ query });
  } catch (error) {
    throw failure(error, name);
  } finally {
    await client.close();
  }
}

async function connect(url: URL) {
  const { createClient, ClickHouseLogLevel } = await import("@clickhouse/client").catch(() => {
    throw new EngineError(
      "source_driver_missing",
      "`clickhouse:` needs the package @clickhouse/client",
      "npm install @clickhouse/client",
    );
  });
  const isSecure = url.protocol === "clickhouses:";
  const port = url.port || (isSecure ? "8443" : "8123");
  const database = decodeURIComponent(url.pathname.slice(1)) || "default";
  const client = createClient({
    url: `${isSecure ? "https" : "http"}://${url.hostname}:${port}`,
    username: decodeURIComponent(url.username) || "default",
    password: decodeURIComponent(url.password),
    database,
    application: "claude-permit",
    request_timeout: TIMEOUT_MS,
    log: { level: ClickHouseLogLevel.OFF },
  });
  return { client, name: `${url.protocol}//${url.hostname}:${port}/${database}` };
}

export function clickhouseEngine(client: ClickhouseClient, name: string): SqlEngine {
  return {
    dialect: CLICKHOUSE,
    name,
    atOnce: AT_ONCE,
    async rows(sql) {
      try {
        const answer = await client.query({ query: sql, format: "JSONCompact" });
        return rowsOf(await answer.json());
      } catch (error) {
        throw failure(error, name);
      }
    },
    close: () => client.close(),
  };
}

function rowsOf(answer: unknown): readonly (readonly unknown[])[] {
  const data = typeof answer === "object" && answer !== null && "data" in answer ? answer.data : null;
  if (Array.isArray(data) && data.every((row) => Array.isArray(row))) return data;
  throw new EngineError("source_refused", "the server's answer is not what was asked for");
}

/** Codes of the server: unknown table and database, unknown column, wrong user or password, no live replica of a shard. */
function failure(error: unknown, name: string): EngineError {
  if (error instanceof EngineError) return error;
  const message = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  const code = codeOf(error) ?? /\bCode: (\d+)/.exec(message)?.[1] ?? "";
  if (code === "60" || code === "81") {
    return new EngineError(
      "source_not_initialised",
      `there is no table \`${ROWS_TABLE}\` in \`${name}\``,
      "claude-permit fleet init --dialect clickhouse",
    );
  }
  if (code === "47") return outdated(name, /(?:identifier|columns?):? [`'"]?(\w+)/i.exec(message)?.[1] ?? "");
  if (code === "192" || code === "193" || code === "516") {
    return new EngineError(
      "source_refused",
      `\`${name}\` does not know this user and password`,
      "give them in --source clickhouse://user:password@host:8123/database",
    );
  }
  if (code === "279") {
    return new EngineError(
      "source_unreachable",
      `a shard behind \`${name}\` cannot be reached, and a report without it would be wrong`,
      "bring one of its replicas back",
    );
  }
  if (error instanceof SyntaxError) {
    return new EngineError(
      "source_unreachable",
      `what answers at \`${name}\` is no ClickHouse`,
      "check host and port (HTTP, 8123 by default)",
    );
  }
  if (code === "" || /^E[A-Z]+$/.test(code)) {
    return new EngineError(
      "source_unreachable",
      `cannot reach \`${name}\`: ${message || code}`,
      "check host and port (HTTP, 8123 by default)",
    );
  }
  return new EngineError("source_refused", `\`${name}\` refused a statement: ${message}`);
}

function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
}
