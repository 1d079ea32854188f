/**
 * What a change of policy means for one call: from what happened to what the other policy says. What the call could do
 * after it and not before is new access; doubt counts as new access.
 */
import type { Call } from "../cubes/open-call.js";
import type { Rejudged } from "./rejudged.js";

/** In the order of reading: new access first. */
export const DRIFTS = [
  {
    kind: "newly-allowed",
    label: "newly allowed",
    isAccess: true,
    what: "allowed without anyone being asked; it was not",
  },
  {
    kind: "unblocked",
    label: "no longer blocked",
    isAccess: true,
    what: "refused then, now asked or left to Claude Code",
  },
  {
    kind: "no-longer-asked",
    label: "no longer asked",
    isAccess: true,
    what: "a rule asked then, now left to Claude Code",
  },
  { kind: "newly-blocked", label: "newly blocked", isAccess: false, what: "refused; it was not" },
  { kind: "newly-prompting", label: "newly prompting", isAccess: false, what: "a person is asked and was not" },
  {
    kind: "no-longer-allowed",
    label: "no longer allowed",
    isAccess: false,
    what: "allowed then, now left to Claude Code, which may ask",
  },
] as const;

export type Drift = (typeof DRIFTS)[number]["kind"];

/** What happened to a call, as far as the log tells. */
export type Before = Pick<Call, "ruling" | "prompted" | "calling">;

/** Somebody was asked about it. */
export function wasPrompted({ ruling, prompted, calling }: Before): boolean {
  if (ruling.tier === "user") return true;
  return calling.attended !== false && (prompted || (ruling.decision === "ask" && ruling.imported === ""));
}

/** `null`: nothing changes. */
export function driftOf(before: Before, after: Pick<Rejudged, "decision" | "consults">): Drift | null {
  const { ruling, calling } = before;
  const isOurs = ruling.source === "rule" || ruling.source === "llm";
  const wasAllowed = (ruling.decision === "allow" || ruling.decision === "rerouted") && ruling.source !== "user";
  // Where nobody can answer, a question is a refusal.
  const isRefusal = (decision: string): boolean =>
    decision === "deny" || (decision === "ask" && calling.attended === false);
  if (after.decision === "allow" || after.decision === "rerouted") return wasAllowed ? null : "newly-allowed";
  if (isRefusal(after.decision)) return isRefusal(ruling.decision) ? null : "newly-blocked";
  if (after.decision === "ask") {
    if (isRefusal(ruling.decision)) return ruling.source === "user" ? null : "unblocked";
    return wasPrompted(before) || ruling.decision === "ask" ? null : "newly-prompting";
  }
  // Claude Code's own flow goes on, as it did when it decided itself; a verdict is asked for again.
  if (!isOurs && ruling.tier !== "error") return null;
  if (ruling.source === "llm" && after.consults) return null;
  if (isRefusal(ruling.decision)) return "unblocked";
  if (ruling.decision === "ask") return "no-longer-asked";
  return wasAllowed ? "no-longer-allowed" : null;
}
