/**
 * One user story a test, on three weeks of one machine: what its user types, and what they see, kept in fixtures/stories.
 * Counts are taken from the records themselves.
 */
import { describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { storyLog } from "./story-log.js";
import { NOW, storyWorld } from "./story-world.js";

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
const DAY = 86_400_000;
const log = storyLog(NOW + DAY);
const world = storyWorld({ "audit.jsonl": log.text, "config.toml": POLICY });
const decisions = log.records.filter(({ event }) => event === "PreToolUse");
const having = (decision: string) => decisions.filter((record) => record.decision === decision).length;

function show(...args: readonly string[]): string {
  const { stdout, stderr, code } = world.run(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** The whole of what is shown, as a file of the story's name. */
async function keep(story: string, ...commands: readonly (readonly string[])[]): Promise<void> {
  await expect(commands.map(world.seen).join("\n")).toMatchFileSnapshot(`../../fixtures/stories/${story}.txt`);
}

interface Shown {
  readonly figures: Record<string, { readonly value: unknown }>;
  readonly tables: Record<string, { readonly rows: readonly { readonly cells: Record<string, unknown> }[] }>;
  readonly notes: readonly string[];
}

function section(name: string, ...args: readonly string[]): Shown {
  return JSON.parse(show("analyze", "--section", name, "--json", ...args)).sections[name];
}

/** Where the newest forced push stands. */
function newestForce(): string {
  const [newest] = JSON.parse(show("list", "--rule", "no-force", "--limit", "1", "--json")).records;
  return `audit.jsonl:${newest.at.split(":").pop()}`;
}

const rows = (shown: Shown, table: string) => shown.tables[table]?.rows.map(({ cells }) => cells) ?? [];

describe("user stories", { timeout: 120_000 }, () => {
  it("US-1: how many calls were approved, asked, blocked", async () => {
    expect(show("stats").split("\n")[0]).toContain(
      `${having("allow")} approved, ${having("ask")} asked, ${having("deny")} blocked`,
    );
    await keep("us-1", ...[["stats", "--since", "today"]]);
  });

  it("US-2: what the last session came to", async () => {
    const mine = decisions.filter((record) => record.session_id === "session-20");
    const asked = mine.filter((record) => record.decision === "ask").length;
    expect(show("session")).toContain(`${asked} asked`);
    await keep("us-2", ...[["session"], ["session", "--format", "md"]]);
  });

  it("US-3: are prompts falling?", async () => {
    const shown = section("trends");
    expect(shown.notes).toEqual(["Prompts per call are falling by more than chance."]);
    expect(Number(shown.figures["prompt_slope_high"]?.value)).toBeLessThan(0);
    expect(shown.figures["promotions"]?.value).toBe(1);
    await keep("us-3", ...[["analyze", "--section", "trends"]]);
  });

  it("US-7, US-8: is the model well?", async () => {
    const { figures } = section("llm");
    expect(figures["consulted"]?.value).toBe(21);
    expect(figures["failed"]?.value).toBe(Math.round(10_000 / 21) / 10_000);
    expect(figures["p50"]?.value).toBeGreaterThanOrEqual(609);
    expect(show("analyze", "--section", "llm")).toContain("timed out after 15000 ms");
    await keep("us-7-us-8", ...[["analyze", "--section", "llm"]]);
  });

  it("US-9: what is out of the ordinary?", async () => {
    const shown = section("anomalies", "--since", "7d");
    expect(rows(shown, "new_programs").map(({ name }) => name)).toEqual(["nc"]);
    expect(shown.figures["unsafe"]?.value).toBe(1);
    await keep(
      "us-9",
      ...[
        ["analyze", "--section", "anomalies", "--since", "7d"],
        ["analyze", "--section", "highlights"],
      ],
    );
  });

  it("US-10: which rules are dead or shadowed?", async () => {
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
    await keep(
      "us-10",
      ...[
        ["analyze", "--section", "rules"],
        ["rules", "list"],
      ],
    );
  });

  it("US-11: what did auto-rules allow?", async () => {
    const auto = decisions.filter((record) => record.tier === "auto").length;
    expect(rows(section("auto-rules"), "rules")).toMatchObject([{ rule: "auto-make", hits: auto, state: "gone" }]);
    await keep("us-11", ...[["analyze", "--section", "auto-rules"]]);
  });

  it("US-12: what was nearly denied?", async () => {
    const shown = section("near-misses");
    expect(rows(shown, "rules")).toContainEqual(expect.objectContaining({ rule: "no-force", kind: "deny" }));
    expect(shown.figures["unsure"]?.value).toBe(1);
    expect(shown.notes[0]).toContain("A sample");
    await keep("us-12", ...[["analyze", "--section", "near-misses"]]);
  });

  it("US-13: who decided?", async () => {
    const tiers = rows(section("scorecard"), "by_decider");
    expect(tiers.find(({ tier }) => tier === "auto")).toMatchObject({ decision: "allow", source: "rule" });
    const byTier = decisions.filter((record) => record.tier === "llm" && record.decision === "deny");
    expect(tiers.find(({ tier, decision }) => tier === "llm" && decision === "deny")).toMatchObject({
      calls: byTier.length,
    });
    await keep("us-13", ...[["analyze", "--section", "scorecard", "--since", "7d"]]);
  });

  it("US-14: why was it blocked, and where does that stand?", async () => {
    const shown = show("analyze", "--section", "denials");
    expect(shown).toContain("Use --force-with-lease.");
    expect(shown).toMatch(/audit\.jsonl:\d+ {2}git push --force/);
    expect(shown).toMatch(/To see the records behind a row: claude-permit list and/);
    await keep(
      "us-14",
      ...[
        ["analyze", "--section", "denials"],
        ["list", "--rule", "no-force", "--limit", "2"],
        ["list", "--at", newestForce()],
      ],
    );
  });

  it("US-15: two sessions side by side", async () => {
    expect(show("compare", "last-1", "last")).toContain("New commands, in B only");
    await keep(
      "us-15",
      ...[
        ["compare", "last-1", "last"],
        ["compare", "2026-11-07..2026-11-14", "2026-11-14.."],
      ],
    );
  });

  it("US-16: the week in a digest", async () => {
    const shown = show("digest", "--period", "month");
    for (const title of ["Digest", "Highlights", "Denials", "Anomalies", "Reroutes", "Trust", "LLM", "Quality"]) {
      expect(shown).toContain(`\n${title}\n`);
    }
    await keep("us-16", ...[["digest"]]);
  });

  it("US-17: how did the rules come to be what they are?", async () => {
    const shown = section("trust");
    expect(rows(shown, "changes")).toMatchObject([
      { event: "policy_changed", policy: "bbbb" },
      { event: "rule_promoted", rule: "auto-make", why: "three equal verdicts" },
    ]);
    expect(rows(shown, "policies").map(({ policy, calls }) => [policy, calls])).toEqual([
      ["bbbb", 220],
      ["aaaa", 200],
    ]);
    await keep(
      "us-17",
      ...[
        ["analyze", "--section", "trust"],
        ["rules", "history"],
      ],
    );
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

  it("the flags of a row list as many records as it counts, table by table", () => {
    const { sections } = JSON.parse(show("analyze", "--json"));
    const tables = ["scorecard.by_day", "scorecard.by_mode", "denials.commands", "llm.verdicts", "commands.commands"];
    for (const name of [...tables, "projects.projects", "trends.by_week"]) {
      const [section = "", table = ""] = name.split(".");
      const [row] = sections[section].tables[table].rows;
      const flags = Object.entries<string>(row.filter).flatMap(([flag, text]) => [`--${flag}`, text]);
      const { records } = JSON.parse(show("list", "--json", "--limit", "10000", ...flags));
      expect([name, records.length]).toEqual([name, row.cells.calls]);
      expect(records.length).toBeGreaterThan(0);
    }
  });

  it("the command behind a row lists that row's records", () => {
    const report = JSON.parse(show("analyze", "--section", "denials", "--json")).sections.denials;
    const [row] = report.tables.blocked.rows;
    const flags = Object.entries<string>(row.filter).flatMap(([name, text]) => [`--${name}`, text]);
    expect(JSON.parse(show("list", "--json", ...flags)).records).toHaveLength(row.cells.calls);
  });
});

describe("before the hook is installed", { timeout: 120_000 }, () => {
  const imported = storyLog(NOW + DAY).records.filter(({ event }) => event === "PreToolUse");
  const asTranscripts = imported
    .slice(-40)
    .map(
      ({
        rule_id,
        rule_ids,
        policy_hash,
        duration_us,
        llm_score,
        llm_confidence,
        llm_latency_ms,
        llm_model,
        llm_error,
        ...call
      }) => encodeRecord({ ...call, tier: "passthrough", decision: "passthrough", imported_from: "transcript" }),
    );
  const bare = storyWorld({ "audit.jsonl": asTranscripts.join("") });

  it("US-1, US-3, US-7, US-11, US-17: what only the hook can tell is empty, and says why", async () => {
    const asked = ["trends", "llm", "auto-rules", "near-misses", "reroutes", "trust"].flatMap((name) => [
      "--section",
      name,
    ]);
    const shown = bare.seen(["analyze", ...asked]);
    for (const why of [
      "No record of the hook itself: prompts are not known.",
      "The model was not consulted in this window",
      "No rule came from a verdict",
      "No record carries an alternative",
      "No record names the policy that judged it.",
    ]) {
      expect(shown).toContain(why);
    }
    expect(bare.seen(["stats"])).toContain("Prompts saved: no data");
    await expect(shown).toMatchFileSnapshot("../../fixtures/stories/before-the-hook.txt");
  });

  it("US-16: a week without a decision says so", async () => {
    const shown = bare.seen(["digest", "--last"]);
    await expect(shown).toMatchFileSnapshot("../../fixtures/stories/us-16-empty.txt");
    expect(shown).toContain("Nothing was decided in this week");
  });
});
