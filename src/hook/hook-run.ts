/** What the hook's entry, and a rehearsal, need of the part that every call loads, from V8's code cache. */
export { hayOf } from "../core/policy/needles.js";
export { readCompiled } from "../store/compiled-policy.js";
export { effectsOf, keyOf, lineOf } from "./answer-event.js";
export { runHook } from "./run-hook.js";
export { start } from "./start.js";
