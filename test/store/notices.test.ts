import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addNotice, joinNotices, takeNotices } from "../../src/store/notices.js";
import { temporaryPlace } from "./temporary.js";

test("each notice is shown once, equal ones as one, and nothing is left", () => {
  const { home } = temporaryPlace();
  const state = join(home, "state");
  expect(takeNotices(state)).toEqual([]);
  for (const text of ["a\nb", "c", "c"]) addNotice(state, text);
  expect(takeNotices(state)).toEqual(["a\nb", "c"]);
  expect(takeNotices(state)).toEqual([]);
  expect(readdirSync(state)).toEqual([]);
});

test("lines that are no notices are passed over", () => {
  const { home } = temporaryPlace();
  mkdirSync(join(home, "state"));
  writeFileSync(join(home, "state", "notices.jsonl"), '"good"\n{"a":1}\n"torn');
  expect(takeNotices(join(home, "state"))).toEqual(["good"]);
});

test("what is shown has a bound and stays well-formed", () => {
  const text = joinNotices(["😀".repeat(5_000)]);
  expect(text.length).toBeLessThan(4_100);
  expect(text.isWellFormed()).toBe(true);
});
