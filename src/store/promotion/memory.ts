/** What the hook keeps of verdicts: its bundle for that, loaded only when there is something to keep. */
export { confirmOutcome } from "./confirm-outcome.js";
export { checkProbation } from "./probation.js";
export { rememberVerdict } from "./remember-verdict.js";
