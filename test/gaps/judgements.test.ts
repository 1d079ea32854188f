import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJudgements } from "../../src/analyze/judgements.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "judged-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What was asked of the engine, and the answers. */
async function ask(
  items: readonly number[],
  { scope = "policy", isReadOnly = false, kind = "square", most = 100 } = {},
) {
  const judged: number[] = [];
  const known = openJudgements(folder, scope, isReadOnly, most);
  const answers = await known.find(kind, items, String, async () => (item) => {
    judged.push(item);
    return item === 0 ? null : { square: item * item };
  });
  known.keep();
  return { answers, judged };
}

describe("judgements", () => {
  it("are asked for once, also those that came to nothing", async () => {
    const first = await ask([3, 0, 3]);
    expect(first).toEqual({ answers: [{ square: 9 }, null, { square: 9 }], judged: [3, 0] });
    expect(await ask([0, 3])).toEqual({ answers: [null, { square: 9 }], judged: [] });
    expect((await ask([3, 4])).judged).toEqual([4]);
    expect((await ask([0])).judged).toEqual([]);
  });

  it("that were not asked for again go first where there is no more room", async () => {
    await ask([1, 2, 3], { most: 3 });
    await ask([4, 2], { most: 3 });
    expect((await ask([4, 2, 3, 1], { isReadOnly: true })).judged).toEqual([3]);
  });

  it("are another policy's or another kind's no more than another call's", async () => {
    await ask([3]);
    expect((await ask([3], { scope: "other" })).judged).toEqual([3]);
    expect((await ask([3], { kind: "cube" })).judged).toEqual([3]);
  });

  it("leave nothing behind where nothing may be written, and no damage is believed", async () => {
    await ask([3], { isReadOnly: true });
    expect(readdirSync(folder)).toEqual([]);
    await ask([3]);
    const [name = ""] = readdirSync(folder);
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, "utf8").replace("9", "8"));
    expect(await ask([3])).toEqual({ answers: [{ square: 9 }], judged: [3] });
  });

  it("are recalled one by one as well, and noted", async () => {
    await ask([3]);
    const known = openJudgements(folder, "policy", false);
    expect(known.recall("square", "3")).toEqual({ square: 9 });
    expect(known.recall("square", "4")).toBeUndefined();
    known.note("square", "4", { square: 16 });
    known.note("cube", ["4"], null);
    expect(known.recall("square", "4")).toEqual({ square: 16 });
    known.keep();
    const later = openJudgements(folder, "policy", false);
    expect(later.recall("cube", ["4"])).toBeNull();
    expect((await ask([3, 4])).judged).toEqual([]);
  });

  it("of few policies are kept", async () => {
    for (let index = 0; index < 12; index++) await ask([index], { scope: `policy ${index}` });
    expect(readdirSync(folder)).toHaveLength(8);
    expect((await ask([11], { scope: "policy 11" })).judged).toEqual([]);
  });
});
