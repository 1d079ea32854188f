/** Names on the wire: golden files for OTLP and OCSF, a way back that loses nothing, and where an endpoint is told. */
import "../fixed-seed.js";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ocsfEvent } from "../../src/analyze/fleet/ocsf.js";
import { logRecordText, requestText } from "../../src/analyze/fleet/otlp.js";
import { ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanSource } from "../../src/analyze/scan/scan-source.js";
import { parseHeaders, readEndpoint } from "../../src/analyze/ship/endpoint.js";
import { retryAfterOf } from "../../src/analyze/ship/post.js";
import { DEFAULT_SETTINGS } from "../../src/core/policy/settings.js";
import { ROOT } from "../cli/run-cli.js";
import { busyLog } from "../cubes/busy-log.js";
import { rowsOfRequest } from "./otlp-rows.js";

const rows: readonly Row[] = [
  ...rowsOfLog(scanSource(bufferSource("log", Buffer.from(busyLog(2, 4, 12).text)), {}), {
    machine: "h:0123",
    logOf: (file) => file,
  }),
];

describe("a row on the wire", () => {
  it.each([
    ["otlp.json", (row: Row) => JSON.parse(logRecordText(row))],
    ["ocsf.json", ocsfEvent],
  ])("is what %s says", async (name, form) => {
    const kinds = new Map(rows.map((row) => [row.kind === "call" ? row.decision : row.kind, row]));
    const shown = [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, row]) => ({ kind, as: form(row) }));
    await expect(`${JSON.stringify(shown, null, 1)}\n`).toMatchFileSnapshot(
      join(ROOT, "fixtures", "ship", "wire", name),
    );
  });

  it("comes back as it was", () => {
    const valueFor = {
      id: fc.uuid(),
      name: fc.string(),
      text: fc.string({ unit: "binary" }),
      texts: fc.array(fc.string()),
      int: fc.maxSafeInteger(),
      maybe: fc.option(fc.maxSafeInteger()),
    };
    const shape = Object.fromEntries(ROW_COLUMN_NAMES.map((name) => [name, valueFor[ROW_COLUMNS[name].type]]));
    fc.assert(
      fc.property(fc.record(shape), fc.constantFrom(...rows), (values, base) => {
        const row = { ...base, ...values, kind: base.kind } as Row;
        const [back] = rowsOfRequest(JSON.parse(requestText([logRecordText(row)], "m", "1")));
        expect(back).toEqual(row);
      }),
      { numRuns: 60 },
    );
  });
});

const { ship } = DEFAULT_SETTINGS;
const at = (env: Record<string, string>, given?: string) => {
  const read = readEndpoint(ship, env, given);
  return read.kind === "endpoint" ? read.endpoint : read;
};

describe("an endpoint", () => {
  it.each([
    [{}, { kind: "none" }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318" }, { url: new URL("http://c:4318/v1/logs"), isCompressed: true }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318/x/" }, { url: new URL("http://c:4318/x/v1/logs") }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://b/as-is" },
      { url: new URL("http://b/as-is") },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://dana:p%40ss@c", OTEL_EXPORTER_OTLP_HEADERS: "x-a=1,x-b=%202" },
      {
        url: new URL("http://c/v1/logs"),
        headers: { authorization: `Basic ${Buffer.from("dana:p@ss").toString("base64")}`, "x-a": "1", "x-b": " 2" },
      },
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://c",
        OTEL_EXPORTER_OTLP_TIMEOUT: "500",
        OTEL_EXPORTER_OTLP_COMPRESSION: "none",
      },
      { timeoutMs: 500, isCompressed: false },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, { kind: "failed" }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_EXPORTER_OTLP_COMPRESSION: "brotli" }, { kind: "failed" }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_EXPORTER_OTLP_TIMEOUT: "soon" }, { kind: "failed" }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://c" }, { kind: "failed" }],
  ])("%j", (env, expected) => {
    expect(at(env)).toMatchObject(expected);
  });

  it("of the settings has nothing from the environment", () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://evil", OTEL_EXPORTER_OTLP_HEADERS: "authorization=x" };
    const read = readEndpoint({ ...ship, endpoint: "https://ours", headersFile: "/h" }, env);
    expect(read).toMatchObject({
      endpoint: { url: new URL("https://ours/v1/logs"), headers: {}, headersFile: "/h", certificate: null },
    });
  });

  it("takes headers as lines, and leaves out what is none", () => {
    expect(parseHeaders("Authorization = Bearer a=b\n\n# no\nx\r\ny=1\n", "\n")).toEqual({
      authorization: "Bearer a=b",
      y: "1",
    });
  });

  it.each([
    [undefined, null],
    ["120", 120_000],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 60_000],
    ["Wed, 21 Oct 2020 07:28:00 GMT", 0],
    ["later", null],
  ])("Retry-After %s", (value, expected) => {
    expect(retryAfterOf(value, Date.UTC(2026, 9, 21, 7, 27))).toBe(expected);
  });
});
