import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { importTranscripts, type TranscriptImport } from "../../src/analyze/import/import-transcripts.js";
import { foldLoggedCalls, type LoggedCalls } from "../../src/analyze/import/logged-calls.js";
import { readTranscriptCalls } from "../../src/analyze/import/transcript-calls.js";
import { findTranscripts } from "../../src/analyze/import/transcript-files.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { decodeRecord } from "../../src/core/audit/decode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { at, callLine, projectsFolder, promptLine, resultLine } from "./transcript-lines.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NOTHING: LoggedCalls = { find: () => undefined };

function folderOf(files: Parameters<typeof projectsFolder>[0]): string {
  const folder = projectsFolder(files);
  folders.push(folder);
  return folder;
}

function run(folder: string, more: Partial<TranscriptImport> = {}) {
  const output = join(folder, "out", "imported-transcripts.jsonl");
  const account = importTranscripts({
    files: findTranscripts([join(folder)]).files.filter((file) => !file.path.includes("imported-")),
    output,
    logged: NOTHING,
    describeCall: (call) => ({ commands: call.tool === "Bash" ? ["git push"] : [], effect: "unknown" }),
    projectOf: (start) => start,
    home: "/home/me",
    redact: (text) => ({ text: text.replaceAll("hunter2", "REDACTED_x"), count: text.split("hunter2").length - 1 }),
    ...more,
  });
  const text = readFileSync(output, "utf8");
  const records = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): AuditRecord => {
      const decoded = decodeRecord(line);
      if (decoded.kind === "bad") throw new Error(`${decoded.problem}: ${line}`);
      return decoded.record;
    });
  return { account, text, records, output };
}

const logged = (...records: Partial<AuditRecord>[]): LoggedCalls =>
  foldLoggedCalls(
    records.map((record): Scanned => {
      const full = {
        v: 1,
        id: "x",
        timestamp: at(0),
        event: "PreToolUse",
        session_id: "s1",
        auto_promoted: false,
      } as const;
      return { kind: "record", record: { ...full, ...record }, timeMs: 0, at: { file: "", offset: 0, length: 0 } };
    }),
  );

const ACCEPTED = { permissionDecision: { decision: "accept", source: "user_temporary", grantScope: "once" } };
const PUSH = [
  promptLine(0, { permissionMode: "acceptEdits", promptId: "p1" }),
  callLine(1, "t1", "Bash", { command: "git push https://me:hunter2@host" }),
  resultLine(5, "t1", "done", ACCEPTED),
];

describe("importTranscripts", () => {
  it("writes decision, question and outcome of a call a person allowed", () => {
    const { records } = run(folderOf({ "-work-app/s1.jsonl": PUSH }));
    expect(records).toMatchObject([
      {
        timestamp: at(1),
        event: "PreToolUse",
        session_id: "s1",
        tier: "user",
        decision: "allow",
        tool_name: "Bash",
        permission_mode: "acceptEdits",
        attended: true,
        tool_use_id: "t1",
        prompt_id: "p1",
        redacted: 1,
        source_version: "2.1.329",
        imported_from: "transcript",
        project: "/work/app",
        cwd: "/work/app",
        commands: ["git push"],
        tool_input: { command: "git push https://me:REDACTED_x@host" },
        auto_promoted: false,
      },
      { timestamp: at(1), event: "PermissionRequest", attended: true },
      { timestamp: at(5), event: "PostToolUse", tool_success: true, tool_result_length: 4 },
    ]);
    // The question is told as the hook tells it: without an answer of its own, with the call's input.
    expect(records[1]).toMatchObject({ decision: "passthrough", tool_input: records[0]?.tool_input });
    expect(records[2]).not.toHaveProperty("decision");
    // The gap between the lines holds the person's wait: it is not the tool's duration.
    expect(records[2]).not.toHaveProperty("tool_duration_ms");
  });

  it("invents no approval where an older transcript tells none", () => {
    const old = { version: "2.0.76" };
    const lines = [callLine(1, "t1", "Task", { subagent_type: "x" }, old), resultLine(2, "t1", "ok", old)];
    const { records } = run(folderOf({ "p/s1.jsonl": lines }));
    expect(records.map((record) => [record.event, record.tool_name, record.decision, record.tier])).toEqual([
      ["PreToolUse", "Agent", "passthrough", "passthrough"],
      ["PostToolUse", "Agent", undefined, undefined],
    ]);
    expect(records[0]).not.toHaveProperty("attended");
    expect(records[0]).not.toHaveProperty("permission_mode");
  });

  it("keeps of a failure the first line only, of a comment nothing", () => {
    const lines = [
      callLine(1, "t1", "Bash", { command: "x" }),
      resultLine(2, "t1", "Exit code 3\nprivate output", { is_error: true, toolUseResult: "Error: Exit code 3" }),
      callLine(3, "t2", "Bash", { command: "y" }),
      resultLine(4, "t2", "The user doesn't want to proceed with this tool use. ... the user said:\nprivate words", {
        is_error: true,
      }),
    ];
    const { records, text } = run(folderOf({ "p/s1.jsonl": lines }));
    expect(records.map((record) => [record.event, record.decision, record.error])).toEqual([
      ["PreToolUse", "passthrough", undefined],
      ["PostToolUseFailure", undefined, "Exit code 3"],
      ["PreToolUse", "deny", undefined],
      ["PermissionRequest", "passthrough", undefined],
    ]);
    expect(text).not.toContain("private");
  });

  it("takes a tool's own duration, absolute paths of file tools, and the session of a subagent", () => {
    const sub = { agentId: "a1", isSidechain: true, cwd: "/work/app/src" };
    const { records } = run(
      folderOf({
        "p/s1.jsonl": [callLine(1, "t1", "Read", { file_path: "src/a.ts" }), resultLine(2, "t1", "text")],
        "p/s1/subagents/agent-a1.jsonl": [
          callLine(3, "t2", "WebFetch", { url: "https://x.test" }, { ...sub, sessionId: undefined }),
          resultLine(4, "t2", [{ type: "text", text: "page" }], { ...sub, toolUseResult: { durationMs: 812.4 } }),
        ],
      }),
    );
    expect(records[0]?.tool_input).toEqual({ file_path: "/work/app/src/a.ts" });
    expect(records[2]).toMatchObject({ session_id: "s1", agent_id: "a1", cwd: "/work/app/src", project: "/work/app" });
    expect(records[3]).toMatchObject({ tool_duration_ms: 812, tool_result_length: 4 });
  });

  it("says where unusable lines stand, and goes on", () => {
    const first = JSON.stringify(callLine(1, "t1", "Read", { file_path: "/a" }));
    const torn = first.slice(0, 40);
    const untimed = JSON.stringify(callLine(0, "t0", "Read", { file_path: "/a" }, { timestamp: undefined }));
    const folder = folderOf({
      "p/s1.jsonl": [
        untimed,
        first,
        torn,
        "[1]",
        '{"type":"summary"}',
        resultLine(2, "t1", "x"),
        resultLine(3, "t9", "x"),
      ],
    });
    const { account, records } = run(folder);
    expect(records.map((record) => record.tool_use_id)).toEqual(["t1", "t1"]);
    const file = join(folder, "p/s1.jsonl");
    const begin = untimed.length + 1;
    expect(account.problems.slice(0, 3)).toEqual([
      { problem: "no-timestamp", file, offset: 0, length: untimed.length },
      { problem: "not-json", file, offset: begin + first.length + 1, length: 40 },
      { problem: "not-an-object", file, offset: begin + first.length + 42, length: 3 },
    ]);
    expect(account).toMatchObject({
      calls: 1,
      skipped: { summary: 1 },
      problemCounts: { "no-timestamp": 1, "not-json": 1, "not-an-object": 1, "result-without-call": 1 },
      files: [{ path: file, calls: 1, problems: 4 }],
    });
  });

  it("goes on after any line that is JSON, whatever it says", () => {
    const block = fc.record(
      {
        type: fc.constantFrom("tool_use", "tool_result"),
        id: fc.anything(),
        name: fc.jsonValue(),
        input: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const odd = fc.record(
      {
        type: fc.constantFrom("assistant", "user", "attachment"),
        timestamp: fc.oneof(fc.string(), fc.integer(), fc.constant(at(1))),
        sessionId: fc.jsonValue(),
        message: fc.oneof(fc.jsonValue(), fc.record({ content: fc.array(fc.oneof(block, fc.jsonValue())) })),
        toolUseResult: fc.jsonValue(),
        permissionDecision: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(odd, fc.jsonValue()), (line) => {
        const text = [PUSH[1], line, PUSH[2]].map((one) => JSON.stringify(one) ?? "null");
        const lines = text.map((one, offset) => ({ text: one, offset, length: one.length }));
        const context = { sessionId: "s", projectOf: (folder: string) => folder, homeOf: () => "" };
        const calls = [...readTranscriptCalls(lines, context)].filter((item) => item.kind === "call");
        return calls.some((item) => item.toolUseId === "t1" && item.result?.text === "done");
      }),
      { numRuns: 300 },
    );
  });

  it("changes nothing when it runs again, and keeps calls whose transcripts are gone", () => {
    const folder = folderOf({ "p/s1.jsonl": PUSH });
    const first = run(folder);
    const before = statSync(first.output);
    const second = run(folder);
    expect(second.account.written).toEqual({ total: 3, added: 0, changed: false });
    expect(statSync(second.output).ino).toBe(before.ino);
    rmSync(join(folder, "p/s1.jsonl"));
    expect(run(folder).text).toBe(first.text);
    expect(before.mode & 0o777).toBe(0o600);
  });

  it("completes a call that had no result at the earlier import", () => {
    const folder = folderOf({ "p/s1.jsonl": PUSH.slice(0, 2) });
    expect(run(folder).records.map((record) => record.decision)).toEqual(["passthrough"]);
    writeFileSync(join(folder, "p/s1.jsonl"), PUSH.map((line) => JSON.stringify(line)).join("\n"));
    const { records, account } = run(folder);
    expect(records.map((record) => record.event)).toEqual(["PreToolUse", "PermissionRequest", "PostToolUse"]);
    expect(records[0]?.decision).toBe("allow");
    expect(account.written).toEqual({ total: 3, added: 2, changed: true });
  });

  it("takes a resumed session's copies once, for the session that made the call", () => {
    const copies = PUSH.map((line) => ({ ...line, sessionId: "s2" }));
    const folder = folderOf({ "p/s1.jsonl": PUSH, "p/a-later-copy.jsonl": copies });
    const { account, records } = run(folder);
    expect(account).toMatchObject({ calls: 1, copies: 1 });
    expect(new Set(records.map((record) => record.session_id))).toEqual(new Set(["s1"]));
    rmSync(join(folder, "p/s1.jsonl"));
    expect(run(folder).records).toEqual(records);
  });

  it("merges what the file held in time order", () => {
    const late = [callLine(50, "t5", "Glob", { pattern: "*" }), resultLine(51, "t5", "")];
    const folder = folderOf({ "p/s1.jsonl": late });
    run(folder);
    writeFileSync(join(folder, "p/s0.jsonl"), PUSH.map((line) => JSON.stringify(line)).join("\n"));
    const { records } = run(folder);
    expect(records.map((record) => record.timestamp)).toEqual([at(1), at(1), at(5), at(50), at(51)]);
  });

  it("survives an earlier import that was damaged", () => {
    const folder = folderOf({ "p/s1.jsonl": PUSH });
    const { output, text } = run(folder);
    writeFileSync(output, `{"torn${text}`);
    const again = run(folder);
    expect(again.account.lostEarlier).toBe(1);
    expect(again.text).toBe(text);
  });
});

describe("a call the hook logged", () => {
  const call = { tool_use_id: "t1", decision: "passthrough", tier: "passthrough" } as const;

  it("gains its outcome only", () => {
    const { records, account } = run(folderOf({ "p/s1.jsonl": PUSH }), { logged: logged(call) });
    expect(records.map((record) => record.event)).toEqual(["PostToolUse"]);
    expect(account).toMatchObject({ calls: 1, alreadyLogged: 1, gainedOutcome: 1 });
  });

  it("gains nothing when it has one", () => {
    const known = logged(call, { event: "PostToolUse", tool_use_id: "t1" });
    expect(run(folderOf({ "p/s1.jsonl": PUSH }), { logged: known }).records).toEqual([]);
  });

  it("ends where Claude Code refused it, which fires no event", () => {
    const no = resultLine(5, "t1", "Permission to use Bash with command x has been denied.", { is_error: true });
    const { records } = run(folderOf({ "p/s1.jsonl": [...PUSH.slice(0, 2), no] }), { logged: logged(call) });
    expect(records).toMatchObject([{ event: "PostToolBatch", tool_use_id: "t1", reason: expect.any(String) }]);
    for (const key of ["decision", "tier", "tool_success"]) expect(records[0]).not.toHaveProperty(key);
  });

  it("stays open after a person's No, so that the No can be inferred", () => {
    const no = resultLine(5, "t1", "The user doesn't want to proceed with this tool use.", {
      is_error: true,
      toolUseResult: "User rejected tool use",
      toolDenialKind: "user-rejected",
    });
    expect(run(folderOf({ "p/s1.jsonl": [...PUSH.slice(0, 2), no] }), { logged: logged(call) }).records).toEqual([]);
  });

  it("gains nothing when the hook denied it", () => {
    const no = resultLine(5, "t1", "PreToolUse:Bash hook error: no", { is_error: true });
    const folder = folderOf({ "p/s1.jsonl": [...PUSH.slice(0, 2), no] });
    expect(run(folder, { logged: logged({ ...call, decision: "deny", tier: "deny" }) }).records).toEqual([]);
  });

  it("takes the place of what an earlier import said", () => {
    const folder = folderOf({ "p/s1.jsonl": PUSH });
    run(folder);
    expect(run(folder, { logged: logged(call) }).records.map((record) => record.event)).toEqual(["PostToolUse"]);
  });

  it("does not count an import as a log", () => {
    const imported = logged({ ...call, imported_from: "transcript" });
    expect(run(folderOf({ "p/s1.jsonl": PUSH }), { logged: imported }).records).toHaveLength(3);
  });
});
