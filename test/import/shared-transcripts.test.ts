/**
 * The real import over a large collection of real sessions, its counts held against a count over the rows themselves.
 * The collection is no part of the repository: where it is absent the test says so and is skipped.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { importTranscripts } from "../../src/analyze/import/import-transcripts.js";
import { findTranscripts } from "../../src/analyze/import/transcript-files.js";

const ROWS = new URL("../../../shared/data/claude_toolcalls.jsonl.gz", import.meta.url);
const SCRIPT = new URL("../../scripts/transcripts-from-shared.mjs", import.meta.url);
const isPresent = existsSync(ROWS);
if (!isPresent) console.log("skipped 1 test: the shared tool calls are not here");

interface Row {
  readonly session_id: string;
  readonly timestamp: string | null;
  readonly tool_name: string;
  readonly is_error: boolean | null;
  readonly rejected: string | null;
  readonly result_chars?: number;
  readonly source_repo: string;
}

type Counts = Record<string, number>;

function count<T>(items: readonly T[], key: (item: T) => string): Counts {
  const counts: Counts = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

const folder = isPresent ? mkdtempSync(join(tmpdir(), "shared-transcripts-")) : "";
afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

const TIER_OF: Readonly<Record<string, string>> = {
  user: "user",
  hook: "claude_rule",
  permission_rule: "claude_rule",
  auto_mode_classifier: "auto_mode",
  needs_grant: "claude_mode",
  permission_stream_closed: "claude_mode",
};

const FORMER: Readonly<Record<string, string>> = { Task: "Agent", KillShell: "TaskStop", KillBash: "TaskStop" };

describe.skipIf(!isPresent)("31,435 shared calls", () => {
  it("come out of the transcripts as they went in", { timeout: 600_000 }, () => {
    const made = spawnSync(process.execPath, [SCRIPT.pathname, ROWS.pathname, join(folder, "projects")], {
      encoding: "utf8",
    });
    expect(made.stderr).toBe("");
    const output = join(folder, "imported-transcripts.jsonl");
    const account = importTranscripts({
      files: findTranscripts([join(folder, "projects")]).files,
      output,
      logged: { find: () => undefined },
      describeCall: () => ({}),
      projectOf: (start) => start,
      home: "",
      redact: (text) => ({ text, count: 0 }),
    });

    const rows: Row[] = gunzipSync(readFileSync(ROWS))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    const timed = rows.filter((row) => row.timestamp !== null);
    const records = readFileSync(output, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const calls = records.filter((record) => record.event === "PreToolUse");

    // Every row is a record or is told as one that has no time.
    expect(account.calls + (account.problemCounts["no-timestamp"] ?? 0)).toBe(rows.length);
    expect(calls.length).toBe(timed.length);
    const current = (name: string) => FORMER[name] ?? name;
    expect(count(calls, (call) => call.tool_name)).toEqual(count(timed, (row) => current(row.tool_name)));
    expect(count(calls, (call) => call.session_id)).toEqual(count(timed, (row) => row.session_id));
    expect(count(calls, (call) => call.tier)).toEqual(
      count(timed, (row) => TIER_OF[row.rejected ?? ""] ?? "passthrough"),
    );
    expect(count(calls, (call) => call.decision)).toEqual(
      count(timed, (row) => (TIER_OF[row.rejected ?? ""] === undefined ? "passthrough" : "deny")),
    );
    const outcomes = records.filter((record) => record.tool_success !== undefined);
    const ran = timed.filter((row) => row.is_error !== null && TIER_OF[row.rejected ?? ""] === undefined);
    expect(count(outcomes, (record) => String(record.tool_success))).toEqual(
      count(ran, (row) => String(!row.is_error)),
    );
    const asked = records.filter((record) => record.event === "PermissionRequest");
    expect(asked.length).toBe(timed.filter((row) => row.rejected === "user").length);
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    expect(sum(outcomes.filter((one) => one.tool_success).map((one) => one.tool_result_length))).toBe(
      sum(ran.filter((row) => row.is_error === false).map((row) => row.result_chars ?? 0)),
    );
    const times = records.map((record) => record.timestamp);
    expect(times).toEqual(times.toSorted());
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
  });
});
