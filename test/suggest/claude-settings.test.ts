/**
 * The export goes back through the reader of Claude Code's settings, and never allows what the suggestions do not: over
 * the calls it was made from, dangerous neighbours, and files that no suggestion may name.
 */
import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importSettings } from "../../src/analyze/import/import-settings.js";
import { callKey } from "../../src/analyze/simulate/call-key.js";
import { claudeSettings } from "../../src/analyze/suggest/claude-settings.js";
import type { PastCall, PastCalls } from "../../src/analyze/suggest/past-call.js";
import { suggestRules } from "../../src/analyze/suggest/suggest-rules.js";
import { dangerousCalls } from "../../src/core/generalise/dangerous-neighbours.js";
import { compileDrafts } from "../../src/core/generalise/rule-draft.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { policyOf } from "../hook/scene.js";
import { answered, bash, DEPS, NO_POLICY, often, PROJECT, START, toolCall } from "./calls.js";

const DAY = 86_400_000;
const COMMANDS = [
  "git log --oneline -5",
  "git log -3 src/a.ts",
  "git log -1 lib/b.ts",
  "npm run test",
  "ls src",
  "ls -la",
];

/** Files edited and read, a page fetched, a tool of a server called, in each of sixty sessions. */
function otherCalls(): readonly PastCall[] {
  return Array.from({ length: 60 }, (_, session) =>
    [
      toolCall("Edit", { file_path: `${PROJECT}/src/f${session % 5}/a.ts` }),
      toolCall("Read", { file_path: `${PROJECT}/docs/f${session % 5}/a.md` }),
      toolCall("WebFetch", { url: "https://docs.example.com/a", prompt: "x" }),
      toolCall("mcp__linear__get_issue", { id: "1" }),
    ].map((call, index) => ({
      call: { ...call, sessionId: `session-${session}` },
      resolvePath: (path: string) => path,
      key: callKey(call, {}),
      answer: "approved" as const,
      isPrompted: true,
      timeMs: START + session * DAY + 1_000 + index,
      at: `log:${session}-${index}`,
      subject: call.tool,
    })),
  ).flat();
}

const past: PastCalls = {
  calls: [
    ...answered([
      ...often(COMMANDS, 60),
      ...often(["git push --force"], 40, { answer: "refused" }),
      ...often(["make site"], 40, { answer: "refused" }),
    ]).calls,
    ...otherCalls(),
  ].toSorted((a, b) => a.timeMs - b.timeMs),
  unknowable: 0,
  isCut: false,
};
const { suggestions } = suggestRules(past, { policy: NO_POLICY, commands: [] });
const exported = claudeSettings(suggestions, PROJECT);
const imported = importSettings(JSON.stringify({ permissions: exported.permissions }), { file: "settings.json" });
const native = policyOf(imported.toml);
const ours = compileDrafts(suggestions.map(({ draft }) => draft));
if (ours === null) throw new Error("the suggestions are sound");
const says = (policy: typeof native, call: ToolCall) => evaluate(policy, call, DEPS).decision;

describe("the export", () => {
  it("is read back whole: every rule, without a problem", () => {
    const { allow, ask, deny } = exported.permissions;
    expect(imported.problems).toEqual([]);
    expect(imported.rules).toBe(allow.length + ask.length + deny.length);
    expect(allow).toEqual(
      expect.arrayContaining([
        "Bash(npm run test)",
        `Edit(/${PROJECT}/src/**)`,
        "WebFetch(domain:docs.example.com)",
        "mcp__linear__get_issue",
      ]),
    );
    expect(ask).toContain("Edit(//**/.env)");
    expect(deny).toEqual(["Bash(git push --force *)", "Bash(make site *)"]);
  });

  it("does what it is for", () => {
    for (const call of [bash("npm run test"), toolCall("Edit", { file_path: `${PROJECT}/src/new.ts` })]) {
      expect([says(native, call), says(ours, call)]).toEqual(["allow", "allow"]);
    }
    expect(says(native, bash("git push --force"))).toBe("deny");
  });

  it("allows nothing that the suggestions do not", () => {
    const calls = [...past.calls.map(({ call }) => call), ...dangerousCalls(PROJECT).map(({ call }) => call)];
    const looser = calls.filter((call) => says(native, call) === "allow" && says(ours, call) !== "allow");
    expect(looser.map(({ tool, input }) => [tool, input])).toEqual([]);
  });

  it("allows no path that the suggestions do not, whatever it is called", () => {
    const name = fc.constantFrom(
      "a.ts",
      ".env",
      ".env.local",
      ".git",
      "secrets",
      "my-secret.txt",
      "x.pem",
      "credentials",
      "..",
      "b",
    );
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("Edit", "Write", "Read"),
        (names, tool) => {
          const call = toolCall(tool, { file_path: `${PROJECT}/src/${names.join("/")}` });
          // However it is spelled, it is the file it leads to.
          const plain = toolCall(tool, { file_path: posix.normalize(String(call.input["file_path"])) });
          if (says(native, call) === "allow") expect(says(ours, plain)).toBe("allow");
        },
      ),
      { numRuns: 300 },
    );
  });

  it("leaves out what is for another project, and says so", () => {
    const { permissions, left } = claudeSettings(suggestions, "/home/u/other");
    expect(permissions.allow).not.toContain("Bash(npm run test)");
    expect(permissions.allow).toContain(`Edit(/${PROJECT}/src/**)`);
    expect(left.find(({ name }) => name === "allow-npm-run-test")?.why).toContain(`--project ${PROJECT}`);
  });
});
