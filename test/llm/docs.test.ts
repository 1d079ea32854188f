/** docs/llm.md and the code name the same settings, defaults and failures. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { settingsSchema } from "../../src/core/policy/policy.schema.js";
import { DEFAULT_SETTINGS } from "../../src/core/policy/settings.js";
import { FAILURE_CODES } from "../../src/llm/failure.js";

const page = readFileSync(new URL("../../docs/llm.md", import.meta.url), "utf8");
const tableBelow = (title: string) => (page.split(`## ${title}\n`)[1] ?? "").split("\n## ")[0] ?? "";
const firstCells = (text: string) => [...text.matchAll(/^\| ([^|]*) \|/gm)].map(([, cell = ""]) => cell);
const words = (cells: readonly string[]) =>
  cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word));

it("explains every setting", () => {
  const keys = Object.keys(settingsSchema.shape.llm.unwrap().shape);
  expect(words(firstCells(tableBelow("Settings"))).toSorted()).toEqual(keys.toSorted());
});

it("tells the true defaults", () => {
  const { model, timeoutMs, onError, maxPerMinute, maxPerSession, promoteAfter } = DEFAULT_SETTINGS.llm;
  const rows = [
    `| \`model\` | \`"${model}"\` |`,
    `| \`timeout_ms\` | \`${timeoutMs}\` |`,
    `| \`on_error\` | \`"${onError}"\` |`,
    `| \`${maxPerMinute}\` · \`${maxPerSession}\` |`,
    `| \`"off"\` · \`${promoteAfter}\` · \`false\` |`,
  ];
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

it("explains every failure", () => {
  expect(words(firstCells(tableBelow("When it fails"))).toSorted()).toEqual(FAILURE_CODES.toSorted());
});
