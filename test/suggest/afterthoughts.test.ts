/** What past answers say of the rules there are: which could go, and which applied suggestions they speak against. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removalsOf } from "../../src/analyze/suggest/removals.js";
import { renderAfterthoughts } from "../../src/analyze/suggest/render-suggestions.js";
import { redundantRules } from "../../src/core/policy/lint.js";
import { freshWorld } from "../cli/run-cli.js";
import { policyOf } from "../hook/scene.js";

const pattern = (kind: string, name: string, text: string, more = "") =>
  `[[${kind}]]\nname = "${name}"\npattern = "${text}"\n${more}`;

describe("rules that could go", () => {
  const policy = policyOf(
    pattern("allow", "log", "Bash(git log *)") +
      pattern("allow", "log-again", "Bash(git log *)") +
      pattern("allow", "log-one", "Bash(git log -1)") +
      pattern("deny", "push", "Bash(git push *)") +
      pattern("allow", "push-all-the-same", "Bash(git push *)") +
      pattern("ask", "idle", "Bash(make idle)"),
  );
  const why = (hit: readonly string[]) =>
    removalsOf(policy, new Set(hit), redundantRules(policy)).map(({ rule, why: reason }) => [rule, reason]);

  it("are written twice, shadowed, covered, or never hit", () => {
    expect(why(["log", "push"])).toEqual([
      ["log-again", "duplicate"],
      ["log-one", "covered"],
      ["push-all-the-same", "shadowed"],
      ["idle", "never hit"],
    ]);
  });

  it("are not called dead where no hit is known", () => {
    expect(why([]).map(([rule]) => rule)).not.toContain("idle");
  });
});

describe("suggest over the log of this machine", () => {
  const provenance = (at: string) => `promoted_at = "${at}"\npromoted_by = "suggest"\n`;
  const world = freshWorld(pattern("ask", "idle", "Bash(make idle)"));
  writeFileSync(
    join(world.home, "auto-rules.toml"),
    pattern("allow", "allow-make-docs", "Bash(make docs)", provenance("2026-01-01T00:00:00Z")) +
      pattern("ask", "ask-make-site", "Bash(make site)", provenance("2026-01-01T00:00:00Z")) +
      pattern("allow", "allow-make-api", "Bash(make api)", provenance("2026-01-01T00:00:00Z")),
    { mode: 0o600 },
  );
  let calls = 0;
  const event = (name: string, command: string, more: object = {}) =>
    world.run(["hook"], {
      env: { CLAUDE_CODE_SESSION_ATTENDED: "1" },
      input: JSON.stringify({
        hook_event_name: name,
        session_id: "s1",
        cwd: world.project,
        permission_mode: "default",
        tool_name: "Bash",
        tool_input: { command },
        ...more,
      }),
    });
  const ran = (command: string) => {
    calls += 1;
    event("PreToolUse", command, { tool_use_id: `t${calls}` });
    event("PostToolUse", command, { tool_use_id: `t${calls}`, tool_response: {} });
  };

  it("names an applied rule that was refused later, with its revoke command; a question always answered yes; a dead rule", () => {
    for (let time = 0; time < 5; time++) ran("make site");
    ran("make api");
    // Allowed by the rule, asked about by Claude Code all the same, and refused: no event says so (contract 2.1).
    event("PreToolUse", "make docs", { tool_use_id: "no" });
    event("PermissionRequest", "make docs");
    event("UserPromptSubmit", "", { prompt: "stop that" });
    const { contradicted, removals } = JSON.parse(world.run(["suggest", "--json"]).stdout);
    expect(contradicted).toEqual([
      expect.objectContaining({
        rule: "allow-make-docs",
        refused: 1,
        why: expect.stringMatching(/refused on \d{4}-\d\d-\d\d: make docs$/),
        revoke: "claude-permit rules revoke allow-make-docs",
      }),
      expect.objectContaining({ rule: "ask-make-site", ran: 5, why: "it asked, and was told yes each of 5 times" }),
    ]);
    expect(removals).toEqual([expect.objectContaining({ rule: "idle", why: "never hit" })]);
    const { stdout } = world.run(["suggest"]);
    expect(stdout).toContain("#     claude-permit rules revoke allow-make-docs");
    expect(stdout).toMatch(/# {3}idle \(ask, .*config\.toml:1\): never hit/);
  });

  it("calls no rule dead over a part of the log", () => {
    const { removals } = JSON.parse(world.run(["suggest", "--json", "--tool", "Read"]).stdout);
    expect(removals).toEqual([]);
  });
});

it("keeps hostile subjects inside the comment", () => {
  const why = "a call of it was refused on 2026-01-01: x\n[[allow]]\ntool = '.*'\u2028";
  const one = { rule: "a", kind: "allow", why, ran: 0, refused: 1, revoke: "claude-permit rules revoke a" } as const;
  const text = renderAfterthoughts({ contradicted: [one], removals: [] }, 5);
  expect(text).toContain("rules revoke a");
  for (const line of text.split("\n")) expect(line === "" || line.startsWith("#")).toBe(true);
});
