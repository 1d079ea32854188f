/**
 * Promoted rules that a later refusal of the user contradicts: a call the rule allowed, about which Claude Code asked all
 * the same, and which the user did not let run. The refusal itself is inferred (contract 2.1).
 */
import { CallJoin } from "./cubes/join-calls.js";
import type { Scanned } from "./scan/scan.js";

export interface Contradiction {
  /** Milliseconds since the epoch, of the newest refused call. */
  readonly timeMs: number;
  /** The command or path that was refused. */
  readonly subject: string;
}

/** @param records newest first. @param rules ids of promoted allow rules. */
export function contradictedRules(
  records: Iterable<Scanned>,
  rules: ReadonlySet<string>,
): ReadonlyMap<string, Contradiction> {
  const found = new Map<string, Contradiction>();
  const join = new CallJoin({
    call({ calling: { timeMs, subject }, ruling, rejected }) {
      if (!rejected || ruling.decision !== "allow") return;
      for (const rule of ruling.rules.filter((one) => rules.has(one))) {
        if (timeMs > (found.get(rule)?.timeMs ?? -Infinity)) found.set(rule, { timeMs, subject });
      }
    },
    prompt() {},
  });
  for (const scanned of records) {
    if (scanned.kind === "record") join.add(scanned.record, scanned.timeMs, scanned.at);
  }
  join.finish();
  return found;
}
