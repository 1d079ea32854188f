/**
 * One hook event from its text to its answer. Everything that touches the machine comes in as an effect.
 * INVARIANT: a record is attempted before an answer is given, and what breaks becomes a refusal, never an allow.
 */
import type { ToolCall } from "../core/tool-call.js";
import { type Answer, renderAnswer, SILENCE } from "./answer.js";
import { decide, failed, type Ruling } from "./decide.js";
import { batchRecord, decisionRecord, momentRecord, observedRecord, outcomeRecord } from "./event-record.js";
import { parseEvent } from "./hook-event.js";
import { contextOf, type HookEffects, NAMELESS, type Scene, sceneOf, write } from "./scene.js";

export interface HookResult {
  /** "" or one complete JSON object. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 2;
}

/** Calls of one PostToolBatch that may get a record. */
const MAX_BATCH = 100;

/** `isWhole` is false when the event was larger than what is read of one. */
export function runHook(text: string, isWhole: boolean, effects: HookEffects): HookResult {
  const parsed = parseEvent(text, isWhole);
  if (parsed.kind === "other") return say(SILENCE);
  const scene = sceneOf(parsed.event ?? NAMELESS, effects);
  if (parsed.kind === "unreadable") return answerUnreadable(scene, parsed.why, parsed.event !== null);
  switch (parsed.event.event) {
    case "PreToolUse":
      return say(answerCall(scene));
    case "PermissionRequest":
    case "PermissionDenied":
      write(scene, observedRecord(scene.event, scene.call, scene.context));
      return say(SILENCE);
    case "PostToolUse":
    case "PostToolUseFailure":
      write(scene, outcomeRecord(scene.event, scene.call.attended, scene.previewChars, scene.context));
      return say(SILENCE);
    case "PostToolBatch":
      writeBatch(scene);
      return say(SILENCE);
    case "SessionStart":
    case "UserPromptSubmit":
    case "Stop":
    case "SessionEnd":
      return say(answerMoment(scene));
  }
}

function answerCall(scene: Scene): Answer {
  const { event, call, policy, effects, isUnattendedRun } = scene;
  if (policy === null) return answerRuling(scene, failed(scene.policyError, "ask", call.attended));
  if (event.toolName === undefined || event.toolInput === null) {
    return answerRuling(scene, failed("the event names no tool or has no input", policy.settings.fail, call.attended));
  }
  const deps = { resolvePath: effects.resolvePath, parseShell: effects.parseShell, now: effects.now() };
  return answerRuling(scene, decide(policy, call, deps, isUnattendedRun));
}

function answerRuling(scene: Scene, ruling: Ruling): Answer {
  const { event, call, policy, effects, context } = scene;
  write(scene, decisionRecord(event, call, ruling, policy, effects.elapsedUs(), context));
  const { decision, reason } = ruling;
  const systemMessage = call.attended ? effects.takeNotices() : "";
  const isSpoken = decision === "allow" || decision === "deny" || decision === "ask";
  return isSpoken ? { permission: decision, reason, systemMessage } : { ...SILENCE, systemMessage };
}

/** A session's beginning, end and turns: nothing of their text is kept, but here the user can be told something. */
function answerMoment(scene: Scene): Answer {
  const { event, call, effects, policy, context } = scene;
  const told: string[] = [];
  if (event.event !== "SessionEnd" && call.attended) told.push(effects.takeNotices());
  // Before this Stop's own record: a turn ends at the last one in the log.
  if (event.event === "Stop" && policy?.settings.notify.stopSummary !== false) {
    told.push(effects.summary(event.sessionId));
  }
  const fault = write(scene, momentRecord(event, context));
  if (fault !== "") told.push(`claude-permit could not write its log: ${fault}. See: claude-permit status`);
  if (scene.policyError !== "") told.push(`claude-permit: ${scene.policyError}. See: claude-permit status`);
  return { ...SILENCE, systemMessage: told.filter((text) => text !== "").join("\n") };
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

function say(answer: Answer): HookResult {
  return { stdout: renderAnswer(answer), stderr: "", exitCode: 0 };
}
