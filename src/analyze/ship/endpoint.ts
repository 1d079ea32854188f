/**
 * Where to ship to, from the policy's settings or from OpenTelemetry's standard variables (`OTEL_EXPORTER_OTLP_*`, those
 * with `LOGS_` before the general ones). Names files of certificates and headers; opens none. A repository can set the
 * environment of what Claude Code starts, so the caller passes it only where a person started us.
 */
import type { Settings } from "../../core/policy/policy.js";

export interface Endpoint {
  /** Of the logs signal, without user and password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A file of `name=value` lines. */
  readonly headersFile: string | null;
  readonly timeoutMs: number;
  readonly isCompressed: boolean;
  /** Files: the authority to trust, and what to show of ourselves. */
  readonly certificate: string | null;
  readonly clientCertificate: string | null;
  readonly clientKey: string | null;
}

export type EndpointRead =
  | { readonly kind: "endpoint"; readonly endpoint: Endpoint }
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string };

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_TIMEOUT_MS = 10_000;

/** @param env empty where it cannot be trusted. `given`: as typed, before all else. */
export function readEndpoint(settings: Settings["ship"], env: Environment, given?: string): EndpointRead {
  const isSet = given === undefined && settings.endpoint !== undefined;
  const variable = (name: string): string | undefined =>
    isSet ? undefined : env[`OTEL_EXPORTER_OTLP_LOGS_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`] || undefined;
  const base = given ?? settings.endpoint;
  const own = isSet || base !== undefined ? undefined : env["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] || undefined;
  const written = own ?? base ?? (env["OTEL_EXPORTER_OTLP_ENDPOINT"] || undefined);
  if (written === undefined) return { kind: "none" };
  const url = urlOf(written, own === undefined);
  if (url === null) {
    return failed(`\`${withoutLogin(written)}\` is no address`, "write one like https://collector.example:4318");
  }
  if (base === undefined && variable("PROTOCOL") === "grpc") {
    return failed(
      "OTEL_EXPORTER_OTLP_PROTOCOL is `grpc`, and only http/json is spoken here",
      "name the collector's HTTP address, usually on port 4318, in OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    );
  }
  const headers = { ...loginOf(url), ...parseHeaders(variable("HEADERS") ?? "", ",") };
  url.username = "";
  url.password = "";
  const timeoutMs = Number(variable("TIMEOUT") ?? DEFAULT_TIMEOUT_MS);
  const compression = variable("COMPRESSION") ?? "gzip";
  if (compression !== "gzip" && compression !== "none") {
    return failed(`OTEL_EXPORTER_OTLP_COMPRESSION is \`${compression}\``, "`gzip` and `none` are known");
  }
  if (!(timeoutMs > 0)) return failed("OTEL_EXPORTER_OTLP_TIMEOUT is no number of milliseconds", "write 10000");
  return {
    kind: "endpoint",
    endpoint: {
      url,
      headers,
      headersFile: settings.headersFile ?? null,
      timeoutMs,
      isCompressed: compression === "gzip",
      certificate: settings.certificate ?? variable("CERTIFICATE") ?? null,
      clientCertificate: variable("CLIENT_CERTIFICATE") ?? null,
      clientKey: variable("CLIENT_KEY") ?? null,
    },
  };
}

/** `name=value` pairs, percent-encoded as the variables have them. A pair that is none is left out. */
export function parseHeaders(text: string, between: "," | "\n"): Readonly<Record<string, string>> {
  const pairs = text.split(between).flatMap((pair) => {
    const [, name = "", value = ""] = /^\s*([!#$%&'*+.^`|~\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    return name === "" ? [] : [[name.toLowerCase(), decoded(value)] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** A base address gets the path of the logs signal, as OpenTelemetry says. */
function urlOf(written: string, isBase: boolean): URL | null {
  if (!URL.canParse(written)) return null;
  const url = new URL(written);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  if (isBase) url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/logs`;
  return url;
}

function loginOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const login = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}

function withoutLogin(text: string): string {
  return text.replace(/\/\/[^@/]*@/, "//");
}

function failed(message: string, hint: string): EndpointRead {
  return { kind: "failed", message, hint };
}
