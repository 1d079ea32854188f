/** The published JSON Schema of changes is the one in force; every change that the documentation shows is a valid one. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { applyJsonSchema } from "../../src/analyze/apply/apply.schema.js";
import { parseApply } from "../../src/analyze/apply/parse-apply.js";
import { machine } from "./world.js";

it("is published as it is (run vitest -u to publish anew)", async () => {
  await expect(`${JSON.stringify(applyJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    "../../docs/schemas/apply.schema.json",
  );
});

const docs = readFileSync(new URL("../../docs/apply.md", import.meta.url), "utf8");
const shown = (/```json\n([\s\S]*?)\n```/.exec(docs)?.[1] ?? "").split("\n");
const POLICY = '[[ask]]\nname = "ask-push"\npattern = "Bash(git push *)"\n';

it("shows every type", () => {
  const types = new Set(shown.map((text) => (JSON.parse(text) as { type: string }).type));
  expect([...types].sort()).toEqual([
    "add_rule",
    "batch",
    "remove_rule",
    "rollback",
    "toggle_rule",
    "update_rule",
    "update_settings",
  ]);
});

it.each(shown)("%s", async (text) => {
  expect(parseApply(text)).toBeTruthy();
  if (!text.includes("rollback"))
    expect(await machine(POLICY).apply(text, true)).toMatchObject({ dry_run: true, files: [{}] });
});
