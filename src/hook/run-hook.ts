/**
 * One hook event from its text to its answer. Everything that touches the machine comes in as an effect.
 * INVARIANT: the answer to a call that cannot be judged is a refusal, never an allow.
 */
import { type Answer, type HookResult, SILENCE, say } from "./answer.js";
import { answerCall } from "./answer-call.js";
import { answerOther } from "./answer-other.js";
import { answerUnreadable } from "./answer-unreadable.js";
import { parseEvent } from "./parse-event.js";
import { type HookEffects, sceneOf } from "./scene.js";

/** `isWhole` is false when the event was larger than what is read of one. A promise only where a model is asked. */
export function runHook(text: string, isWhole: boolean, effects: HookEffects): HookResult | Promise<HookResult> {
  const parsed = parseEvent(text, isWhole);
  if (parsed.kind === "other") return say(SILENCE);
  const scene = sceneOf(parsed.event, effects);
  if (parsed.kind === "unreadable") return answerUnreadable(scene, parsed.why, parsed.hasName);
  const { event } = parsed.event;
  return sayLater(event === "PreToolUse" ? answerCall(scene) : answerOther(scene, event));
}

function sayLater(answer: Answer | Promise<Answer>): HookResult | Promise<HookResult> {
  return answer instanceof Promise ? answer.then(say) : say(answer);
}
