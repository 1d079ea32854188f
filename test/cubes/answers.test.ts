import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AnsweredCall, type Answers, sumAnswers } from "../../src/analyze/cubes/answers.js";
import { packAnswers, unpackAnswers } from "../../src/analyze/cubes/pack-answers.js";
import { openRollups, type Rollups } from "../../src/analyze/cubes/rollups.js";
import type { Window } from "../../src/analyze/scan/scan.js";
import { answersFor, pastCallsOf } from "../../src/analyze/suggest/past-call.js";
import { BUSY_START } from "./busy-log.js";
import { busyLines, foldFolder, HOUR } from "./folding.js";

/** Some of them with an input, so that they can be judged again. */
const lines = busyLines(5).map((line, index) =>
  index % 4 === 0
    ? line
    : line.replace('"auto_promoted"', `"tool_input":{"command":"npm run ${index % 7}"},"auto_promoted"`),
);
let folder = "";
const log = () => join(folder, "audit.jsonl");
const remembered = () => openRollups(join(folder, "cache"), "test");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "answers-"));
  const third = Math.floor(lines.length / 3);
  writeFileSync(log(), `${lines.slice(0, third).join("\n")}\n`);
  renameSync(log(), join(folder, "audit-20261020T000000.000Z-1.jsonl"));
  writeFileSync(log(), `${lines.slice(third, -300).join("\n")}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a question for so many finds, and how much was read for it. */
async function asked(most: number, rollups: Rollups | null, window: Window = {}) {
  const { cubes, stats } = await foldFolder(folder, rollups, window, 16_384, { answers: answersFor(most) });
  const { calls, unknowable, isCut } = pastCallsOf(cubes.answers ?? expect.fail("no answers"), most);
  return {
    past: { calls: calls.map(({ resolvePath: _, ...call }) => call), unknowable, isCut },
    bytes: stats.bytesRead,
  };
}

describe("answered calls of a log", () => {
  it("are the newest, and as many as are asked for", async () => {
    const all = await asked(1e6, null);
    expect(all.past.isCut).toBe(false);
    expect(all.past.calls.length).toBeGreaterThan(90);
    expect(all.past.unknowable).toBeGreaterThan(20);
    const some = await asked(40, null);
    expect(some.past.isCut).toBe(true);
    expect(some.past.calls).toHaveLength(40);
    const exact = await asked(all.past.calls.length, null);
    expect(exact.past).toEqual(all.past);
  });

  it("are told of what is remembered, as far as somebody asked for them when it was counted", async () => {
    const first = await asked(40, remembered());
    const again = await asked(40, remembered());
    expect(again.past).toEqual(first.past);
    expect(again.bytes).toBeLessThan(first.bytes / 10);
    const more = await asked(80, remembered());
    expect(more.past).toEqual((await asked(80, null)).past);
    expect(more.bytes).toBeGreaterThan(again.bytes);
    expect((await asked(80, remembered())).bytes).toBeLessThan(first.bytes / 10);
  });

  it("are the same with and without memory, whatever was asked before", async () => {
    const window = fc.option(fc.tuple(fc.nat(40), fc.nat(40)), { nil: undefined });
    const question = fc.record({ most: fc.constantFrom(0, 3, 40, 200, 1e6), window, append: fc.nat(60) });
    await fc.assert(
      fc.asyncProperty(fc.array(question, { minLength: 2, maxLength: 6 }), async (questions) => {
        rmSync(join(folder, "cache"), { recursive: true, force: true });
        for (const { most, window: hours, append } of questions) {
          appendFileSync(
            log(),
            lines
              .slice(-append)
              .map((line) => `${line}\n`)
              .join(""),
          );
          const range = hours === undefined ? {} : hoursOf(hours);
          expect((await asked(most, remembered(), range)).past).toEqual((await asked(most, null, range)).past);
        }
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});

const call = (index: number): AnsweredCall => ({
  call: {
    ...{ tool: "Bash", input: { command: `x ${index % 3}` }, cwd: "/p", home: "/h", project: "/p" },
    ...{ sessionId: `s-${index % 2}`, permissionMode: "default", attended: true },
  },
  ...(index % 3 === 1 ? { resolved: { "/p/link": "/etc" } } : {}),
  key: `key-${index % 3}`,
  answer: index % 4 === 0 ? "refused" : "approved",
  isPrompted: index % 5 === 0,
  timeMs: 1_000 + index,
  at: `/logs/a:${index}.jsonl:${index}`,
  subject: `x ${index % 3}`,
});
const answers = fc
  .tuple(fc.array(fc.option(fc.nat(50).map(call))), fc.boolean())
  .map(([calls, hasMore]): Answers => ({ calls, hasMore, known: calls.filter((one) => one !== null).length }));
const plain = ({ known, hasMore, calls }: Answers) => ({ known, hasMore, calls });

describe("adding answered calls up", () => {
  it("does not depend on what is added first", () => {
    fc.assert(
      fc.property(answers, answers, answers, fc.integer({ min: 1, max: 30 }), (a, b, c, most) => {
        const all = plain(sumAnswers([a, b, c], most));
        expect(plain(sumAnswers([sumAnswers([a, b], most), c], most))).toEqual(all);
        expect(plain(sumAnswers([a, sumAnswers([b, c], most)], most))).toEqual(all);
        expect(all.known).toBe(all.calls.filter((one) => one !== null).length);
        expect(all.known).toBeLessThanOrEqual(most);
      }),
    );
  });

  it("keeps all of them in a file, places under the name that their file has now", () => {
    fc.assert(
      fc.property(answers, ({ calls }) => {
        expect(unpackAnswers(packAnswers(calls), (at) => at)).toEqual(calls);
      }),
    );
    const [moved] = unpackAnswers(packAnswers([call(7)]), (at) => at.replace("/logs/a:7", "/logs/b"));
    expect(moved?.at).toBe("/logs/b.jsonl:7");
  });
});

function hoursOf([a, b]: readonly [number, number]): Window {
  const [since, until] = [Math.min(a, b), Math.max(a, b) + 1];
  return { since: BUSY_START + since * HOUR, until: BUSY_START + until * HOUR };
}
