/**
 * Self-protection (SPEC section 4): a call that would change claude-permit's files, the settings that register it, its
 * variables or its policy is asked about, whatever the rules say; unattended it is denied. Only the managed layer can
 * relax it. It guards against calls, not against what a program does once it runs.
 */
import type { Facts, Subject } from "./facts.js";
import { type GuardId, guardFinding, guardText, guardUnknownTool } from "./guard-finding.js";
import { guardPart } from "./guard-part.js";
import { writesGuarded } from "./guarded.js";
import type { Rule } from "./policy.js";

export interface GuardFinding {
  readonly rule: Rule;
  readonly subject: Subject;
  readonly reason: string;
}

/** What self-protection says of a call; candidates count, because they may be what runs. */
export function builtinFinding(facts: Facts): GuardFinding | null {
  for (const subject of facts.subjects) {
    const id = guardSubject(subject, facts);
    if (id !== null) return guardFinding(id, subject);
  }
  const { whole, commandField, unknown } = facts;
  const id = commandField === null || unknown === null ? null : guardText(whole.text, facts);
  return id === null ? null : guardFinding(id, whole);
}

function guardSubject(subject: Subject, facts: Facts): GuardId | null {
  if (subject.part !== null) return guardPart(subject.part, subject, facts);
  if (subject.places.some((place) => writesGuarded(place, facts))) return "builtin-files";
  return subject.effect === "unknown" ? guardUnknownTool(facts) : null;
}
