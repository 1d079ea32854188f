/**
 * One batch of log records to an OTLP/HTTP endpoint, and what it said. Follows no redirect, which would carry headers and
 * data elsewhere, and reads no more of an answer than is needed. It retries nothing: that is `deliver`'s.
 */
import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { gzipSync } from "node:zlib";
import type { Endpoint } from "./endpoint.js";

export type Posted =
  /** `rejected`: records that were thrown away for good, as the endpoint said (a partial success). */
  | { readonly kind: "taken"; readonly bytes: number; readonly rejected: number }
  | { readonly kind: "later"; readonly why: string; readonly retryAfterMs: number | null }
  /** Sending the same again would end the same. */
  | { readonly kind: "refused"; readonly why: string };

export type Post = (body: string) => Promise<Posted>;

/** Texts of files that the endpoint names, already read. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const ANSWER_BYTES = 65_536;
/** OTLP/HTTP: these are worth another try; so is every failure below HTTP. */
const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Keeps one connection open; `close` ends it. */
export function openPost(
  endpoint: Endpoint,
  { headers, ...tls }: Credentials,
  agentName: string,
  now: () => number,
): { readonly post: Post; readonly close: () => void } {
  const isTls = endpoint.url.protocol === "https:";
  const agent = isTls ? new HttpsAgent({ keepAlive: true, maxSockets: 1, ...tls }) : new HttpAgent({ keepAlive: true });
  const options: RequestOptions = {
    method: "POST",
    agent,
    timeout: endpoint.timeoutMs,
    headers: {
      ...endpoint.headers,
      ...headers,
      "content-type": "application/json",
      "user-agent": agentName,
      ...(endpoint.isCompressed ? { "content-encoding": "gzip" } : {}),
    },
  };
  const send = isTls ? requestHttps : requestHttp;
  const post: Post = (body) =>
    new Promise((resolve) => {
      const bytes = endpoint.isCompressed ? gzipSync(body) : Buffer.from(body);
      const later = (why: string) => resolve({ kind: "later", why, retryAfterMs: null });
      const request = send(endpoint.url, options, (answer) => {
        readAnswer(answer, endpoint.timeoutMs).then(
          (text) => resolve(postedOf(answer, text, bytes.length, now())),
          (error: unknown) => later(messageOf(error)),
        );
      });
      request.on("timeout", () => request.destroy(new Error(`no answer within ${endpoint.timeoutMs} ms`)));
      request.on("error", (error) => later(messageOf(error)));
      request.setHeader("content-length", bytes.length);
      request.end(bytes);
    });
  return { post, close: () => agent.destroy() };
}

async function readAnswer(answer: IncomingMessage, timeoutMs: number): Promise<string> {
  const timer = setTimeout(() => answer.destroy(new Error(`no whole answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > ANSWER_BYTES) break;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } finally {
    clearTimeout(timer);
  }
}

function postedOf(
  { statusCode: status = 0, headers }: IncomingMessage,
  text: string,
  bytes: number,
  now: number,
): Posted {
  if (status >= 200 && status < 300) return { kind: "taken", bytes, rejected: rejectedOf(text) };
  const why = `HTTP ${status}${status >= 300 && status < 400 ? ", a redirect, which is not followed" : ""}`;
  if (!LATER.has(status)) return { kind: "refused", why };
  return { kind: "later", why, retryAfterMs: retryAfterOf(headers["retry-after"], now) };
}

/** Seconds or a date. */
export function retryAfterOf(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** `{"partialSuccess":{"rejectedLogRecords":"3"}}`; an answer in protobuf tells nothing here. */
function rejectedOf(text: string): number {
  const [, count = "0"] = /"rejected_?[lL]og_?[rR]ecords"\s*:\s*"?(\d{1,15})/.exec(text) ?? [];
  return Number(count);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return error.message === "" || error.message === code ? code || "failed" : error.message;
}
