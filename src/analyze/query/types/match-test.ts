/** `match_test`: what the hook would answer for one call or many. It asks the hook's engine and never a model. */
import { resolve } from "node:path";
import { answerOf } from "../../../core/policy/answer.js";
import { evaluate } from "../../../core/policy/evaluate.js";
import type { Evaluation } from "../../../core/policy/evaluation.js";
import { evaluationJson } from "../../../core/policy/evaluation-json.js";
import type { Policy } from "../../../core/policy/policy.js";
import { analyzeShell } from "../../../core/shell/analyze.js";
import { toolShape } from "../../../core/tool-call.js";
import { projectOf } from "../../../store/git-root.js";
import { resolvePath } from "../../../store/resolve-path.js";
import type { QueryOf } from "../query.schema.js";
import { QueryFault } from "../query-fault.js";
import type { Answer, QueryWorld } from "../world.js";

export interface AskedCall {
  readonly tool: string;
  /** A string stands for the tool's main field. */
  readonly input: Readonly<Record<string, unknown>> | string;
  readonly cwd?: string;
}

interface Circumstances {
  readonly permission_mode?: string;
  readonly headless?: boolean;
}

interface Judged {
  readonly policy: Policy;
  readonly evaluation: Evaluation;
  /** Of the hook. */
  readonly decision: string;
}

export function queryMatchTest(asked: QueryOf<"match_test">, world: QueryWorld): Answer {
  if (!("calls" in asked)) {
    return {
      result: matchJson(judgeCall(asked, asked, world, asked.trace === true ? "full" : "trace"), asked.trace === true),
    };
  }
  const detail = asked.trace === true ? "full" : "decision";
  const results = asked.calls.map((call, index) =>
    matchJson(judgeCall(call, asked, world, detail, `calls[${index}].`), asked.trace === true),
  );
  return { results };
}

/** Judged as the hook judges it now: same files, same engine, same parser. `at`: where the call stands in the query. */
export function judgeCall(
  call: AskedCall,
  { permission_mode: mode = "default", headless = false }: Circumstances,
  world: QueryWorld,
  detail: "full" | "decision" | "trace",
  at = "",
): Judged {
  const cwd = call.cwd === undefined ? world.cwd : resolve(world.cwd, call.cwd);
  const policy = world.policyFor(cwd);
  const isUnattendedRun = world.unattended || policy.settings.unattended;
  const evaluation = evaluate(
    policy,
    {
      tool: call.tool,
      input: inputOf(call, at),
      cwd,
      home: world.home,
      project: projectOf(cwd),
      sessionId: "",
      permissionMode: mode,
      attended: !(headless || isUnattendedRun),
    },
    { resolvePath, parseShell: analyzeShell, now: world.now() },
    { detail: detail === "decision" ? "decision" : "full" },
  );
  return { policy, evaluation, decision: answerOf(evaluation, isUnattendedRun) };
}

function inputOf({ tool, input }: AskedCall, at: string): Readonly<Record<string, unknown>> {
  if (typeof input !== "string") return input;
  const main = toolShape(tool)?.main;
  if (main !== undefined) return { [main]: input };
  const hint = 'give an object: {"field": "value"}';
  throw new QueryFault("invalid_query", `\`${tool}\` has no main field`, { path: `${at}input`, hint });
}

export function matchJson(
  { policy, evaluation, decision }: Judged,
  isFull: boolean,
): Readonly<Record<string, unknown>> {
  const { parts, near_misses: misses, trace, ...told } = evaluationJson(evaluation, policy.settings.llm.enabled);
  const note = noteOf(policy, evaluation);
  return {
    ...told,
    decision,
    ...(note === "" ? {} : { note }),
    ...(trace === undefined ? {} : { trace }),
    ...(isFull ? { parts, near_misses: misses } : {}),
  };
}

function noteOf({ state, settings }: Policy, { open, rule, decision, reason }: Evaluation): string {
  if (state === "broken") return "the policy is broken: only deny and ask rules of the last good one count";
  if (open && settings.llm.enabled) return "no rule decides; the hook would ask the language model";
  if (rule === null && decision === "passthrough") return "no rule decides; Claude Code's own permissions do";
  return rule === null ? reason : "";
}
