/** Why a model gave no usable answer: one table of codes and sentences. No detail of one request is in them, so that the log can count them. */

const FAILURES = {
  "llm-no-key": "no API key: set the variable that `settings.llm.api_key_env` names, or `api_key_file`",
  "llm-timeout": "no answer before the deadline",
  "llm-stopped": "the hook was told to stop before there was an answer",
  "llm-unreachable": "the model's server could not be reached, or hung up",
  "llm-refused": "the server refused the request: check key, model and base_url",
  "llm-rate-limited": "the server limits this key's requests (429)",
  "llm-overloaded": "the server is overloaded (529)",
  "llm-server-error": "the server failed (5xx)",
  "llm-too-large": "the answer is larger than any verdict",
  "llm-malformed": "the answer is not what was asked for",
  "llm-no-program": "the program `claude` could not be run",
  "llm-internal": "claude-permit could not ask the model",
} as const satisfies Record<string, string>;

export type FailureCode = keyof typeof FAILURES;

export interface Failure {
  readonly kind: "failure";
  readonly code: FailureCode;
  readonly message: string;
}

/** `detail` is our own text, never the model's or the server's. */
export function failure(code: FailureCode, detail = ""): Failure {
  return { kind: "failure", code, message: detail === "" ? FAILURES[code] : `${FAILURES[code]}: ${detail}` };
}

export const FAILURE_CODES = Object.keys(FAILURES) as readonly FailureCode[];
