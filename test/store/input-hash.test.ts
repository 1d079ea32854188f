import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inputHash } from "../../src/store/input-hash.js";
import { temporaryPlace } from "./temporary.js";

test("equal inputs of one home have equal hashes; another home's differ", () => {
  const [one, two] = [temporaryPlace().home, temporaryPlace().home];
  const input = { command: "git push" };
  const hash = inputHash(join(one, "state"), input);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(inputHash(join(one, "state"), { ...input })).toBe(hash);
  expect(inputHash(join(one, "state"), { command: "git pull" })).not.toBe(hash);
  expect(inputHash(join(two, "state"), input)).not.toBe(hash);
  expect(readFileSync(join(one, "state", "input-key"), "utf8")).toMatch(/^[0-9a-f]{32}$/);
});

test("there is no hash without a key, or of what JSON cannot hold", () => {
  const { home, write } = temporaryPlace();
  const file = write("file", "");
  expect(inputHash(join(file, "state"), {})).toBeUndefined();
  let deep: unknown = 0;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(inputHash(join(home, "state"), { deep })).toBeUndefined();
});
