import { describe, expect, it } from "vitest";
import { decodeRecord } from "../../src/core/audit/decode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

function decoded(line: unknown): Omit<AuditRecord, "id"> | string {
  const found = decodeRecord(JSON.stringify(line));
  if (found.kind === "bad") return found.problem;
  const { id, ...record } = found.record;
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  return record;
}

const moment = { timestamp: "2026-02-08T03:04:05.678901234Z", session_id: "s1" };
const said = { timestamp: "2026-02-08T03:04:05.678Z", session_id: "s1", event: "PreToolUse", auto_promoted: false };

describe("the first claude-permit", () => {
  it("keeps what version 1 still has", () => {
    const line = {
      ...moment,
      event: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: "git push --force" },
      cwd: "/srv/app",
      tier: "deny",
      decision: "deny",
      rule_matched: "deny[no-force-push]: tool=Bash",
      llm_score: null,
      llm_latency_ms: null,
      auto_promoted: false,
    };
    expect(decoded(line)).toEqual({
      ...said,
      tool_name: "Bash",
      tool_input: { command: "git push --force" },
      cwd: "/srv/app",
      tier: "deny",
      decision: "deny",
      rule_id: "no-force-push",
      rule_matched: "deny[no-force-push]: tool=Bash",
    });
  });

  it("reads a cut input as text, a position as no name", () => {
    const line = {
      ...moment,
      tool_name: "Write",
      tool_input: '{"file_path":"/a","conte',
      decision: "allow",
      rule_matched: "allow[3]",
    };
    expect(decoded(line)).toEqual({
      ...said,
      tool_name: "Write",
      tool_input: '{"file_path":"/a","conte',
      input_truncated: true,
      decision: "allow",
      tier: "allow",
      rule_matched: "allow[3]",
    });
  });

  it("reads the model's verdict", () => {
    const line = {
      ...moment,
      tool_name: "Bash",
      tier: "llm",
      decision: "allow",
      llm_score: "green",
      llm_reasoning: "reads only",
      llm_latency_ms: 812,
      auto_promoted: true,
    };
    expect(decoded(line)).toEqual({
      ...said,
      tool_name: "Bash",
      tier: "llm",
      decision: "allow",
      llm_score: "GREEN",
      llm_reasoning: "reads only",
      llm_latency_ms: 812,
      auto_promoted: true,
    });
  });
});

describe("claude-code-permissions-hook", () => {
  it("audit file, first form", () => {
    const line = {
      ...moment,
      tool_name: "Bash",
      tool_input: { command: `${"x".repeat(256)}…` },
      decision: "deny",
      reason: "Matched rule",
      cwd: "/w",
    };
    expect(decoded(line)).toMatchObject({
      tier: "deny",
      decision: "deny",
      reason: "Matched rule",
      cwd: "/w",
      input_truncated: true,
    });
  });

  it("audit file, second form", () => {
    const line = {
      ts: "2026-02-08T04:04:05.678+01:00",
      agent: "claude",
      config: "/c.toml",
      decision: "ask",
      decided_by: { kind: "ask", index: 2, description: "network" },
      matches: [],
      payload: {
        session_id: "s1",
        tool_name: "Bash",
        tool_input: { command: "curl x" },
        cwd: "/w",
        tool_use_id: "toolu_1",
        permission_mode: "default",
        hook_event_name: "PreToolUse",
      },
      duration_us: 900,
    };
    expect(decoded(line)).toEqual({
      ...said,
      tool_name: "Bash",
      tool_input: { command: "curl x" },
      cwd: "/w",
      tool_use_id: "toolu_1",
      permission_mode: "default",
      tier: "ask",
      decision: "ask",
      rule_matched: "ask[2]: network",
      duration_us: 900,
    });
  });

  it("audit file, second form, something broke", () => {
    const line = {
      ts: "2026-02-08T03:04:05.678Z",
      decision: "passthrough",
      error: "no config",
      payload: { session_id: "s1", tool_name: "Read" },
    };
    expect(decoded(line)).toEqual({
      ...said,
      tool_name: "Read",
      decision: "error_passthrough",
      tier: "error",
      error: "no config",
    });
  });

  it("tool use, said before the decision, is no decision", () => {
    expect(decoded({ ...moment, tool_name: "Read", tool_input: { file_path: "/a" }, cwd: "/w" })).toEqual({
      ...said,
      tool_name: "Read",
      tool_input: { file_path: "/a" },
      cwd: "/w",
    });
  });

  it("decision by a rule, decision by the model", () => {
    expect(
      decoded({
        ...moment,
        tool_name: "Bash",
        tool_input: {},
        rule_type: "allow",
        decision: "allow",
        reasoning: "Matched",
      }),
    ).toMatchObject({
      tier: "allow",
      decision: "allow",
      reason: "Matched",
    });
    expect(
      decoded({
        ...moment,
        tool_name: "Bash",
        tool_input: {},
        llm_assessment: "UNSAFE",
        decision: "deny",
        reasoning: "wipes",
      }),
    ).toMatchObject({
      tier: "llm",
      decision: "deny",
      llm_score: "RED",
      llm_reasoning: "wipes",
    });
  });

  it("operational log", () => {
    expect(
      decoded({ ...moment, tool_name: "Bash", tool_input: {}, decision: "allow", decision_source: "llm" }),
    ).toMatchObject({ tier: "llm", decision: "allow" });
    expect(
      decoded({
        ...moment,
        tool_name: "Bash",
        tool_input: {},
        decision: "passthrough",
        decision_source: "passthrough",
      }),
    ).toMatchObject({ tier: "passthrough" });
  });

  it("review log", () => {
    const line = {
      ...moment,
      tool_name: "Bash",
      tool_input: { command: "make" },
      decision: "allow",
      decision_source: "rule",
      cwd: "/w",
      reasoning: "build",
      rule_metadata: { rule_type: "allow", rule_index: 3, rule_id: "builds", config_file: "/c.toml" },
      llm_metadata: null,
      review_flags: { needs_review: false, risk_level: "low", reasons: [] },
    };
    expect(decoded(line)).toMatchObject({
      tier: "allow",
      rule_id: "builds",
      rule_source: "/c.toml",
      reason: "build",
      cwd: "/w",
    });
    const model = {
      ...line,
      decision_source: "llm",
      rule_metadata: null,
      llm_metadata: { assessment: "TIMEOUT", processing_time_ms: 5000, model: "m", confidence: 0.5 },
    };
    expect(decoded(model)).toMatchObject({
      tier: "llm",
      llm_error: "timeout",
      llm_latency_ms: 5000,
      llm_model: "m",
      llm_confidence: 0.5,
    });
  });

  it.each([
    ["another hook's line", { ...moment, tool: "Bash" }, "unknown-shape"],
    ["a decision nobody knows", { ...moment, tool_name: "Bash", decision: "block" }, "unknown-shape"],
    ["no session", { timestamp: moment.timestamp, tool_name: "Bash" }, "unknown-shape"],
    ["no moment", { session_id: "s", tool_name: "Bash" }, "no-timestamp"],
    ["no object below `payload`", { ts: "x", payload: 5 }, "unknown-shape"],
  ])("refuses %s", (_, line, problem) => expect(decoded(line)).toBe(problem));

  it("gives the same line the same id, another line another one", () => {
    const id = (line: object) => {
      const found = decodeRecord(JSON.stringify({ ...moment, tool_name: "Bash", ...line }));
      return found.kind === "record" ? found.record.id : found.problem;
    };
    expect(id({ tool_input: { command: "a" } })).toBe(id({ tool_input: { command: "a" } }));
    expect(id({ tool_input: { command: "a" } })).not.toBe(id({ tool_input: { command: "b" } }));
  });
});
