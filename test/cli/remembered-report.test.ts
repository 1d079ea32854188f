/** Reports that are remembered: the same as made anew, whatever changed in between, and found again where nothing did. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.js";
import { runCli } from "../../src/cli/program.js";
import { SAMPLE } from "./run-cli.js";

const LINES = readFileSync(SAMPLE, "utf8").split("\n").slice(0, 120);
const [FIRST = "", ...MORE] = LINES;
const NOW = Date.parse("2026-01-28T12:00:00Z");
const DAY = 86_400_000;
const POLICY = '[[deny]]\nname = "no-push"\ntool = "Bash"\n[deny.shell]\nprogram = ["git"]\nsubcommand = ["push"]\n';

const bases: string[] = [];
afterEach(() => {
  for (const base of bases.splice(0)) rmSync(base, { recursive: true, force: true });
});

/** A home with a log and a policy; what tests change of it. */
interface World {
  readonly home: string;
  readonly project: string;
  readonly machine: { now: number; user: string; TZ: string };
  readonly run: (args: readonly string[]) => Promise<string>;
}

function world(): World {
  const base = mkdtempSync(join(tmpdir(), "claude-permit-remembered-"));
  bases.push(base);
  const home = join(base, ".claude", "claude-permit");
  const project = join(base, "project");
  for (const folder of [home, join(project, ".git"), join(project, ".claude")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, "config.toml"), POLICY);
  writeFileSync(join(home, "audit.jsonl"), `${LINES.join("\n")}\n`);
  const machine = { now: NOW, user: "dana", TZ: "UTC" };
  const run = async (args: readonly string[]): Promise<string> => {
    let text = "";
    const write = (more: string): void => {
      text += more;
    };
    const out = { write, isTTY: false, columns: 120 };
    const io: Io = {
      env: { TZ: machine.TZ },
      cwd: project,
      osHome: base,
      now: () => machine.now,
      identity: { homes: [base], users: [machine.user], hosts: [] },
      stdin: process.stdin,
      stdout: out,
      stderr: out,
    };
    await runCli([...args], io);
    return text;
  };
  return { home, project, machine, run };
}

/** Two runs: the first compiles the policy, of which nothing is known before. */
async function remembered(one: World, args: readonly string[]): Promise<string> {
  await one.run(args);
  return one.run(args);
}

function reports({ home }: World): string[] {
  const folder = join(home, "cache", "reports");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Changes a word of what is remembered, in both copies: whoever shows it has made nothing anew. */
const WORD = "What was decided";
const MARK = "WHAT WAS DECIDED";
function mark(one: World): void {
  for (const file of reports(one)) writeFileSync(file, readFileSync(file, "latin1").replaceAll(WORD, MARK), "latin1");
}

const STATS = ["stats", "--json"];
const DIGEST = ["digest", "--format", "json"];
const ANALYZE = ["analyze", "--section", "scorecard,rules,trust,gaps,near-misses", "--format", "json"];
const PAGE = ["analyze", "--section", "scorecard", "--format", "md"];

describe("a report is found again", () => {
  it.each([{ args: STATS }, { args: DIGEST }, { args: ANALYZE }, { args: PAGE }])(
    "$args, while nothing changed",
    async ({ args }) => {
      const one = world();
      const before = await remembered(one, args);
      mark(one);
      const again = await one.run(args);
      expect(again).toContain(MARK);
      expect(again.replaceAll(MARK, WORD)).toBe(before);
    },
  );

  it("with the moment at which it is asked for", async () => {
    const one = world();
    await remembered(one, STATS);
    one.machine.now += 3_600_000;
    mark(one);
    const again = await one.run(STATS);
    expect(again).toContain(MARK);
    expect(JSON.parse(again).generated_at).toBe("2026-01-28T13:00:00.000Z");
  });

  it("and few stay", async () => {
    const one = world();
    for (let rows = 1; rows <= 20; rows++) await remembered(one, [...STATS, "--limit", `${rows}`]);
    expect(reports(one).length).toBeLessThanOrEqual(16);
    expect(reports(one).length).toBeGreaterThan(8);
  });
});

interface Change {
  readonly what: string;
  readonly change: (one: World) => void;
  /** A question that is answered otherwise then. */
  readonly args?: readonly string[];
}

/** What a report rests on, each changed alone. */
const CHANGES: readonly Change[] = [
  { what: "a line is appended", change: ({ home }) => appendFileSync(join(home, "audit.jsonl"), `${FIRST}\n`) },
  { what: "the log is cut", change: ({ home }) => truncateSync(join(home, "audit.jsonl"), 30_000) },
  {
    what: "the log is edited at its length, and its times put back",
    change: ({ home }) => editInPlace(join(home, "audit.jsonl")),
  },
  {
    what: "the log is replaced by another of its length and times",
    change: ({ home }) => replaceWithCopy(join(home, "audit.jsonl")),
  },
  {
    what: "the log is full",
    change: ({ home }) => rename(join(home, "audit.jsonl"), "audit-20260126T125118.898Z-1.jsonl"),
  },
  {
    what: "an import appears",
    change: ({ home }) => writeFileSync(join(home, "imported-x.jsonl"), `${MORE.join("\n")}\n`),
  },
  {
    what: "a rule changes",
    change: ({ home }) => writeFileSync(join(home, "config.toml"), POLICY.replace("push", "pull")),
  },
  { what: "the zone of reports changes", change: ({ home }) => appendFileSync(join(home, "config.toml"), ZONE) },
  {
    what: "rules appear beside them",
    change: ({ home }) => writeFileSync(join(home, "auto-rules.toml"), POLICY.replace("no-", "n-")),
  },
  {
    what: "the project has rules",
    change: ({ project }) => writeFileSync(join(project, ".claude", "claude-permit.toml"), POLICY),
  },
  {
    what: "the policy is broken",
    change: ({ home }) => appendFileSync(join(home, "config.toml"), "[[deny]]\nnmae = 1\n"),
  },
  { what: "the history of rules", change: ({ home }) => writeFileSync(join(home, "auto-rules.history.jsonl"), "{}\n") },
  { what: "segments were removed", change: ({ home }) => state(home, "retired.jsonl") },
  {
    what: "a policy of another time appears",
    change: ({ home }) => writeFileSync(join(home, "policies", "00ff.json"), "{}"),
  },
  { what: "the machine's zone changes", change: ({ machine }) => Object.assign(machine, { TZ: "Etc/GMT+3" }) },
  { what: "another user asks", change: ({ machine }) => Object.assign(machine, { user: "robin" }), args: PAGE },
  { what: "the clock is set back", change: ({ machine }) => Object.assign(machine, { now: NOW - 1 }) },
  {
    what: "another week begins",
    change: ({ machine }) => Object.assign(machine, { now: NOW + 5 * DAY }),
    args: DIGEST,
  },
  { what: "a copy of what is kept is damaged", change: (one) => damage(one) },
];
const ZONE = '[settings.report]\ntimezone = "Etc/GMT+3"\n';

function editInPlace(file: string): void {
  const { atime, mtime } = statSync(file);
  const text = readFileSync(file, "utf8");
  const changed = text.replace('"decision":"allow"', '"decision":"other"');
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  utimesSync(file, atime, mtime);
}

function replaceWithCopy(file: string): void {
  const { atime, mtime } = statSync(file);
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
  utimesSync(file, atime, mtime);
}

function rename(file: string, name: string): void {
  renameSync(file, join(dirname(file), name));
}

function state(home: string, name: string): void {
  mkdirSync(join(home, "state"), { recursive: true });
  const day = { day: "2026-01-20", calls: 5, approved: 5, asked: 0, blocked: 0 };
  writeFileSync(join(home, "state", name), `${JSON.stringify({ segment: "audit-1-1.jsonl", days: [day] })}\n`);
}

function damage(one: World): void {
  for (const file of reports(one)) {
    const bytes = readFileSync(file);
    bytes[100] = 0x20;
    writeFileSync(file, bytes);
  }
}

describe("a report is made anew", () => {
  it.each(CHANGES)("when $what", async ({ change, args = ANALYZE }) => {
    const one = world();
    mkdirSync(join(one.home, "policies"), { recursive: true });
    await remembered(one, args);
    mark(one);
    change(one);
    const again = await one.run(args);
    expect(again).not.toContain(MARK);
    expect(again).toBe(await one.run([...args, "--read-only"]));
  });

  it.each([["--since", "2026-01-26"], ["--until", "2026-01-28"], ["--read-only"]])(
    "when %s is asked for: nothing is kept",
    async (...more) => {
      const one = world();
      await remembered(one, [...STATS, ...more]);
      expect(reports(one)).toEqual([]);
    },
  );

  it("where a record lies ahead of the clock, or a rule will expire", async () => {
    const ahead = world();
    ahead.machine.now = Date.parse("2026-01-26T12:51:20Z");
    await remembered(ahead, STATS);
    expect(reports(ahead)).toEqual([]);
    const expiring = world();
    writeFileSync(join(expiring.home, "config.toml"), POLICY.replace("tool", "expires = 2026-01-28T12:30:00Z\ntool"));
    await remembered(expiring, STATS);
    mark(expiring);
    expect(await expiring.run(STATS)).toContain(MARK);
    expiring.machine.now += 1_800_000;
    expect(await expiring.run(STATS)).not.toContain(MARK);
  });

  it("while the log was only just written", async () => {
    const one = world();
    await one.run(STATS);
    appendFileSync(join(one.home, "audit.jsonl"), `${FIRST}\n`);
    one.machine.now = statSync(join(one.home, "audit.jsonl")).ctimeMs + 50;
    await one.run(STATS);
    expect(reports(one)).toEqual([]);
  });
});

describe("whatever is asked and changed, in whatever order", () => {
  const asked = fc.constantFrom(STATS, DIGEST, [...DIGEST, "--last"], ANALYZE, PAGE, ["stats"]);
  const step = fc.oneof(
    fc.record({ args: asked }),
    fc.record({ changed: fc.nat(CHANGES.length - 1) }),
    fc.record({ later: fc.integer({ min: 1, max: 3 * DAY }) }),
  );

  it("answers are those of a home that remembers nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const one = world();
        mkdirSync(join(one.home, "policies"), { recursive: true });
        for (const now of steps) {
          if ("args" in now) {
            expect(await one.run(now.args)).toBe(await one.run([...now.args, "--read-only"]));
            expect(await one.run(now.args)).toBe(await one.run([...now.args, "--read-only"]));
          } else if ("later" in now) one.machine.now += now.later;
          else if (existsSync(join(one.home, "audit.jsonl"))) tryChange(CHANGES[now.changed]?.change, one);
        }
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});

/** What was changed once may not be there to be changed again. */
function tryChange(change: ((one: World) => void) | undefined, one: World): void {
  try {
    change?.(one);
  } catch {
    // The world stays as it is.
  }
}
