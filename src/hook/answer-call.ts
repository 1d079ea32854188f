/**
 * The answer to one tool call: judged, put to the model where no rule decides, recorded, told.
 * INVARIANT: a record is attempted before an answer is given, and what breaks becomes a refusal, never an allow.
 */
import type { AuditRecord } from "../core/audit/record.js";
import { isForModel } from "../core/policy/answer.js";
import { type Answer, SILENCE } from "./answer.js";
import { decide, type Ruling } from "./decide.js";
import { decisionRecord } from "./event-record.js";
import { failed } from "./failed.js";
import type { ConsultRequest } from "./llm/consult.js";
import { type Scene, write } from "./scene.js";

export function answerCall(scene: Scene): Answer | Promise<Answer> {
  const { event, call, policy, effects, isUnattendedRun, context } = scene;
  if (policy === null) return answerRuling(scene, failed(scene.policyError, "ask", call.attended));
  if (event.toolName === undefined || event.toolInput === null) {
    return answerRuling(scene, failed("the event names no tool or has no input", policy.settings.fail, call.attended));
  }
  const deps = { resolvePath: effects.resolvePath, parseShell: effects.parseShell, now: effects.now() };
  const ruling = decide(policy, call, deps, isUnattendedRun);
  const { evaluation } = ruling;
  const isAsked = policy.settings.llm.enabled && evaluation !== null && isForModel(evaluation);
  if (!isAsked) return answerRuling(scene, ruling);
  const request = { call, policy, evaluation, isUnattendedRun, recordId: context.id };
  return effects.consult(request).then((consulted) => answerConsulted(scene, request, consulted));
}

/** A rule that the verdict became is in the record of the call that brought it about. */
async function answerConsulted(scene: Scene, request: ConsultRequest, ruling: Ruling): Promise<Answer> {
  const record = recordOf(scene, ruling);
  if (ruling.given === undefined) return answerRuling(scene, ruling, record);
  const { promoted } = await scene.effects.remember({ ...request, ...ruling.given, record });
  const kept = promoted === undefined ? record : { ...record, promoted_rule: promoted.name, auto_promoted: true };
  return answerRuling(scene, ruling, kept);
}

function recordOf({ event, call, policy, effects, context }: Scene, ruling: Ruling): AuditRecord {
  const modelUs = (ruling.model?.llm_latency_ms ?? 0) * 1000;
  return decisionRecord(event, call, ruling, policy, Math.max(0, effects.elapsedUs() - modelUs), context);
}

export function answerRuling(scene: Scene, ruling: Ruling, record = recordOf(scene, ruling)): Answer {
  const { call, effects } = scene;
  write(scene, record);
  const systemMessage = call.attended ? effects.takeNotices() : "";
  const permission = permissionOf(ruling);
  if (permission === null) return { ...SILENCE, systemMessage };
  const { reason, updatedInput, additionalContext } = ruling;
  return {
    permission,
    reason,
    systemMessage,
    ...(updatedInput === undefined ? {} : { updatedInput }),
    ...(additionalContext === undefined ? {} : { additionalContext }),
  };
}

/** A rerouted call is allowed, as another one. */
function permissionOf({ decision }: Ruling): Answer["permission"] {
  if (decision === "rerouted") return "allow";
  return decision === "allow" || decision === "deny" || decision === "ask" ? decision : null;
}
