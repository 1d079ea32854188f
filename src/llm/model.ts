/** What asking a model takes, as one bundle: the client and its checks, large and loaded only when a question is put. */
export { assessor } from "./assess.js";
export { openModel } from "./open-model.js";
