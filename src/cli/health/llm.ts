/** Does the language model answer: is there a key, and how did the calls of the log's newest part go? */
import type { AuditRecord } from "../../core/audit/record.js";
import type { Look } from "./check.js";

/** Calls of the model in the records that were looked at, newest first. */
export interface ModelCalls {
  calls: number;
  errors: number;
  timeouts: number;
  /** Failures since the last answer. */
  streak: number;
  lastError: string | null;
}

export function noModelCalls(): ModelCalls {
  return { calls: 0, errors: 0, timeouts: 0, streak: 0, lastError: null };
}

/** Adds one record; they come from the newest to the oldest. */
export function countModelCall(told: ModelCalls, { llm_error, llm_score, llm_cached }: AuditRecord): void {
  if (llm_error === undefined && (llm_score === undefined || llm_cached === true)) return;
  told.calls += 1;
  if (llm_error === undefined) return;
  if (told.errors === told.calls - 1) told.streak += 1;
  told.errors += 1;
  if (/time-?out/i.test(llm_error)) told.timeouts += 1;
  told.lastError ??= llm_error;
}

export const lookAtModel: Look = ({ io, log, loaded }) => {
  const { llm, alerts } = loaded.policy.settings;
  const told = log.kind === "read" ? log.model : noModelCalls();
  if (!llm.enabled && told.errors === 0) return null;
  const what = `${told.calls} calls lately, ${told.errors} failed (${told.timeouts} timeouts)`;
  const last = told.lastError === null ? "" : `; the last error: ${told.lastError}`;
  const found = `${llm.enabled ? `${llm.backend}, ${llm.model}: ` : "switched off; "}${told.calls === 0 ? "not asked lately" : what}${last}`;
  const unanswered = `calls that no rule decides follow on_error = "${llm.onError}"`;
  if (!llm.enabled) return { state: "good", found };
  const hasKey = llm.apiKeyFile !== undefined || (io.env[llm.apiKeyEnv] ?? "") !== "";
  if (llm.backend === "anthropic" && !hasKey) {
    return {
      state: "note",
      found: `${llm.apiKeyEnv} is not set here; ${found}`,
      why: `without a key ${unanswered}`,
      fix: `set ${llm.apiKeyEnv} where Claude Code is started`,
    };
  }
  if (told.streak >= alerts.llmFailures) {
    return {
      state: "bad",
      found: `${told.streak} failures in a row; ${found}`,
      why: unanswered,
      fix: "claude-permit analyze --section llm",
    };
  }
  if (told.errors === 0) return { state: "good", found };
  return { state: "note", found, why: unanswered, fix: "claude-permit analyze --section llm" };
};
