/** Verdicts remembered: what waits, what becomes a rule and when, what stops it, and what is told of it. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseHistory } from "../../src/analyze/sections/history.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { loadPolicy } from "../../src/store/load-policy.js";
import { waitingNotices } from "../../src/store/notices.js";
import { readPending } from "../../src/store/promotion/pending-file.js";
import { policyOf } from "../hook/scene.js";
import { bash, DEPS, freshMemory, PROJECT, PROMOTING, said } from "./memory.js";

const policy = policyOf(PROMOTING);
const LOG = "git log --oneline -5";
const other = { sessionId: "s-2" };

describe("GREEN verdicts", () => {
  it("become a rule after three over two sessions, with provenance, history, record and notice", async () => {
    const memory = freshMemory();
    const { promoted } = await memory.give(
      policy,
      said("GREEN"),
      bash(LOG),
      bash(LOG, other),
      bash("git log -9 --oneline"),
    );
    expect(promoted).toEqual({
      name: expect.stringMatching(/^auto-git-log-[0-9a-f]{8}$/),
      summary: `allows \`git log\` with the options and kinds of arguments of \`git log -9 --oneline\`, reading files of the project only, in ${PROJECT}`,
      undo: `claude-permit rules revoke ${promoted?.name}`,
    });
    expect(memory.promoted()).toMatchObject([
      {
        name: promoted?.name,
        cwd: [PROJECT],
        promoted_at: "2026-11-21T12:00:00.000Z",
        promoted_tier: "GREEN",
        promoted_reasoning: "It only reads the history.",
        promoted_session: "s-1",
        promoted_record: "call-3",
        promoted_by: "llm",
      },
    ]);
    expect(memory.logged()).toMatchObject([
      { event: "rule_promoted", rule_id: promoted?.name, promoted_rule: promoted?.name, auto_promoted: true },
    ]);
    expect(parseHistory(readFileSync(memory.places.history, "utf8")).entries).toMatchObject([
      { event: "rule_promoted", rule: promoted?.name, by: "llm" },
    ]);
    const [notice = ""] = waitingNotices(memory.places.state);
    expect(notice).toContain("3 GREEN verdicts in 2 sessions");
    expect(notice).toContain(`claude-permit rules revoke ${promoted?.name}`);
  });

  it("make a rule that the loaded policy has, in its tier, for this project and no wider", async () => {
    const memory = freshMemory();
    await memory.give(policy, said("GREEN"), bash(LOG), bash(LOG, other), bash(LOG));
    const key = { locations: memory.places, project: PROJECT, engine: "0", programFolder: null };
    const loaded = loadPolicy(key, () => null);
    expect(loaded.problems).toEqual([]);
    const answer = (command: string, more = {}) => {
      const { decision, tier } = evaluate(loaded.policy, bash(command, more), DEPS);
      return `${decision} ${tier}`;
    };
    expect(answer("git log -7")).toBe("allow auto");
    expect(answer("git log --output=x")).toBe("passthrough passthrough");
    expect(answer("git log -7", { cwd: "/home/u/elsewhere", project: "/home/u/elsewhere" })).toBe(
      "passthrough passthrough",
    );
  });

  it.each([
    ["two of three", [bash(LOG), bash(LOG, other)], PROMOTING],
    ["three in one session", [bash(LOG), bash(LOG), bash(LOG)], PROMOTING],
    ["on three different commands", [bash("git log"), bash("git status", other), bash("git diff")], PROMOTING],
    [
      "in different projects",
      [bash(LOG), bash(LOG, other), bash(LOG, { project: "/home/u/b", cwd: "/home/u/b" })],
      PROMOTING,
    ],
    ["with promotion off", [bash(LOG), bash(LOG, other), bash(LOG)], "[settings.llm]\nenabled = true\n"],
    [
      "outside any project",
      [bash(LOG), bash(LOG, other), bash(LOG)].map((call) => ({ ...call, project: "" })),
      PROMOTING,
    ],
    [
      "in the home folder",
      [bash(LOG), bash(LOG, other), bash(LOG)].map((call) => ({ ...call, project: "/home/u", cwd: "/home/u" })),
      PROMOTING,
    ],
    ["that the model was unsure of", [bash(LOG), bash(LOG, other), bash(LOG)], PROMOTING, 0.5],
  ] satisfies readonly (readonly [string, readonly ToolCall[], string, number?])[])(
    "do not: %s",
    async (_, calls, text, confidence?: number) => {
      const memory = freshMemory();
      await memory.give(policyOf(text), said("GREEN", { confidence: confidence ?? 0.95 }), ...calls);
      expect([memory.promoted(), memory.logged()]).toEqual([[], []]);
    },
  );

  it("begin anew after a verdict that was not GREEN, and after a promotion", async () => {
    const memory = freshMemory();
    await memory.give(policy, said("GREEN"), bash(LOG), bash(LOG, other));
    await memory.give(policy, said("YELLOW"), bash(LOG));
    await memory.give(policy, said("GREEN"), bash(LOG), bash(LOG, other));
    expect(memory.promoted()).toEqual([]);
    await memory.give(policy, said("GREEN"), bash(LOG));
    expect(memory.promoted().length).toBe(1);
  });

  it("are nothing when the model did not see the whole input, or --config replaces the user's files", async () => {
    const memory = freshMemory();
    const places = { ...memory.places, configOverride: "/x.toml" };
    const elsewhere = freshMemory({ places });
    await elsewhere.give(policy, said("GREEN"), bash(LOG), bash(LOG, other), bash(LOG));
    expect(elsewhere.promoted()).toEqual([]);
  });

  it("do not bring a rule back that was switched off", async () => {
    const memory = freshMemory();
    await memory.give(policy, said("GREEN"), bash(LOG), bash(LOG, other), bash(LOG));
    const text = readFileSync(memory.places.autoRules, "utf8").replace(/^name = /m, "enabled = false\nname = ");
    writeFileSync(memory.places.autoRules, text);
    const { promoted } = await memory.give(policy, said("GREEN"), bash(LOG), bash(LOG, other), bash(LOG));
    expect(promoted).toBeUndefined();
    expect(readFileSync(memory.places.autoRules, "utf8")).toBe(text);
  });
});

describe("what stops a promotion", () => {
  const blocking = (rule: string) => policyOf(`${PROMOTING}\n[[deny_promote]]\nname = "never"\n${rule}\n`);

  it.each([
    ["about the call", `pattern = "Bash(git log *)"`, LOG],
    [
      "about a neighbour, by its example",
      `tool = "Bash"\nmatch = ["git log -1"]\n[deny_promote.shell]\nflags_any = ["-1"]`,
      LOG,
    ],
    ["even where no rule could be made", `pattern = "Bash(npm test)"`, "npm test"],
  ])("a deny_promote rule %s, which is recorded", async (_, rule, command) => {
    const memory = freshMemory();
    const { promoted } = await memory.give(
      blocking(rule),
      said("GREEN"),
      bash(command),
      bash(command, other),
      bash(command),
    );
    expect(promoted).toBeUndefined();
    expect(memory.promoted()).toEqual([]);
    expect(memory.logged()).toMatchObject([
      {
        event: "PromotionBlocked",
        tier: "deny_promote",
        decision: "promotion_blocked",
        rule_id: "never",
        auto_promoted: false,
      },
    ]);
  });

  it.each([
    ["it runs code", "npm test"],
    ["it deletes", "rm -rf node_modules/.cache"],
    ["it is not known", "frobnicate --all"],
    ["it reads outside the project", "cat /etc/passwd"],
    ["it writes outside the project", "touch /tmp/x"],
    ["it holds a secret", "grep -rn ghp_0123456789abcdefghijABCDEFGHIJ012345 src"],
    ["it names a file of secrets", "cat .env"],
    ["its words are not fixed", "git log $BRANCH"],
    ["it is several commands", "git log && git push"],
  ])("%s: %s", async (_, command) => {
    const memory = freshMemory();
    await memory.give(policy, said("GREEN"), bash(command), bash(command, other), bash(command));
    expect([memory.promoted(), memory.logged()]).toEqual([[], []]);
  });

  it("a deny rule's own example that the rule would allow", async () => {
    const memory = freshMemory();
    const own = `\n[[ask]]\nname = "own"\ntool = "Bash"\nmatch = ["git log -99"]\n[ask.shell]\nflags_any = ["-99"]\n`;
    await memory.give(policyOf(`${PROMOTING}${own}`), said("GREEN"), bash(LOG), bash(LOG, other), bash(LOG));
    expect(memory.promoted()).toEqual([]);
  });
});

describe("YELLOW verdicts", () => {
  it("wait as redacted records of the log's own form, and never become a rule", async () => {
    const memory = freshMemory();
    const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    const calls = [
      bash(LOG),
      bash(LOG, other),
      bash(LOG),
      bash(`curl -H 'Authorization: Bearer ${secret}' https://x.y`),
    ];
    await memory.give(policy, said("YELLOW"), ...calls);
    const { records, unusable } = readPending(memory.places.pendingRules);
    expect(unusable).toBe(0);
    expect(records.map(({ record }) => record.tool_input).slice(0, 3)).toEqual(
      calls.slice(0, 3).map(({ input }) => input),
    );
    expect(readFileSync(memory.places.pendingRules, "utf8")).not.toContain(secret);
    expect(memory.promoted()).toEqual([]);
  });
});

it("a home that cannot be written costs only the memory", async () => {
  const memory = freshMemory();
  const places = {
    ...memory.places,
    autoRules: "/dev/null/auto-rules.toml",
    state: "/dev/null/state",
    pendingRules: "/dev/null/p",
  };
  const lost = freshMemory({ places });
  expect(await lost.give(policy, said("YELLOW"), bash(LOG))).toEqual({});
  expect(await lost.give(policy, said("GREEN"), bash(LOG), bash(LOG, other), bash(LOG))).toEqual({});
});
