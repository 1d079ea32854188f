/**
 * Every known bypass and every dangerous command as a call on which a model always says GREEN and proposes the broadest
 * rule: what becomes a rule all the same is listed in fixtures/promotion/promoted.txt, and none of it is dangerous.
 * Nothing is run.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DANGEROUS_COMMANDS } from "../../src/core/generalise/dangerous-neighbours.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import { withRule } from "../../src/core/promote/candidate-rule.js";
import { promotionCandidate } from "../../src/core/promote/promotion-candidate.js";
import { checkPromotion } from "../../src/core/promote/promotion-check.js";
import { policyOf } from "../hook/scene.js";
import { bash, DEPS, freshMemory, PROMOTING, said } from "./memory.js";

interface Row {
  readonly cmd: string;
}

const rows = ["bypass.jsonl", "dangerous.jsonl"].flatMap((name) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/starter/${name}`, import.meta.url)), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Row => JSON.parse(line)),
);
/** No rule at all: nothing but promotion's own checks stands between the verdict and the rule. */
const policy = policyOf(PROMOTING);

/** The rule that would be written at the last verdict, `null` when none would. */
function promotedBy(command: string) {
  const call = bash(command);
  const evaluation = evaluate(policy, call, DEPS, { detail: "full" });
  const found = promotionCandidate(call, evaluation, policy, DEPS);
  if (found.kind === "refused") return null;
  const { candidate } = found;
  const question = { rule: candidate.rule, call, evaluation, policy, deps: DEPS, holdsSecret: () => false };
  return checkPromotion({ ...question, by: "verdict" }).kind === "passes" ? candidate : null;
}

const promoted = rows.flatMap(({ cmd }) => {
  const candidate = promotedBy(cmd);
  return candidate === null ? [] : [{ cmd, candidate }];
});

describe("a model that says GREEN to everything", () => {
  it("makes rules of few of these calls, each listed", async () => {
    const lines = promoted.map(({ cmd, candidate }) => `${JSON.stringify(cmd)}\n    ${candidate.summary}`);
    const head = `${rows.length} calls, ${promoted.length} of them become a rule`;
    await expect(`${[head, ...lines.toSorted()].join("\n")}\n`).toMatchFileSnapshot(
      "../../fixtures/promotion/promoted.txt",
    );
  });

  it("opens, by all these rules together, none of the other rows and no dangerous neighbour", () => {
    const all = promoted.reduce((under, { candidate }) => withRule(under, candidate.rule), policy);
    const own = new Set(promoted.map(({ cmd }) => cmd));
    const others = [...rows.map(({ cmd }) => cmd), ...DANGEROUS_COMMANDS].filter((cmd) => !own.has(cmd));
    expect(others.filter((cmd) => evaluate(all, bash(cmd), DEPS).decision === "allow")).toEqual([]);
  });

  it("through the whole memory too: three verdicts over two sessions on each of the bypasses", async () => {
    const memory = freshMemory();
    for (const { cmd } of rows.slice(0, 60)) {
      await memory.give(policy, said("GREEN"), bash(cmd), bash(cmd, { sessionId: "s-2" }), bash(cmd));
    }
    const expected = new Set(rows.slice(0, 60).flatMap(({ cmd }) => promotedBy(cmd)?.rule.id ?? []));
    expect(memory.promoted().map(({ name }) => name)).toEqual([...expected]);
  });
});
