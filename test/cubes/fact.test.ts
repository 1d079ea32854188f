import { expect, it } from "vitest";
import { TEXT_COLUMNS, textsOf } from "../../src/analyze/cubes/fact.js";
import { emptyFact } from "../../src/analyze/cubes/facts.js";

it("lists every text of a fact, each at its column", () => {
  const names = Object.entries(emptyFact()).flatMap(([name, value]) => (typeof value === "string" ? [name] : []));
  expect([...TEXT_COLUMNS].sort()).toEqual(names.sort());
  const fact = Object.assign(emptyFact(), Object.fromEntries(names.map((name) => [name, `its ${name}`])));
  const texts: string[] = [];
  textsOf(fact, texts);
  expect(texts).toEqual(TEXT_COLUMNS.map((name) => `its ${name}`));
});
