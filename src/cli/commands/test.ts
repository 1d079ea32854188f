/** `test`: would this call be allowed? Judges one call, or a file of cases, as the hook would; never asks a model. */
import { isForModel } from "../../core/policy/answer.js";
import { evaluationJson } from "../../core/policy/evaluation-json.js";
import { explainEvaluation } from "../../core/policy/explain.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { callFrom, folderOf, judge, policyWithFaults } from "../judge.js";
import { printProblems, safeText } from "../print.js";
import { runCases } from "../test-cases.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json } = invocation;
  const { policy, faults } = policyWithFaults(invocation, folderOf(invocation));
  const cases = flags.text("file");
  if (!json) printProblems(io, faults);
  if (cases !== undefined) return runCases(invocation, policy, cases);
  const evaluation = judge(policy, callFrom(invocation, args[0]), io.now());
  if (json) io.stdout.write(`${JSON.stringify(evaluationJson(evaluation, policy.settings.llm.enabled))}\n`);
  else {
    for (const line of explainEvaluation(evaluation, { steps: false })) io.stdout.write(`${safeText(line)}\n`);
    if (isForModel(evaluation) && policy.settings.llm.enabled)
      io.stdout.write("The language model would be consulted.\n");
  }
  return evaluation.decision === "allow" ? EXIT.fine : EXIT.finding;
}
