/** Judging on several threads says of every call what judging it here says, whatever becomes of the threads. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Answers, AskedCall } from "../../src/analyze/judging/judge-asked.js";
import { type Judges, judgesHere } from "../../src/analyze/judging/judges.js";
import { openJudgingPool } from "../../src/analyze/judging/judging-pool.js";
import { policyFrom } from "../engine/toml.js";

const POLICY = policyFrom(`
[[deny]]
name = "no-force"
pattern = "Bash(git push --force *)"

[[ask]]
name = "linked"
pattern = "Read(//elsewhere/**)"

[[allow]]
name = "old"
pattern = "Bash(make *)"
expires = "2026-01-02"

[[allow]]
name = "reading"
pattern = "Bash(ls *)"
`);
const GUARDED = { ...POLICY, guarded: { folders: ["/work/p/own"], files: [] } };
const WORKER = new URL("../../dist/analyze/judging/judge-worker.js", import.meta.url);
const fixture = (name: string) => new URL(`../../fixtures/judging/${name}`, import.meta.url);

const COMMANDS = ["git push --force x", "ls -l", "make all", "echo 'open", "rm -rf own", "npm run test"];

const asked = (index: number): AskedCall => {
  const isRead = index % 7 === 0;
  return {
    call: {
      tool: isRead ? "Read" : "Bash",
      input: isRead ? { file_path: `/work/p/${index}` } : { command: `${COMMANDS[index % 6]} ${index}` },
      cwd: "/work/p",
      home: "/home/dev",
      project: "/work/p",
      sessionId: "s",
      permissionMode: "default",
      attended: index % 5 !== 0,
    },
    resolved: index % 14 === 0 ? { [`/work/p/${index}`]: "/elsewhere/x" } : undefined,
    timeMs: Date.parse(index % 2 === 0 ? "2026-01-01T12:00:00Z" : "2026-01-03T12:00:00Z"),
    policy: index % 3 === 0 ? GUARDED : POLICY,
  };
};

let open: { close: () => void } | null = null;
afterEach(() => open?.close());

function pool<Kind extends keyof Answers>(kind: Kind, options: Parameters<typeof openJudgingPool>[1]): Judges<Kind> {
  const judges = openJudgingPool(kind, { threads: 2, alone: 0, entry: WORKER, ...options });
  open = judges;
  return judges;
}

/** Every answer in the order of the questions. */
function answersOf<Kind extends keyof Answers>(judges: Judges<Kind>, count: number): readonly Answers[Kind][] {
  const found: Answers[Kind][] = [];
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    judges.ask(asked(index), (answer) => {
      found[index] = answer;
      times[index] = (times[index] ?? 0) + 1;
    });
  }
  judges.settle();
  expect(times).toEqual(Array.from({ length: count }, () => 1));
  return found;
}

describe("a pool of threads", () => {
  it.each(["again", "open"] as const)("judges as this thread does (%s)", (kind) => {
    const here = answersOf(judgesHere(kind), 700);
    expect(answersOf(pool(kind, {}), 700)).toEqual(here);
    expect(new Set(here.map((one) => JSON.stringify(one))).size).toBeGreaterThan(3);
  });

  it("has other threads judge: they answer what was never judged here", async () => {
    const judges = pool("again", {});
    const answers = new Map<number, Answers["again"]>();
    let next = 0;
    while (!answers.has(0) && next < 400 * 32) {
      for (let index = 0; index < 32; index++, next++) {
        const number = next;
        judges.ask(asked(number), (answer) => answers.set(number, answer));
      }
      await sleep(25);
    }
    // Nothing was settled, and the first batch went to a thread.
    const [first] = answersOf(judgesHere("again"), 1);
    expect(answers.get(0)).toEqual(first);
  }, 30_000);

  it.each([
    ["do not start", { entry: new URL("no-such-file.js", WORKER) }],
    ["fail", { entry: fixture("failing-worker.mjs") }],
    ["stay silent", { entry: fixture("silent-worker.mjs"), patienceMs: 20 }],
    ["are not wanted", { threads: 0 }],
  ])("judges here what threads do not that %s", async (_, options) => {
    const judges = pool("again", options);
    const early: Answers["again"][] = [];
    for (let index = 0; index < 64; index++) judges.ask(asked(index), (answer) => early.push(answer));
    // Threads are up by then, if they ever are.
    await sleep(150);
    expect(answersOf(judges, 200)).toEqual(answersOf(judgesHere("again"), 200));
    expect(early).toHaveLength(64);
  });

  it("answers what is asked while it answers", () => {
    const judges = pool("again", {});
    let answers = 0;
    const more = (index: number): void => {
      answers++;
      if (index < 300) judges.ask(asked(index + 100), () => more(index + 100));
    };
    for (let index = 0; index < 100; index++) judges.ask(asked(index), () => more(index));
    judges.settle();
    expect(answers).toBe(400);
  });
});
