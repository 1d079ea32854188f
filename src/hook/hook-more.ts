/** What the hook's entry needs after an answer, when its code cache is missing. */
export { keepCode } from "./keep-code.js";
export { rehearse } from "./rehearse.js";
