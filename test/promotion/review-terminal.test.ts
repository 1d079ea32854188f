/** The questions of `review` as a person answers them: the built command line on a pseudo-terminal, key by key. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freshWorld, ROOT, type World } from "../cli/run-cli.js";
import { bash, recordOf, said } from "./memory.js";

/** util-linux's `script` gives a program a terminal of its own. */
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;
if (!hasScript) console.log("SKIP 4 tests: no `script` of util-linux here to hold a terminal");

const KEYS = { down: "\u001b[B", enter: "\r", escape: "\u001b", interrupt: "\u0003" } as const;

interface Terminal {
  /** Waits until this text came after what was awaited last. */
  readonly until: (text: string) => Promise<string>;
  /** One after the other, as fingers do. */
  readonly press: (...keys: readonly (keyof typeof KEYS)[]) => Promise<void>;
  readonly ended: Promise<number | null>;
}

function terminal(world: World, args: readonly string[]): Terminal {
  const words = [process.execPath, join(ROOT, "dist", "cli", "main.js"), ...args];
  const command = `stty cols 120 rows 50; exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const child: ChildProcess = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: world.project,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: world.osHome,
      TZ: "UTC",
      NO_COLOR: "1",
      TERM: "xterm",
      COLUMNS: "120",
    },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let [shown, seen] = ["", 0];
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    shown += chunk;
  });
  return {
    async until(text) {
      for (let waited = 0; waited < 8_000; waited += 20) {
        const found = shown.indexOf(text, seen);
        if (found >= 0) {
          const before = shown.slice(seen, found);
          seen = found + text.length;
          return before;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`\`${text}\` did not come:\n${shown.slice(seen)}`);
    },
    async press(...keys) {
      for (const key of keys) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        child.stdin?.write(KEYS[key]);
      }
    },
    ended: new Promise((resolve) => child.on("close", resolve)),
  };
}

function waitingWorld(...commands: readonly string[]): World {
  const world = freshWorld();
  const records = commands.map((command, n) => {
    const call = bash(command, { cwd: world.project, project: world.project, home: world.osHome });
    return recordOf(call, said("YELLOW"), `01990000-0000-7000-8000-00000000000${n}`, Date.now() - 60_000 * (n + 1));
  });
  writeFileSync(join(world.home, "audit.jsonl"), records.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return world;
}

const rulesOf = ({ home }: World) => {
  const file = join(home, "auto-rules.toml");
  return existsSync(file) ? [...readFileSync(file, "utf8").matchAll(/^\[\[(\w+)\]\]/gm)].map(([, kind]) => kind) : [];
};
const waiting = (world: World) =>
  JSON.parse(world.run(["review", "--json"]).stdout).pending.map(({ subject }: { subject: string }) => subject);

describe.skipIf(!hasScript)("review on a terminal", () => {
  it("shows each call with what its answers would write, and carries out what is chosen", async () => {
    const world = waitingWorld("npm test", "npm run lint", "make all");
    const { until, press, ended } = terminal(world, ["review"]);
    const first = await until("Your answer?");
    expect(first).toContain("1 of 3");
    expect(first).toMatch(/call +Bash: npm test/);
    expect(first).toMatch(/verdict +YELLOW \(0\.95\)/);
    expect(first).toMatch(/approving +allows exactly `npm test`/);
    await until("stop here");
    await press("down", "enter");
    await until("approved 01990000-0000-7000-8000-000000000000: rule");
    await until("2 of 3");
    await until("stop here");
    await press("down", "down", "enter");
    await until("rejected 01990000-0000-7000-8000-000000000001: rule");
    await until("3 of 3");
    await until("stop here");
    await press("enter");
    expect(await ended).toBe(0);
    expect(rulesOf(world)).toEqual(["allow", "deny"]);
    expect(waiting(world)).toEqual(["make all"]);
  });

  it("stops where the user says so", async () => {
    const world = waitingWorld("npm test", "make all");
    const { until, press, ended } = terminal(world, ["review"]);
    await until("stop here");
    await press("down", "down", "down", "enter");
    expect(await ended).toBe(0);
    expect([rulesOf(world), waiting(world).length]).toEqual([[], 2]);
  });

  it.each(["escape", "interrupt"] as const)("changes nothing when it is left with %s", async (key) => {
    const world = waitingWorld("npm test");
    const { until, press, ended } = terminal(world, ["review"]);
    await until("stop here");
    await press(key);
    await until("nothing was changed");
    expect(await ended).toBe(2);
    expect(rulesOf(world)).toEqual([]);
  });
});
