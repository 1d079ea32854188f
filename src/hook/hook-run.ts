/** What the hook's entry needs of the large part of the hook, which it loads from V8's code cache. */
export { answerEvent } from "./answer-event.js";
export { rehearse } from "./rehearse.js";
