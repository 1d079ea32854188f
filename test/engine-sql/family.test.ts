/** Of an engine to which a pass is dear: how many statements it is asked, what they leave out early, and whose a cell is. */
import { expect, it } from "vitest";
import type { SqlCube } from "../../src/analyze/engine/compile-cube.js";
import { compileFamily } from "../../src/analyze/engine/compile-family.js";
import { CLICKHOUSE } from "../../src/analyze/engine/dialect.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { readCells } from "../../src/analyze/engine/read-cells.js";

const CUBES: readonly SqlCube[] = [
  { name: "whole", of: "call", keys: [], measures: ["calls"] },
  { name: "commands", of: "command", keys: ["command"], measures: ["calls", "last"], samples: 1 },
  { name: "days", of: "call", keys: ["day", "tool"], measures: ["last", "calls"] },
  {
    name: "denied",
    of: "call",
    keys: ["tool"],
    measures: ["calls"],
    where: [{ column: "decision", in: ["deny"] }],
    samples: 3,
  },
  { name: "events", of: "record", keys: ["event"], measures: ["calls"] },
];
const SCOPE = { window: { since: 1000, until: 2000 }, filter: {}, offsets: [] };

/** Answers statements by what they begin with, and remembers them. */
function engineOf(answers: readonly (readonly [beginning: RegExp, rows: readonly (readonly unknown[])[]])[]) {
  const asked: string[] = [];
  const engine: SqlEngine = {
    dialect: CLICKHOUSE,
    name: "stand-in",
    atOnce: 2,
    async rows(sql) {
      asked.push(sql);
      return answers.find(([beginning]) => beginning.test(sql))?.[1] ?? [];
    },
    close: async () => undefined,
  };
  return { engine, asked };
}

it("asks one statement for all cubes of a kind of row, and tells whose each cell is", async () => {
  const { engine, asked } = engineOf([
    [
      /^SELECT cell .*kind IN \('call', 'gone'\)/,
      [
        ["0", "5", "1900"],
        ["1\0git status", 3, 1800],
        ["1\0", 1, 1900],
        ["2\x0020000\0Bash", 5, 1900],
      ],
    ],
    [/^SELECT cell .*kind IN \('record', 'gone'\)/, [["0\0PreToolUse", 9]]],
    [/^SELECT element/, [["git status", 1800, "log", 7, "s", "git status -s", "", "", ""]]],
  ]);
  const [whole, commands, days, denied, events] = await readCells(engine, CUBES, SCOPE);
  expect(whole).toEqual([{ keys: {}, values: { calls: 5 }, samples: [] }]);
  expect(commands?.map(({ keys, values }) => [keys.command, values])).toEqual([
    ["git status", { calls: 3, last: 1800 }],
    ["", { calls: 1, last: 1900 }],
  ]);
  expect(commands?.map(({ samples }) => samples.map(({ at }) => at))).toEqual([["log:7"], []]);
  expect(days).toEqual([{ keys: { day: "2024-10-04", tool: "Bash" }, values: { last: 1900, calls: 5 }, samples: [] }]);
  expect(denied).toEqual([]);
  expect(events).toEqual([{ keys: { event: "PreToolUse" }, values: { calls: 9 }, samples: [] }]);
  expect(asked.filter((sql) => sql.startsWith("SELECT cell"))).toHaveLength(2);
  // What has no cells has no samples; and those that are asked for are of known moments.
  const samples = asked.filter((sql) => !sql.startsWith("SELECT cell"));
  expect(samples).toHaveLength(1);
  expect(samples[0]).toContain(
    "PREWHERE kind IN ('call', 'gone') AND time >= 1000 AND time < 2000 AND time IN (1800, 1900)",
  );
});

it("leaves out early only what all versions of a row agree on", () => {
  const sql = compileFamily(CUBES.slice(0, 4), { ...SCOPE, filter: { decision: "deny" } }, CLICKHOUSE, lists())
    ?.statement.sql;
  const early = /PREWHERE (.*?) WHERE/.exec(sql ?? "")?.[1];
  expect(early).toBe("kind IN ('call', 'gone') AND time >= 1000 AND time < 2000");
  expect(sql).toContain("if(kind = 'call' AND time >= 1000 AND time < 2000 AND decision = 'deny', ");
});

it("has nothing to ask where the filter leaves no row of the kind", () => {
  const prompts: readonly SqlCube[] = [{ name: "prompts", of: "prompt", keys: [], measures: ["calls"] }];
  expect(compileFamily(prompts, { ...SCOPE, filter: { decision: "deny" } }, CLICKHOUSE, lists())).toBeNull();
  expect(compileFamily([], SCOPE, CLICKHOUSE, lists())).toBeNull();
});

it("fails rather than miss a cell", async () => {
  const { engine } = engineOf([[/^SELECT cell/, Array.from({ length: 2_000_001 }, () => ["0", 1, 1])]]);
  await expect(readCells(engine, CUBES.slice(0, 1), SCOPE)).rejects.toMatchObject({ code: "source_too_large" });
});

function lists() {
  if (CLICKHOUSE.lists === null) throw new Error("no lists");
  return CLICKHOUSE.lists;
}
