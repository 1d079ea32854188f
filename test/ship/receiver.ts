/** An OTLP/HTTP receiver that misbehaves by plan: turns away, cuts the connection after it has kept what came, answers twice. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Row } from "../../src/analyze/fleet/row.js";
import { rowsOfRequest } from "./otlp-rows.js";

export type Fault = "none" | "503" | "429" | "cut-before" | "cut-after" | "partial" | "400" | "redirect";

export interface Receiver {
  readonly url: string;
  /** Every row as it came, repeats included. */
  readonly rows: Row[];
  /** Bodies as they came, decompressed. */
  readonly bodies: string[];
  readonly headers: IncomingMessage["headers"][];
  readonly paths: string[];
  close(): Promise<void>;
}

/** @param faultOf what happens to the n-th request, from 0 */
export async function startReceiver(faultOf: (n: number) => Fault = () => "none", retryAfter = "0"): Promise<Receiver> {
  const rows: Row[] = [];
  const bodies: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const paths: string[] = [];
  let count = 0;
  const server: Server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const fault = faultOf(count++);
      headers.push(request.headers);
      paths.push(`${request.method} ${request.url}`);
      if (fault === "cut-before") return void request.socket.destroy();
      if (fault === "503" || fault === "429" || fault === "400") {
        return void answer.writeHead(Number(fault), { "retry-after": retryAfter }).end();
      }
      if (fault === "redirect") return void answer.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
      const bytes = Buffer.concat(chunks);
      const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
      bodies.push(text);
      rows.push(...rowsOfRequest(JSON.parse(text)));
      if (fault === "cut-after") return void request.socket.destroy();
      const said = fault === "partial" ? { partialSuccess: { rejectedLogRecords: "3" } } : { partialSuccess: {} };
      answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, rows, bodies, headers, paths, close };
}

/** What an engine keeps: of each id the newest, and none that is gone. */
export function keptRows(rows: Iterable<Row>): Row[] {
  const newest = new Map<string, Row>();
  for (const row of rows) if (row.rev >= (newest.get(row.id)?.rev ?? -1)) newest.set(row.id, row);
  return [...newest.values()].filter(({ kind }) => kind !== "gone");
}
