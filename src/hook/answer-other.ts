/**
 * The answer to every event that is not a tool call about to run: what happened is recorded, and somebody may be told.
 * Nothing is decided here.
 */
import type { Policy } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import { type Answer, SILENCE } from "./answer.js";
import { batchRecord, momentRecord, observedRecord, outcomeRecord } from "./event-record.js";
import type { RecordedEvent } from "./hook-event.js";
import { contextOf, type Scene, write } from "./scene.js";

/** Calls of one PostToolBatch that may get a record. */
const MAX_BATCH = 100;

/** A promise only where something is remembered of the call. */
export function answerOther(scene: Scene, event: Exclude<RecordedEvent, "PreToolUse">): Answer | Promise<Answer> {
  switch (event) {
    case "PermissionRequest":
      write(scene, observedRecord(scene.event, scene.call, scene.context));
      return SILENCE;
    case "PermissionDenied":
      write(scene, observedRecord(scene.event, scene.call, scene.context));
      return probated(scene);
    case "PostToolUse":
    case "PostToolUseFailure":
      return answerOutcome(scene);
    case "PostToolBatch":
      writeBatch(scene);
      return SILENCE;
    case "SessionStart":
    case "UserPromptSubmit":
    case "Stop":
      return answerMoment(scene);
    case "SessionEnd":
      return probated(scene, answerMoment(scene));
  }
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
