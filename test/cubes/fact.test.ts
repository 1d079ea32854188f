import { expect, it } from "vitest";
import { NUMBER_COLUMNS, numbersOf, TEXT_COLUMNS, textsOf } from "../../src/analyze/cubes/fact.js";
import { emptyFact } from "../../src/analyze/cubes/facts.js";

it("lists every text of a fact, each at its column", () => {
  const names = Object.entries(emptyFact()).flatMap(([name, value]) => (typeof value === "string" ? [name] : []));
  expect([...TEXT_COLUMNS].sort()).toEqual(names.sort());
  const fact = Object.assign(emptyFact(), Object.fromEntries(names.map((name) => [name, `its ${name}`])));
  const texts: string[] = [];
  textsOf(fact, texts);
  expect(texts).toEqual(TEXT_COLUMNS.map((name) => `its ${name}`));
});

it("lists every number of a fact, NaN for what is not there", () => {
  const texts: readonly string[] = TEXT_COLUMNS;
  const names = Object.keys(emptyFact()).filter((name) => !texts.includes(name));
  expect([...NUMBER_COLUMNS].sort()).toEqual(names.sort());
  const numbers = new Float64Array(NUMBER_COLUMNS.length);
  numbersOf({ ...emptyFact(), time: 7, tool_ms: 0 }, numbers);
  expect([...numbers]).toEqual([7, Number.NaN, 0, Number.NaN]);
  numbersOf({ ...emptyFact(), hook_us: 1, llm_ms: 2 }, numbers);
  expect([...numbers]).toEqual([0, 1, Number.NaN, 2]);
});
