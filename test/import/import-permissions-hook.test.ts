import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { importPermissionsHookLogs } from "../../src/analyze/import/import-permissions-hook.js";
import { redactText } from "../../src/core/audit/redact.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function run(logs: Readonly<Record<string, readonly (object | string)[]>>) {
  const folder = mkdtempSync(join(tmpdir(), "older-hook-"));
  folders.push(folder);
  const files = Object.entries(logs).map(([name, lines]) => {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    writeFileSync(join(folder, name), `${text.join("\n")}\n`);
    return join(folder, name);
  });
  const output = join(folder, "imported-permissions-hook.jsonl");
  const options = {
    files,
    output,
    describeCall: () => ({ commands: ["cargo test"], effect: "runs-code" as const }),
    projectOf: (cwd: string) => cwd,
    home: "/home/me",
    redact: redactText,
  };
  const account = importPermissionsHookLogs(options);
  const text = readFileSync(output, "utf8");
  const records = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return { account, records, text, again: () => importPermissionsHookLogs(options) };
}

const CALL = { session_id: "s1", tool_name: "Bash", tool_input: { command: "cargo test" } };
const SHORT = { ...CALL, timestamp: "2025-11-01T10:00:00.100Z", decision: "allow", decision_source: "rule" };
const FULL = {
  ...SHORT,
  timestamp: "2025-11-01T10:00:00.103Z",
  cwd: "/home/me/app",
  reasoning: "matched",
  rule_metadata: { rule_type: "allow", rule_index: 3, rule_id: "cargo" },
};

describe("importPermissionsHookLogs", () => {
  it("tells a call of both logs once, with what each knows", () => {
    const { records, account } = run({ "use.log": [SHORT], "review.log": [FULL] });
    expect(account).toMatchObject({ calls: 1, problems: [], written: { total: 1, added: 1 } });
    expect(records).toMatchObject([
      {
        v: 1,
        timestamp: "2025-11-01T10:00:00.100Z",
        event: "PreToolUse",
        decision: "allow",
        rule_id: "cargo",
        imported_from: "permissions-hook",
        cwd: "/home/me/app",
        home: "/home/me",
        commands: ["cargo test"],
        reason: "matched",
      },
    ]);
  });

  it("puts a call's first line and its decision together", () => {
    const asked = { ...CALL, timestamp: "2025-10-06T10:27:59Z", cwd: "/a" };
    const decided = {
      ...CALL,
      timestamp: "2025-10-06T10:28:04Z",
      llm_assessment: "UNSAFE",
      decision: "deny",
      reasoning: "r",
    };
    const { records } = run({ "use.log": [asked, decided] });
    expect(records).toMatchObject([
      { timestamp: "2025-10-06T10:27:59.000Z", cwd: "/a", decision: "deny", tier: "llm" },
    ]);
  });

  it("keeps calls apart that are not the same", () => {
    const { records } = run({
      "use.log": [
        SHORT,
        { ...SHORT, timestamp: "2025-11-01T10:00:01Z" },
        { ...SHORT, timestamp: "2025-11-01T10:00:02Z", session_id: "s2" },
        { ...SHORT, timestamp: "2025-11-01T10:00:03Z", tool_input: { command: "cargo build" } },
      ],
      "review.log": [
        { ...FULL, timestamp: "2025-11-01T10:00:04Z", decision: "deny", rule_metadata: { rule_type: "deny" } },
        { ...FULL, timestamp: "2025-11-01T10:05:00Z" },
      ],
    });
    expect(records).toHaveLength(6);
  });

  it("locates what it cannot read and is the same twice", () => {
    const { account, text, again } = run({ "use.log": ["{", SHORT, '{"timestamp":"2025-11-01T10:00:00Z"}'] });
    expect(account.problems.map(({ problem, offset }) => [problem, offset])).toEqual([
      ["not-json", 0],
      ["unknown-shape", 3 + JSON.stringify(SHORT).length],
    ]);
    expect(again().written).toEqual({ total: 1, added: 0, changed: false });
    expect(text).toContain('"imported_from":"permissions-hook"');
  });

  it("goes on without a file that is not there", () => {
    const { account } = run({ "use.log": [SHORT] });
    const missing = importPermissionsHookLogs({
      files: ["/nowhere/at/all.log"],
      output: join(folders[0] ?? "", "other.jsonl"),
      describeCall: () => ({}),
      projectOf: () => "",
      home: "",
      redact: redactText,
    });
    expect(missing.files).toEqual([{ path: "/nowhere/at/all.log", lines: 0, fault: "ENOENT" }]);
    expect(account.files[0]?.lines).toBe(1);
  });
});
