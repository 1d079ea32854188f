/** One user story a test, on three weeks of one machine: what its user types, and what they see. Counts are taken from the records themselves. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshWorld } from "./run-cli.js";
import { storyLog } from "./story-log.js";

const POLICY = `
[[allow]]
name = "git-reading"
pattern = "Bash(git status)"

[[ask]]
name = "ask-push"
pattern = "Bash(git push)"

[[deny]]
name = "no-force"
[deny.shell]
program = ["git"]
subcommand = ["push"]
flags_any = ["--force"]

[[allow]]
name = "push-anything"
pattern = "Bash(git push *)"

[[allow]]
name = "never-used"
pattern = "Bash(cargo build)"
`;
const world = freshWorld(POLICY);
const log = storyLog(Date.now());
writeFileSync(join(world.home, "audit.jsonl"), log.text, { mode: 0o600 });
const decisions = log.records.filter(({ event }) => event === "PreToolUse");
const having = (decision: string) => decisions.filter((record) => record.decision === decision).length;

function show(...args: readonly string[]): string {
  const { stdout, stderr, code } = world.run(args, { env: { COLUMNS: "160" } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

interface Shown {
  readonly figures: Record<string, { readonly value: unknown }>;
  readonly tables: Record<string, { readonly rows: readonly { readonly cells: Record<string, unknown> }[] }>;
  readonly notes: readonly string[];
}

function section(name: string, ...args: readonly string[]): Shown {
  return JSON.parse(show("analyze", "--section", name, "--json", ...args)).sections[name];
}

const rows = (shown: Shown, table: string) => shown.tables[table]?.rows.map(({ cells }) => cells) ?? [];

describe("user stories", () => {
  it("US-1: how many calls were approved, asked, blocked", () => {
    expect(show("stats").split("\n")[0]).toContain(
      `${having("allow")} approved, ${having("ask")} asked, ${having("deny")} blocked`,
    );
  });

  it("US-2: what the last session came to", () => {
    const mine = decisions.filter((record) => record.session_id === "session-20");
    const asked = mine.filter((record) => record.decision === "ask").length;
    expect(show("session")).toContain(`${asked} asked`);
  });

  it("US-3: are prompts falling?", () => {
    const shown = section("trends");
    expect(shown.notes).toEqual(["Prompts per call are falling by more than chance."]);
    expect(Number(shown.figures["prompt_slope_high"]?.value)).toBeLessThan(0);
    expect(shown.figures["promotions"]?.value).toBe(1);
  });

  it("US-7, US-8: is the model well?", () => {
    const { figures } = section("llm");
    expect(figures["consulted"]?.value).toBe(21);
    expect(figures["failed"]?.value).toBe(Math.round(10_000 / 21) / 10_000);
    expect(figures["p50"]?.value).toBeGreaterThanOrEqual(609);
    expect(show("analyze", "--section", "llm")).toContain("timed out after 15000 ms");
  });

  it("US-9: what is out of the ordinary?", () => {
    const shown = section("anomalies", "--since", "7d");
    expect(rows(shown, "new_programs").map(({ name }) => name)).toEqual(["nc"]);
    expect(shown.figures["unsafe"]?.value).toBe(1);
  });

  it("US-10: which rules are dead or shadowed?", () => {
    const shown = section("rules");
    expect(rows(shown, "never_hit").map(({ rule }) => rule)).toEqual(["never-used", "push-anything"]);
    expect(rows(shown, "shadowed")).toMatchObject([
      {
        rule: "push-anything",
        decision: expect.stringMatching(/^(deny|ask)$/),
        call: expect.stringContaining("git push"),
      },
    ]);
    expect(rows(shown, "hits").find(({ rule }) => rule === "no-force")).toMatchObject({ calls: having("deny") - 1 });
  });

  it("US-11: what did auto-rules allow?", () => {
    const auto = decisions.filter((record) => record.tier === "auto").length;
    expect(rows(section("auto-rules"), "rules")).toMatchObject([{ rule: "auto-make", hits: auto, state: "gone" }]);
  });

  it("US-12: what was nearly denied?", () => {
    const shown = section("near-misses");
    expect(rows(shown, "rules")).toContainEqual(expect.objectContaining({ rule: "no-force", kind: "deny" }));
    expect(shown.figures["unsure"]?.value).toBe(1);
    expect(shown.notes[0]).toContain("A sample");
  });

  it("US-13: who decided?", () => {
    const tiers = rows(section("scorecard"), "by_decider");
    expect(tiers.find(({ tier }) => tier === "auto")).toMatchObject({ decision: "allow", source: "rule" });
    const byTier = decisions.filter((record) => record.tier === "llm" && record.decision === "deny");
    expect(tiers.find(({ tier, decision }) => tier === "llm" && decision === "deny")).toMatchObject({
      calls: byTier.length,
    });
  });

  it("US-14: why was it blocked, and where does that stand?", () => {
    const shown = show("analyze", "--section", "denials");
    expect(shown).toContain("Use --force-with-lease.");
    expect(shown).toMatch(/audit\.jsonl:\d+ {2}git push --force/);
    expect(shown).toMatch(/To see the records behind a row: claude-permit list and/);
  });

  it("US-15: two sessions side by side", () => {
    expect(show("compare", "last-1", "last")).toContain("New commands, in B only");
  });

  it("US-16: the week in a digest", () => {
    const shown = show("digest", "--period", "month");
    for (const title of ["Digest", "Highlights", "Denials", "Anomalies", "Reroutes", "Trust", "LLM", "Quality"]) {
      expect(shown).toContain(`\n${title}\n`);
    }
  });

  it("US-17: how did the rules come to be what they are?", () => {
    const shown = section("trust");
    expect(rows(shown, "changes")).toMatchObject([
      { event: "policy_changed", policy: "bbbb" },
      { event: "rule_promoted", rule: "auto-make", why: "three equal verdicts" },
    ]);
    expect(rows(shown, "policies").map(({ policy, calls }) => [policy, calls])).toEqual([
      ["bbbb", 220],
      ["aaaa", 200],
    ]);
  });

  it("three things worth doing, and each can be typed", () => {
    const advice = rows(section("highlights"), "advice");
    expect(advice).toHaveLength(3);
    for (const { command } of advice) {
      const [program, ...words] = String(command).replaceAll("'", "").split(" ");
      expect(program).toBe("claude-permit");
      expect(world.run(words).code).not.toBe(2);
    }
  });

  it("the command behind a row lists that row's records", () => {
    const report = JSON.parse(show("analyze", "--section", "denials", "--json")).sections.denials;
    const [row] = report.tables.blocked.rows;
    const flags = Object.entries<string>(row.filter).flatMap(([name, text]) => [`--${name}`, text]);
    expect(JSON.parse(show("list", "--json", ...flags)).records).toHaveLength(row.cells.calls);
  });
});
