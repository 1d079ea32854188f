import { describe, expect, test } from "vitest";
import { brokenPolicy } from "../../src/core/policy/compile.js";
import type { Policy } from "../../src/core/policy/policy.js";
import type { HookEffects } from "../../src/hook/scene.js";
import { calling, policyOf, run } from "./scene.js";

const POLICY = policyOf(`
[[deny]]
name = "no-force"
pattern = "Bash(git push --force *)"
reason = "Use --force-with-lease."
[[ask]]
name = "ask-push"
pattern = "Bash(git push *)"
reason = "It leaves this machine."
[[allow]]
name = "status"
pattern = "Bash(git status *)"
[[allow]]
name = "read-project"
tool = "Read"
[allow.fields]
file_path = '^/work/p/'
`);

const HEADLESS: Partial<HookEffects> = { env: { CLAUDE_CODE_SESSION_ATTENDED: "0" } };

const bash = (command: string, more: object = {}): object => calling("Bash", { command }, more);

describe("what Claude Code is told of a call", () => {
  test.each([
    ["git status", "allow", undefined],
    ["git push --force origin main", "deny", /no-force.*Use --force-with-lease/s],
    ["git push origin main", "ask", /ask-push.*It leaves this machine/s],
  ])("%s: %s", (command, permission, reason) => {
    const { output, exitCode, stderr } = run(bash(command), POLICY);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(output).toEqual({
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: permission,
        ...(reason === undefined ? {} : { permissionDecisionReason: expect.stringMatching(reason) }),
      },
    });
  });

  test("nothing when no rule decides: silence, and the call is still recorded", () => {
    const { stdout, exitCode, records } = run(bash("make"), POLICY);
    expect([stdout, exitCode]).toEqual(["", 0]);
    expect(records).toMatchObject([{ decision: "passthrough", tier: "passthrough", commands: ["make"] }]);
  });

  test("an unattended run never asks, even where a dialog could be shown", () => {
    const event = bash("git push origin main");
    const permission = (effects: Partial<HookEffects>) => run(event, POLICY, effects).output;
    const denied = { hookSpecificOutput: { permissionDecision: "deny" } };
    expect(permission({ unattendedFlag: true })).toMatchObject(denied);
    expect(permission({ env: { CLAUDE_PERMIT_UNATTENDED: "1", CLAUDE_CODE_SESSION_ATTENDED: "1" } })).toMatchObject(
      denied,
    );
    const byConfig = { ...POLICY, settings: { ...POLICY.settings, unattended: true } };
    expect(run(event, byConfig).output).toMatchObject(denied);
  });

  test("reasons are bounded and well-formed", () => {
    const policy = policyOf(`[[deny]]\nname = "x"\ntool = "Bash"\nreason = "${"😀".repeat(9_000)}"\n`);
    const { output } = run(bash("ls"), policy);
    const reason = JSON.stringify(output);
    expect(reason.isWellFormed()).toBe(true);
    expect([...reason].length).toBeLessThan(9_000);
  });
});

test("the record of a decision carries what SPEC section 7 says", () => {
  const { records } = run(bash("git push --force origin main", { agent_id: "a-1" }), POLICY);
  expect(records).toEqual([
    {
      v: 1,
      id: "id-1",
      timestamp: "2026-11-21T00:00:00.000Z",
      event: "PreToolUse",
      session_id: "s-1",
      tier: "deny",
      decision: "deny",
      tool_name: "Bash",
      rule_id: "no-force",
      permission_mode: "default",
      attended: true,
      agent_id: "a-1",
      tool_use_id: "toolu_1",
      prompt_id: "p-1",
      policy_hash: POLICY.hash,
      duration_us: 7,
      engine_version: "0.0.0-test",
      project: "/work/p",
      cwd: "/work/p",
      home: "/home/u",
      rule_matched: "deny[no-force]: tool=Bash",
      rule_source: "/home/u/config.toml:2",
      rule_ids: ["no-force"],
      commands: ["git push --force"],
      effect: "network",
      input_hash: "hash",
      reason: expect.stringContaining("Use --force-with-lease."),
      tool_input: { command: "git push --force origin main" },
      auto_promoted: false,
    },
  ]);
});

test("an unnamed rule is told by its place", () => {
  const policy = policyOf(`\n[[deny]]\ntool = "WebFetch"\n`);
  const [record] = run(calling("WebFetch", { url: "https://x.test/" }), policy).records;
  expect(record?.rule_matched).toBe("deny[/home/u/config.toml:2]: tool=WebFetch");
  expect(record?.rule_id).toMatch(/^deny-/);
});

describe("events that are no call", () => {
  const OUTCOME = { tool_response: { stdout: "abc", stderr: "de", interrupted: false }, duration_ms: 12 };

  test.each<[string, object, object]>([
    [
      "PostToolUse",
      bash("ls", { hook_event_name: "PostToolUse", ...OUTCOME }),
      { tool_success: true, tool_duration_ms: 12, tool_result_length: 5, tool_use_id: "toolu_1", input_hash: "hash" },
    ],
    [
      "PostToolUseFailure",
      bash("ls", { hook_event_name: "PostToolUseFailure", error: "Exit code 3\nno", duration_ms: 5 }),
      { tool_success: false, tool_duration_ms: 5, error: "Exit code 3\nno" },
    ],
    [
      "PermissionRequest",
      bash("ls", { hook_event_name: "PermissionRequest", tool_use_id: undefined }),
      {
        tier: "passthrough",
        decision: "passthrough",
        attended: true,
        tool_input: { command: "ls" },
        input_hash: "hash",
      },
    ],
    [
      "PermissionDenied",
      bash("ls", { hook_event_name: "PermissionDenied", reason: "Blocked by classifier" }),
      { tier: "auto_mode", decision: "deny", reason: "Blocked by classifier" },
    ],
  ])("%s is answered with silence and recorded", (event, input, fields) => {
    const { stdout, exitCode, records } = run(input, POLICY);
    expect([stdout, exitCode]).toEqual(["", 0]);
    expect(records).toMatchObject([{ event, session_id: "s-1", tool_name: "Bash", ...fields }]);
  });

  test("an outcome carries no decision, no input and no result", () => {
    const [record] = run(bash("ls", { hook_event_name: "PostToolUse", ...OUTCOME }), POLICY).records;
    for (const key of ["decision", "tier", "tool_input", "tool_result_preview"]) expect(record).not.toHaveProperty(key);
  });

  test("a preview of the result only when it is configured", () => {
    const policy = {
      ...POLICY,
      settings: { ...POLICY.settings, audit: { ...POLICY.settings.audit, resultPreviewChars: 2 } },
    };
    const [record] = run(bash("ls", { hook_event_name: "PostToolUse", ...OUTCOME }), policy).records;
    expect(record?.tool_result_preview).toBe("ab");
  });

  test.each(["SessionStart", "SessionEnd", "Stop", "UserPromptSubmit"])("%s keeps time and session only", (event) => {
    const text = { prompt: "my secret plan", last_assistant_message: "x", reason: "other", source: "startup" };
    const { records, stdout } = run({ hook_event_name: event, session_id: "s-1", cwd: "/work/p", ...text }, POLICY);
    expect(stdout).toBe("");
    expect(records).toEqual([
      { v: 1, id: "id-1", timestamp: "2026-11-21T00:00:00.000Z", event, session_id: "s-1", auto_promoted: false },
    ]);
  });

  test("the first session of a home without any policy file is told how to get one, and nobody else is", () => {
    const start = { hook_event_name: "SessionStart", session_id: "s-1", cwd: "/work/p" };
    const first = { isFirstEvent: () => true };
    const none: Policy = { ...policyOf(""), sources: [] };
    const hint = expect.stringContaining("npx claude-permit init --policy-only");
    expect(run(start, none, first).output).toEqual({ systemMessage: hint });
    expect(run(start, none).stdout).toBe("");
    expect(run(start, POLICY, first).stdout).toBe("");
    expect(run({ ...start, hook_event_name: "Stop" }, none, first).stdout).toBe("");
    const headless = { ...first, env: { CLAUDE_CODE_SESSION_ATTENDED: "0" } };
    expect(run(start, none, headless).stdout).toBe("");
  });

  test("PostToolBatch gives a record only to calls that no other event told of", () => {
    const call = (id: string): object => ({
      tool_name: "Read",
      tool_input: { file_path: "x" },
      tool_use_id: id,
      tool_response: "denied",
    });
    const event = {
      ...calling("", {}),
      hook_event_name: "PostToolBatch",
      tool_calls: [call("seen"), call("new"), 7, {}],
    };
    const { records, stdout } = run(event, POLICY, { unseen: (ids) => new Set(ids.filter((id) => id === "new")) });
    expect(stdout).toBe("");
    expect(records).toMatchObject([
      {
        event: "PostToolBatch",
        tool_use_id: "new",
        tool_name: "Read",
        tool_result_length: 6,
        tool_input: { file_path: "x" },
      },
    ]);
    expect(records[0]).not.toHaveProperty("decision");
  });

  test.each(["Notification", "SubagentStop", "NoSuchEvent"])("%s leaves no record and says nothing", (event) => {
    const { stdout, exitCode, records } = run({ hook_event_name: event, session_id: "s" }, POLICY);
    expect([stdout, exitCode, records]).toEqual(["", 0, []]);
  });
});

describe("what cannot be understood is refused", () => {
  const ask = { hookSpecificOutput: { permissionDecision: "ask" } };
  const deny = { hookSpecificOutput: { permissionDecision: "deny" } };

  test.each<[string, string]>([
    ["cut off", JSON.stringify(bash("ls")).slice(0, -20)],
    ["followed by something", `${JSON.stringify(bash("ls"))}}`],
    ["with a call that has no input", JSON.stringify(bash("ls", { tool_input: undefined }))],
    ["with an input that is no object", JSON.stringify(bash("ls", { tool_input: "ls" }))],
    ["with an input that is a list", JSON.stringify(bash("ls", { tool_input: [] }))],
    ["without a tool", JSON.stringify(bash("ls", { tool_name: undefined }))],
    ["with a tool that is no text", JSON.stringify(bash("ls", { tool_name: 7 }))],
  ])("an event %s is asked about, headless denied, and recorded as an error", (_, text) => {
    expect(run(text, POLICY).output).toMatchObject(ask);
    const { output, records } = run(text, POLICY, HEADLESS);
    expect(output).toMatchObject(deny);
    expect(records).toMatchObject([{ event: "PreToolUse", tier: "error", decision: "deny", session_id: "s-1" }]);
    expect(records[0]?.error).not.toBe("");
  });

  test.each(["", "nonsense", "[]", "null", "{}", '{"tool_name":"Bash"}', '{"hook_event_name":7}'])(
    "without a name of an event (%j) only the exit code can refuse",
    (text) => {
      const { stdout, stderr, exitCode, records } = run(text, POLICY);
      expect([stdout, exitCode]).toEqual(["", 2]);
      expect(stderr).toContain("claude-permit could not judge this call");
      expect(records).toMatchObject([{ event: "unreadable", tier: "error", decision: "ask" }]);
    },
  );

  test("a nested or quoted event name is not the event's name", () => {
    const text =
      '{"tool_input":{"hook_event_name":"Stop","a":"\\"hook_event_name\\":\\"Stop\\""},"hook_event_name":"PreToolUse",';
    expect(run(text, POLICY).output).toMatchObject(ask);
  });

  test("an outcome that cannot be understood refuses nothing", () => {
    const text = JSON.stringify(bash("ls", { hook_event_name: "PostToolUse" })).slice(0, -2);
    const { stdout, exitCode, records } = run(text, POLICY);
    expect([stdout, exitCode]).toEqual(["", 0]);
    expect(records).toMatchObject([{ event: "PostToolUse", error: "the event is not valid JSON" }]);
  });

  test.each<["ask" | "deny" | "passthrough", object | null, string]>([
    ["ask", ask, "ask"],
    ["deny", deny, "deny"],
    ["passthrough", null, "error_passthrough"],
  ])("fail = %s decides for a person at the terminal, headless always deny", (fail, output, decision) => {
    const policy = { ...POLICY, settings: { ...POLICY.settings, fail } };
    const text = JSON.stringify(bash("ls")).slice(0, -9);
    const attended = run(text, policy);
    if (output === null) expect(attended.stdout).toBe("");
    else expect(attended.output).toMatchObject(output);
    expect(attended.records[0]?.decision).toBe(decision);
    expect(run(text, policy, HEADLESS).output).toMatchObject(deny);
  });

  test("no policy at all: asked, headless denied, never allowed", () => {
    const none = new Error("gone");
    expect(run(bash("git status"), none).output).toMatchObject(ask);
    const { output, records } = run(bash("git status"), none, HEADLESS);
    expect(output).toMatchObject(deny);
    expect(records).toMatchObject([{ tier: "error", error: expect.stringContaining("gone") }]);
    expect(records[0]).not.toHaveProperty("policy_hash");
  });

  test("a broken policy keeps denying, allows nothing, and follows fail for the rest", () => {
    const broken = (fail: "ask" | "passthrough") =>
      brokenPolicy({ ...POLICY, settings: { ...POLICY.settings, fail } }, [], {
        engine: "0.0.0-test",
        guarded: { folders: [], files: [] },
      });
    expect(run(bash("git push --force x"), broken("ask")).output).toMatchObject(deny);
    expect(run(bash("git status"), broken("ask")).output).toMatchObject(ask);
    expect(run(bash("git status"), broken("passthrough"), HEADLESS).output).toMatchObject(deny);
    const let_through = run(bash("git status"), broken("passthrough"));
    expect(let_through.stdout).toBe("");
    expect(let_through.records).toMatchObject([{ decision: "error_passthrough", tier: "error" }]);
  });

  test("a parser that throws allows nothing", () => {
    const parseShell = (): never => {
      throw new Error("boom");
    };
    expect(run(bash("git status"), POLICY, { parseShell }).output).toMatchObject(ask);
  });
});

describe("what the user is told", () => {
  test("a waiting notice rides on the next answer, with or without a decision", () => {
    const takeNotices = (): string => "config.toml:3:1: broken";
    expect(run(bash("git status"), POLICY, { takeNotices }).output).toMatchObject({
      systemMessage: "config.toml:3:1: broken",
      hookSpecificOutput: { permissionDecision: "allow" },
    });
    expect(run(bash("make"), POLICY, { takeNotices }).output).toEqual({ systemMessage: "config.toml:3:1: broken" });
  });

  test("no notice is spent where nobody looks", () => {
    const takeNotices = (): string => {
      throw new Error("spent");
    };
    for (const event of [bash("git status"), { hook_event_name: "SessionStart", session_id: "s" }]) {
      expect(run(event, POLICY, { ...HEADLESS, takeNotices }).exitCode).toBe(0);
    }
    expect(run({ hook_event_name: "SessionEnd", session_id: "s" }, POLICY, { takeNotices }).exitCode).toBe(0);
  });

  test("Stop tells the turn's summary, unless it is switched off", () => {
    const summary = (): string => "2 blocked";
    const stop = { hook_event_name: "Stop", session_id: "s" };
    expect(run(stop, POLICY, { summary }).output).toEqual({ systemMessage: "2 blocked" });
    const quiet = {
      ...POLICY,
      settings: { ...POLICY.settings, notify: { ...POLICY.settings.notify, stopSummary: false } },
    };
    expect(run(stop, quiet, { summary }).stdout).toBe("");
  });

  test("a log that cannot be written never stops a decision, and Stop says so", () => {
    const append = (): string => "/h/audit.jsonl: EROFS";
    expect(run(bash("git status"), POLICY, { append }).output).toMatchObject({
      hookSpecificOutput: { permissionDecision: "allow" },
    });
    const stop = run({ hook_event_name: "Stop", session_id: "s" }, POLICY, { append });
    expect(JSON.stringify(stop.output)).toContain("EROFS");
  });

  test("another policy than before is an event of its own, before the call's record", () => {
    const readPolicy = () => ({ policy: POLICY, changedFrom: "0ld" });
    const { records } = run(bash("git status"), POLICY, { readPolicy });
    expect(records.map(({ event, policy_hash, reason }) => [event, policy_hash, reason])).toEqual([
      ["policy_changed", POLICY.hash, "was 0ld"],
      ["PreToolUse", POLICY.hash, undefined],
    ]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(2);
  });
});

test.each<[string, string | undefined, Record<string, string>, boolean]>([
  ["a terminal", "default", { CLAUDE_CODE_SESSION_ATTENDED: "1" }, true],
  ["a headless run", "default", { CLAUDE_CODE_SESSION_ATTENDED: "0" }, false],
  ["an older headless run", "default", { CLAUDE_CODE_ENTRYPOINT: "sdk-cli" }, false],
  ["an older terminal", "default", { CLAUDE_CODE_ENTRYPOINT: "cli" }, true],
  ["nothing known", undefined, {}, true],
  ["don't ask mode", "dontAsk", { CLAUDE_CODE_SESSION_ATTENDED: "1" }, false],
  ["told so", "default", { CLAUDE_PERMIT_UNATTENDED: "1", CLAUDE_CODE_SESSION_ATTENDED: "1" }, false],
  [
    "a variable that would loosen",
    "default",
    { CLAUDE_PERMIT_UNATTENDED: "0", CLAUDE_CODE_SESSION_ATTENDED: "0" },
    false,
  ],
])("somebody can be asked in %s: %s %j", (_, mode, env, attended) => {
  const { records } = run(bash("make", { permission_mode: mode }), POLICY, { env });
  expect(records[0]?.attended).toBe(attended);
});
