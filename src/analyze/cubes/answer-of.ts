/** What a person, or Claude Code in a person's name, made of a call: what suggestions are learnt from. */
import type { Call } from "./open-call.js";

export type Answer = "approved" | "refused";

/** `null`: nobody's answer, or our own rule's; in bypass and auto mode nobody was asked. */
export function answerOf({ ruling, calling, outcome, rejected }: Call): Answer | null {
  const { decision, source, tier, verdict } = ruling;
  if (rejected) return "refused";
  if (calling.mode === "bypassPermissions" || calling.mode === "auto") return null;
  if (source === "rule" || verdict?.llm === "RED" || tier === "error") return null;
  if (decision === "deny") return "refused";
  if (decision === "allow" || decision === "rerouted") return "approved";
  return outcome === undefined ? null : "approved";
}
