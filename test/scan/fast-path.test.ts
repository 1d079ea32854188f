/** Whatever a log holds: what the quick reading reports is what parsing each line reports. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { foldLog } from "../../src/analyze/cubes/fold-log.js";
import { openRollups } from "../../src/analyze/cubes/rollups.js";
import { buildReport } from "../../src/analyze/report/build.js";
import { renderJson } from "../../src/analyze/report/render/json.js";
import { openScan, type Scan } from "../../src/analyze/scan/open-scan.js";
import type { RecordFilter } from "../../src/analyze/scan/scan.js";
import { newScanStats } from "../../src/analyze/scan/scan-source.js";
import { UTC } from "../../src/analyze/zone.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { recordOf } from "../audit/record-of.js";
import { NASTY_START, nastyLog } from "./nasty-log.js";

const HOUR = 3_600_000;
const now = NASTY_START + 90 * 24 * HOUR;
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fast-path-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function opened(name: string, bytes: Uint8Array | string): Promise<Scan> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const scan = await openScan([file]);
  if (scan.kind === "failed") throw new Error(scan.message);
  return scan.scan;
}

function report(cubes: ReturnType<typeof foldRecords>, scan: Scan): string[] {
  const meta = { generatedAt: now, engineVersion: "test", zone: UTC, files: scan.files, limit: 10_000 };
  return renderJson(buildReport(cubes, meta)).split("\n");
}

function folded(scan: Scan, isLazy: boolean, filter: RecordFilter = {}): string[] {
  return report(foldRecords(scan.backward(filter, { isLazy }), { window: {}, zone: UTC, now }), scan);
}

describe("the quick reading", () => {
  it("reports what parsing each line reports, on a log that tries everything", async () => {
    const scan = await opened("nasty.jsonl", nastyLog(11, 10_000));
    const parsed = folded(scan, false);
    expect(parsed.length).toBeGreaterThan(5_000);
    expect(folded(scan, true)).toEqual(parsed);
  }, 60_000);

  it.each<[string, RecordFilter]>([
    ["a session", { session: "session-17" }],
    ["a decision", { decision: "deny" }],
    ["a tool", { tool: "Bash" }],
    ["a rule named like a decision", { rule: "deny" }],
    ["a window", { since: NASTY_START + HOUR, until: NASTY_START + 2 * HOUR }],
  ])("passes by only what is not asked for: %s", async (_, filter) => {
    const scan = await opened("filtered.jsonl", nastyLog(12, 5_000));
    const ids = (isLazy: boolean) =>
      [...scan.backward(filter, { isLazy })].map((one) => (one.kind === "bad" ? one.problem : one.record.id));
    const all = [...scan.backward()].filter((one) => one.kind === "record");
    expect(ids(true)).toEqual(ids(false));
    expect(ids(true).length).toBeGreaterThan(0);
    expect(all.length).toBeGreaterThan(ids(true).length);
  });

  it("reads lines longer than a piece, a block and the bound", async () => {
    const sizes = [10, 70_000, 65_000, 10, 200_000, 1_300_000, 10, 5_000_000, 10, 40_000, 2_500_000, 10];
    const log = [...sizes, ...sizes.toReversed()].map((size, index) => {
      const id = `019c0000-0000-7000-8000-${String(index).padStart(12, "0")}`;
      const decision = index % 3 === 0 ? "deny" : "allow";
      return encodeRecord(recordOf({ id, decision, tier: decision, tool_input: { content: "é\n".repeat(size / 4) } }));
    });
    const scan = await opened("long.jsonl", log.join(""));
    for (const filter of [{}, { decision: "deny" }] satisfies RecordFilter[]) {
      const told = (isLazy: boolean) =>
        [...scan.backward(filter, { isLazy })].map((one) =>
          one.kind === "bad" ? [one.at, one.problem] : [one.at, one.record.id, one.record.tool_input],
        );
      expect(told(true)).toEqual(told(false));
      expect(told(true).length).toBe(filter.decision === undefined ? 24 : 10);
    }
  });

  it("reports the same where there is no WebAssembly", () => {
    const file = join(folder, "jitless.jsonl");
    writeFileSync(file, nastyLog(14, 400));
    const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
    const output = (flags: readonly string[], command: readonly string[]) => {
      const args = [...flags, main, ...command, "--audit", file, "--home", join(folder, "home"), "--json"];
      return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout.replace(/"generated_at": .*/, "");
    };
    for (const command of [["stats"], ["list", "--decision", "deny", "--limit", "500"]]) {
      const plain = output([], command);
      expect(plain.length).toBeGreaterThan(1_000);
      expect(output(["--jitless"], command)).toBe(plain);
    }
  }, 60_000);

  it("remembers stretches of such a log and reports the same", async () => {
    const bytes = nastyLog(13, 4_000);
    const scan = await opened("kept.jsonl", bytes);
    const rollups = openRollups(join(folder, "cache"), "test");
    const counted = (kept: typeof rollups | null) => {
      const stats = newScanStats();
      const cubes = foldLog(scan, { window: {}, read: {}, zone: UTC, now, rollups: kept, leafBytes: 200_000, stats });
      return { text: report(cubes, scan), bytes: stats.bytesRead };
    };
    const first = counted(rollups);
    const again = counted(rollups);
    expect(first.text).toEqual(counted(null).text);
    expect(again.text).toEqual(first.text);
    expect(again.bytes).toBeLessThan(bytes.length / 4);
  }, 60_000);

  const shared = fileURLToPath(new URL("../../../shared/data/claude_toolcalls.jsonl.gz", import.meta.url));
  it.skipIf(!existsSync(shared))(
    "reports the same on the shared tool calls",
    async () => {
      const scan = await opened("shared.jsonl", sharedLog(shared));
      const parsed = folded(scan, false);
      expect(folded(scan, true)).toEqual(parsed);
      expect(parsed.length).toBeGreaterThan(5_000);
    },
    120_000,
  );
});

/** Calls and their outcomes as the hook would have written them. */
function sharedLog(path: string): string {
  const rows = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  return rows
    .map((row) => JSON.parse(row))
    .filter((row) => typeof row.timestamp === "string" && typeof row.cwd === "string")
    .sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1))
    .map((row, index) => {
      const of = {
        v: 1,
        id: `019c0000-0000-7000-8000-${String(index).padStart(12, "0")}`,
        timestamp: new Date(row.timestamp).toISOString(),
        session_id: row.session_id,
        tool_name: row.tool_name,
        tool_use_id: row.tool_use_id,
        cwd: row.cwd,
        auto_promoted: false,
      } as const;
      const call = { ...of, event: "PreToolUse", tier: "passthrough", decision: "passthrough" } as const;
      const outcome = { ...of, event: "PostToolUse", tool_success: row.is_error !== true };
      return (
        encodeRecord({ ...call, tool_input: row.tool_input } as AuditRecord) + encodeRecord(outcome as AuditRecord)
      );
    })
    .join("");
}
