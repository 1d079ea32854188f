/** One answer of the user carried out, with its refusals as errors of the command line. */
import { newRecordId } from "../../core/audit/record-id.js";
import { answerPending, type ReviewAnswer } from "../../store/promotion/answer-pending.js";
import type { Invocation } from "../command.js";
import { CliError } from "../exit.js";
import { locationsOf } from "../where.js";
import type { ReviewItem } from "./review-list.js";

export interface Carried {
  readonly id: string;
  readonly answer: ReviewAnswer;
  /** "" when none was written. */
  readonly rule: string;
  readonly summary: string;
}

export async function carryOut(invocation: Invocation, item: ReviewItem, answer: ReviewAnswer): Promise<Carried> {
  const offered = answer === "approved" ? item.approving : answer === "rejected" ? item.rejecting : null;
  if (answer === "confirmed" && item.entry.record.reroute === undefined) {
    throw new CliError("nothing_to_confirm", `\`${item.entry.id}\` had no alternative`, "approve or reject it");
  }
  // A rejected call that a rule denies already needs no second one.
  if (offered?.kind === "none" && !/ already$/.test(offered.why)) {
    throw new CliError("no_rule", `no rule can be written: ${offered.why}`, "write one in config.toml yourself");
  }
  const candidate = offered?.kind === "candidate" ? offered.candidate : null;
  const effects = writeEffects(invocation);
  const result = await answerPending(item.entry, answer, candidate, item.settings, effects);
  if (result.kind === "refused") throw new CliError(result.code, result.detail, "see `claude-permit status`");
  return { id: item.entry.id, answer, rule: result.rule, summary: candidate?.summary ?? "" };
}

/** What changes of rules need of this machine. */
export function writeEffects(invocation: Pick<Invocation, "io" | "flags">) {
  const now = invocation.io.now();
  return {
    places: locationsOf(invocation),
    deps: { now },
    newId: () => newRecordId(now, crypto.getRandomValues(new Uint8Array(10))),
  };
}
