/** `explain`: one decision step by step, from the log (an id, `last`) or for a call given here. */
import { callOfRecord } from "../../../core/audit/record-call.js";
import { evaluationJson } from "../../../core/policy/evaluation-json.js";
import { explainEvaluation } from "../../../core/policy/explain.js";
import { findRecord, judgeAgain } from "../../judge-again.js";
import { logIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import { QueryFault } from "../query-fault.js";
import type { Answer, QueryWorld } from "../world.js";
import { judgeCall, matchJson } from "./match-test.js";

export async function queryExplain(asked: QueryOf<"explain">, world: QueryWorld): Promise<Answer> {
  if ("id" in asked) return { result: await explainRecord(asked.id, world) };
  const judged = judgeCall(asked, asked, world, "full");
  return { result: { ...matchJson(judged, true), text: explainEvaluation(judged.evaluation) } };
}

async function explainRecord(id: string, world: QueryWorld): Promise<unknown> {
  const found = findRecord((await logIn(world)).backward(), id);
  if (found === null)
    throw new QueryFault("invalid_query", `no record \`${id}\` in the log`, { path: "id", hint: HINT });
  const { record, timeMs, at } = found;
  const kept = record.policy_hash === undefined ? null : world.policyByHash(record.policy_hash);
  const policy = kept ?? world.policyFor(world.cwd);
  const call = callOfRecord(record);
  const told = { record, at: `${at.file}:${at.offset}`, policy: policy.hash, policy_of_that_time: kept !== null };
  if (call === null)
    return { ...told, again: null, note: "its input was not kept whole, so it cannot be judged again" };
  const evaluation = judgeAgain(policy, record, timeMs, call);
  return {
    ...told,
    again: evaluationJson(evaluation, policy.settings.llm.enabled),
    text: explainEvaluation(evaluation),
  };
}

const HINT = "`log` answers with recent ids; `last` is the newest decision";
