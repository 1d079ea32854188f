/** What the hook's entry needs of the part that every call loads, from V8's code cache. */
export { answerEvent, effectsOf, lineOf } from "./answer-event.js";
export { runHook } from "./run-hook.js";
export { start } from "./start.js";
