/** Every query that the documentation shows is answered. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { hasFailed, runQuery } from "../../src/analyze/query/run-query.js";
import { decisions, queryWorld } from "./world.js";

const world = queryWorld(decisions(40));
const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const shown = [
  ...(/```json\n([\s\S]*?)\n```/.exec(read("query.md"))?.[1] ?? "").split("\n"),
  ...[...read("for-claude.md").matchAll(/claude-permit query '([^']+)'/g)].map(([, text = ""]) => text),
];

it("shows every type", () => expect(shown.length).toBeGreaterThan(20));

it.each(shown)("%s", async (text) => expect(hasFailed(await runQuery(text, world))).toBe(false));
