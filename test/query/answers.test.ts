/**
 * docs/answers.md: every request that the documentation shows, with its whole answer over one small log. Made here, so
 * that it cannot drift; long lists are cut and say by how much.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runQuery } from "../../src/analyze/query/run-query.js";
import { renderDiff } from "../../src/cli/install/settings-diff.js";
import { machine } from "../apply/world.js";
import { decisions, POLICY, queryWorld } from "./world.js";

const SHOWN = 2;
const LONGEST = 300;

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const requests = (name: string) => (/```json\n([\s\S]*?)\n```/.exec(page(name))?.[1] ?? "").split("\n");

/** What goes wrong, each with its code. */
const FAULTS = [
  '{"type":"statz"}',
  '{"type":"log","lastn":5}',
  '{"type":"log","decision":"alow"}',
  '{"type":"stats","since":"some day"}',
];

/** Long lists and texts by their beginnings. */
function cut(value: unknown): unknown {
  if (typeof value === "string") return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (Array.isArray(value)) {
    const shown: unknown[] = value.slice(0, SHOWN).map(cut);
    return value.length > SHOWN ? [...shown, `… ${value.length - SHOWN} more`] : shown;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const kept = entries.slice(0, 40).map(([key, one]) => [key, cut(one)]);
  return Object.fromEntries(entries.length > 40 ? [...kept, ["…", `${entries.length - 40} more`]] : kept);
}

function shown(request: string, answer: unknown, folder: string): string {
  // The machine of the tests has a folder of its own in every run.
  const text = JSON.stringify(cut(answer), null, 2).replaceAll(folder, "/home/dev");
  return `\`\`\`json\n${request}\n\`\`\`\n\n\`\`\`json\n${text}\n\`\`\`\n`;
}

async function answers(): Promise<string> {
  const world = queryWorld(decisions(40));
  const parts = [
    "# Requests and answers\n",
    "Made by a test from [query](query.md) and [apply](apply.md), over a log of forty calls under four rules. Lists and texts are cut after their beginnings.\n",
    "## Queries\n",
  ];
  for (const text of requests("query.md")) parts.push(shown(text, await runQuery(text, world), world.cwd));
  parts.push("## Faults\n");
  for (const text of FAULTS) parts.push(shown(text, await runQuery(text, world), world.cwd));
  parts.push("## Changes, as `--dry-run` shows them\n");
  for (const text of requests("apply.md")) {
    if (text.includes('"rollback"')) continue;
    const where = machine(POLICY, { diff: (file, before, after) => renderDiff(file, before, after ?? "", false) });
    parts.push(shown(text, { query_time_ms: 0, result: await where.apply(text, true) }, where.home));
  }
  return parts.join("\n");
}

it("is written as it is (run vitest with --update on this file to write it anew)", async () => {
  await expect(await answers()).toMatchFileSnapshot("../../docs/answers.md");
});
