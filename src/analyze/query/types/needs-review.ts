/**
 * Which decisions a person should look at again: YELLOW calls that ran, errors of the model, reroutes, and calls that ran
 * although the verdict was unsure. Records come newest first, so a call's outcome is known before the call.
 */
import type { AuditRecord } from "../../../core/audit/record.js";

/** Outcomes that wait for their call; older ones are forgotten. */
const WAITING = 20_000;
/** Below this a verdict was a near miss (SPEC section 4). */
const SURE = 0.7;
const OUTCOMES: ReadonlySet<string> = new Set(["PostToolUse", "PostToolUseFailure"]);

export type ReviewCause = "yellow_ran" | "llm_error" | "reroute" | "unsure_verdict_ran";

export class ReviewCauses {
  readonly #ran = new Set<string>();

  /** Empty when nothing is to be reviewed, and for records that are no decisions. */
  of(record: AuditRecord): readonly ReviewCause[] {
    if (OUTCOMES.has(record.event)) {
      this.#note(record);
      return [];
    }
    const { decision, llm_score: score, llm_confidence: confidence, llm_error: error, reroute } = record;
    if (decision === undefined) return [];
    const causes: ReviewCause[] = [];
    const hasRun = decision === "allow" || decision === "rerouted" || this.#ran.has(keyOf(record));
    if (score === "YELLOW" && hasRun && reroute === undefined) causes.push("yellow_ran");
    if (error !== undefined || decision === "error_passthrough") causes.push("llm_error");
    if (reroute !== undefined || decision === "rerouted") causes.push("reroute");
    if (confidence !== undefined && confidence < SURE && hasRun) causes.push("unsure_verdict_ran");
    return causes;
  }

  #note(record: AuditRecord): void {
    if (record.tool_use_id === undefined) return;
    this.#ran.add(keyOf(record));
    const [oldest] = this.#ran;
    if (this.#ran.size > WAITING && oldest !== undefined) this.#ran.delete(oldest);
  }
}

function keyOf({ session_id, agent_id = "", tool_use_id = "" }: AuditRecord): string {
  return tool_use_id === "" ? "" : `${session_id}\0${agent_id}\0${tool_use_id}`;
}
