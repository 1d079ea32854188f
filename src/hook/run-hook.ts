/**
 * One hook event from its text to its answer. Everything that touches the machine comes in as an effect.
 * INVARIANT: a record is attempted before an answer is given, and what breaks becomes a refusal, never an allow.
 */
import type { AuditRecord } from "../core/audit/record.js";
import { isForModel } from "../core/policy/answer.js";
import type { Policy } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import { type Answer, renderAnswer, SILENCE } from "./answer.js";
import { decide, failed, type Ruling } from "./decide.js";
import { batchRecord, decisionRecord, momentRecord, observedRecord, outcomeRecord } from "./event-record.js";
import { parseEvent } from "./hook-event.js";
import type { ConsultRequest } from "./llm/consult.js";
import { contextOf, type HookEffects, NAMELESS, type Scene, sceneOf, write } from "./scene.js";

export interface HookResult {
  /** "" or one complete JSON object. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 2;
}

/** Calls of one PostToolBatch that may get a record. */
const MAX_BATCH = 100;

/** `isWhole` is false when the event was larger than what is read of one. A promise only where a model is asked. */
export function runHook(text: string, isWhole: boolean, effects: HookEffects): HookResult | Promise<HookResult> {
  const parsed = parseEvent(text, isWhole);
  if (parsed.kind === "other") return say(SILENCE);
  const scene = sceneOf(parsed.event ?? NAMELESS, effects);
  if (parsed.kind === "unreadable") return answerUnreadable(scene, parsed.why, parsed.event !== null);
  switch (parsed.event.event) {
    case "PreToolUse":
      return sayLater(answerCall(scene));
    case "PermissionRequest":
      write(scene, observedRecord(scene.event, scene.call, scene.context));
      return say(SILENCE);
    case "PermissionDenied":
      write(scene, observedRecord(scene.event, scene.call, scene.context));
      return sayLater(probated(scene));
    case "PostToolUse":
    case "PostToolUseFailure":
      return sayLater(answerOutcome(scene));
    case "PostToolBatch":
      writeBatch(scene);
      return say(SILENCE);
    case "SessionStart":
    case "UserPromptSubmit":
    case "Stop":
      return say(answerMoment(scene));
    case "SessionEnd": {
      const answer = answerMoment(scene);
      return sayLater(probated(scene, answer));
    }
  }
}

function answerCall(scene: Scene): Answer | Promise<Answer> {
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

function answerRuling(scene: Scene, ruling: Ruling, record = recordOf(scene, ruling)): Answer {
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

/** How a call went; of one that waits for its review this is remembered, and the user hears what came of it. */
function answerOutcome(scene: Scene): Answer | Promise<Answer> {
  const { event, call, previewChars, context, policy, effects } = scene;
  const record = outcomeRecord(event, call.attended, previewChars, context);
  write(scene, record);
  if (policy?.settings.llm.enabled !== true || !effects.awaitsOutcome(record)) return SILENCE;
  const told = (): Answer => ({ ...SILENCE, systemMessage: call.attended ? effects.takeNotices() : "" });
  return effects.confirm(record, policy.settings).then(told);
}

/** A session's beginning, end and turns: nothing of their text is kept, but here the user can be told something. */
function answerMoment(scene: Scene): Answer {
  const { event, call, effects, policy, context } = scene;
  const told: string[] = [];
  if (event.event !== "SessionEnd" && call.attended) told.push(effects.takeNotices());
  if (event.event === "SessionStart" && call.attended && isUnconfigured(policy) && effects.isFirstEvent())
    told.push(NO_RULES_YET);
  // Before this Stop's own record: a turn ends at the last one in the log.
  if (event.event === "Stop" && policy?.settings.notify.stopSummary !== false) {
    told.push(effects.summary(event.sessionId));
  }
  const fault = write(scene, momentRecord(event, context));
  if (fault !== "") told.push(`claude-permit could not write its log: ${fault}. See: claude-permit status`);
  if (scene.policyError !== "") told.push(`claude-permit: ${scene.policyError}. See: claude-permit status`);
  return { ...SILENCE, systemMessage: told.filter((text) => text !== "").join("\n") };
}

/** Whoever has only the plugin never ran `init`. */
const NO_RULES_YET =
  "claude-permit records what is decided here; there are no rules yet, so it allows and denies nothing. For the starter policy: npx claude-permit init --policy-only";

function isUnconfigured(policy: Policy | null): boolean {
  return policy?.state === "ok" && !policy.sources.some(({ present }) => present);
}

/** What was refused is known by now: a promoted rule that allowed it is suspended. */
function probated({ event, policy, effects }: Scene, answer: Answer = SILENCE): Answer | Promise<Answer> {
  const checked = policy === null ? null : effects.probation(event.sessionId, policy.settings);
  return checked === null ? answer : checked.then(() => answer);
}

function writeBatch(scene: Scene): void {
  const { event, effects, call } = scene;
  const unseen = effects.unseen(event.calls.map(({ toolUseId }) => toolUseId));
  for (const batch of event.calls.filter(({ toolUseId }) => unseen.has(toolUseId)).slice(0, MAX_BATCH)) {
    const one: ToolCall = { ...call, tool: batch.toolName, input: batch.toolInput ?? {} };
    write(scene, batchRecord(event, one, batch, contextOf(effects)));
  }
}

/** Only a call can be refused; without even the event's name exit 2 is the one refusal every event understands. */
function answerUnreadable(scene: Scene, why: string, hasName: boolean): HookResult {
  const { event, call, policy, context } = scene;
  if (event.event !== "PreToolUse") {
    write(scene, { ...momentRecord(event, context), error: why });
    return say(SILENCE);
  }
  const ruling = failed(why, policy?.settings.fail ?? "ask", call.attended);
  if (hasName) return say(answerRuling(scene, ruling));
  const record = {
    ...decisionRecord(event, call, ruling, policy, scene.effects.elapsedUs(), context),
    event: "unreadable",
  };
  write(scene, record);
  return ruling.decision === "error_passthrough" ? say(SILENCE) : { stdout: "", stderr: ruling.reason, exitCode: 2 };
}

function sayLater(answer: Answer | Promise<Answer>): HookResult | Promise<HookResult> {
  return answer instanceof Promise ? answer.then(say) : say(answer);
}

function say(answer: Answer): HookResult {
  return { stdout: renderAnswer(answer), stderr: "", exitCode: 0 };
}
