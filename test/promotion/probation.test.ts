/** Through the built hook: a promoted rule whose call the user refused is suspended at the session's end, and that is said. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtHook, logged } from "../hook/bundle.js";
import { verdict } from "../llm/mock-messages-server.js";
import { type LlmStage, llmStage } from "../llm/stage.js";

const hook = builtHook();
const PROMOTING = { llm: 'promote = "green"\npromote_after = 2' };
const COMMAND = "touch src/a.txt";

/** A rule made of two verdicts. */
async function promoted(): Promise<{ readonly stage: LlmStage; readonly rule: string; readonly file: string }> {
  const stage = await llmStage(hook, verdict("GREEN"), PROMOTING);
  await stage.ask(COMMAND, { event: { session_id: "s-1" } });
  const { record } = await stage.ask(COMMAND, { event: { session_id: "s-2" } });
  return { stage, rule: String(record["promoted_rule"]), file: join(stage.place.home, "auto-rules.toml") };
}

const tell = ({ place }: LlmStage, event: string, more: object = {}) =>
  hook.start(place, { hook_event_name: event, session_id: "s-3", cwd: place.project, ...more });

const PROMPTED = { tool_name: "Bash", tool_input: { command: COMMAND }, permission_mode: "default" };

it("is suspended, told of at the next chance, and not promoted again", async () => {
  const { stage, rule, file } = await promoted();
  const { record } = await stage.ask(COMMAND, { event: { session_id: "s-3" } });
  expect(record).toMatchObject({ decision: "allow", tier: "auto", rule_id: rule });
  await tell(stage, "PermissionRequest", PROMPTED);
  expect((await tell(stage, "SessionEnd", { reason: "other" })).stdout).toBe("");
  expect(readFileSync(file, "utf8")).toMatch(/enabled = false/);
  expect(readFileSync(file, "utf8")).toContain("suspended: a call of it was refused on ");
  const next = await tell(stage, "SessionStart", { source: "startup" });
  expect(JSON.parse(next.stdout).systemMessage).toContain(`suspended the promoted rule \`${rule}\``);
  expect(JSON.parse(next.stdout).systemMessage).toContain(`claude-permit rules restore ${rule}`);
  const again = await stage.ask(COMMAND, { event: { session_id: "s-4" } });
  expect(again.record).toMatchObject({ tier: "llm", auto_promoted: false });
  const history = readFileSync(join(stage.place.home, "auto-rules.history.jsonl"), "utf8");
  expect(history.match(/"event":"(\w+)"/g)).toEqual(['"event":"rule_promoted"', '"event":"rule_suspended"']);
  expect(logged(stage.place.home).some(({ event, rule_id }) => event === "rule_revoked" && rule_id === rule)).toBe(
    true,
  );
});

it.each<[string, (stage: LlmStage) => Promise<unknown>]>([
  ["nobody was asked", async () => {}],
  [
    "the user said yes",
    async (stage) => {
      await tell(stage, "PermissionRequest", PROMPTED);
      const ran = { tool_use_id: "toolu_3", tool_response: { stdout: "" } };
      await tell(stage, "PostToolUse", { ...PROMPTED, ...ran });
    },
  ],
])("stays when %s", async (_, between) => {
  const { stage, file } = await promoted();
  const before = readFileSync(file, "utf8");
  await stage.ask(COMMAND, { event: { session_id: "s-3" } });
  await between(stage);
  await tell(stage, "SessionEnd", { reason: "other" });
  expect(readFileSync(file, "utf8")).toBe(before);
});

it("does not hold up a session's end when the file is locked or not sound", async () => {
  const { stage, file } = await promoted();
  await stage.ask(COMMAND, { event: { session_id: "s-3" } });
  await tell(stage, "PermissionRequest", PROMPTED);
  writeFileSync(file, "[[allow");
  expect(await tell(stage, "SessionEnd", { reason: "other" })).toMatchObject({ code: 0, stdout: "" });
  expect(readFileSync(file, "utf8")).toBe("[[allow");
});
