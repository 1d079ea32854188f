/** What an earlier simulation found is not asked for again, and says the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { openJudgements } from "../../src/analyze/judgements.js";
import { type Judges, judgesHere } from "../../src/analyze/judging/judges.js";
import type { RecordFilter } from "../../src/analyze/scan/scan.js";
import { knownAnswers } from "../../src/analyze/simulate/known-answers.js";
import { Simulation } from "../../src/analyze/simulate/simulate.js";
import { UTC } from "../../src/analyze/zone.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { decided, newestFirst, START } from "../cubes/log.js";
import { policyOf } from "../hook/scene.js";

const folder = mkdtempSync(join(tmpdir(), "simulated-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DENY = policyOf(`[[deny]]\nname = "no-make"\npattern = "Bash(make *)"\n`);
const EXPIRING = policyOf(
  `[[deny]]\nname = "no-make"\npattern = "Bash(make *)"\nexpires = "${new Date(START + 86_400_000).toISOString().slice(0, 10)}"\n`,
);

const call = (timeMs: number, tool_name: string, tool_input: object) =>
  decided(timeMs, `t${timeMs}`, { tool_name, tool_input: { ...tool_input }, cwd: "/p", project: "/p" });
const LOG = newestFirst([
  call(1_000, "Bash", { command: "make a", description: "one" }),
  call(2_000, "Bash", { command: "make a", description: "two" }),
  call(3_000, "Bash", { command: "ls" }),
  call(4_000, "Read", { file_path: "/p/x", limit: 3 }),
  call(200_000_000, "Bash", { command: "make a" }),
]);

function simulate(policy: Policy, filter: RecordFilter = {}) {
  let asked = 0;
  const here = judgesHere("again");
  const judges: Judges<"again"> = {
    ...here,
    ask(one, answered) {
      asked++;
      here.ask(one, answered);
    },
  };
  const judgements = openJudgements(folder, `simulated ${policy.hash}`, false);
  const simulation = new Simulation(() => policy, filter, { judges, known: knownAnswers(judgements) });
  foldRecords(LOG, { window: {}, zone: UTC, now: 0, cubes: [] }, simulation);
  const { result } = simulation;
  judgements.keep();
  return { asked, result };
}

it("asks for distinct calls once, and never again under the same policy", () => {
  const first = simulate(DENY);
  expect(first.asked).toBe(3);
  expect(first.result).toMatchObject({ calls: 5, unchanged: 0, distinct: 3 });
  expect(simulate(DENY)).toEqual({ asked: 0, result: first.result });
});

it("asks again under another policy, and once a rule has expired", () => {
  const { asked, result } = simulate(EXPIRING);
  expect(asked).toBe(4);
  expect(result).toMatchObject({ calls: 5, distinct: 4 });
  expect(simulate(EXPIRING)).toEqual({ asked: 0, result });
});

it("judges and counts calls of the tool alone that is asked for", () => {
  rmSync(folder, { recursive: true });
  const { asked, result } = simulate(DENY, { tool: "Bash" });
  expect(asked).toBe(2);
  expect(result).toMatchObject({ calls: 4, distinct: 2 });
  expect(simulate(DENY, { since: START + 2_000, until: START + 4_000 }).result).toMatchObject({ calls: 2 });
});
