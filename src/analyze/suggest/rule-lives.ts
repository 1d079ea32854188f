/**
 * How each rule fared over some calls: how often it took part, and what people made of the calls it was about. It tells
 * which applied suggestions later answers speak against; taking them back is left to people.
 */
import type { Policy, Rule } from "../../core/policy/policy.js";
import type { Call } from "../cubes/open-call.js";

export interface RuleLife {
  hits: number;
  /** Calls that ran, or were refused by a person, although or because the rule decided. */
  ran: number;
  refused: number;
  /** What was refused last. */
  lastRefused: { readonly timeMs: number; readonly subject: string } | null;
}

export class RuleLives {
  readonly #lives = new Map<string, RuleLife>();

  add({ ruling, calling: { timeMs, subject }, outcome, rejected }: Call): void {
    for (const rule of new Set(ruling.rule === "" ? ruling.rules : [ruling.rule, ...ruling.rules])) {
      const life = this.#lives.get(rule) ?? { hits: 0, ran: 0, refused: 0, lastRefused: null };
      this.#lives.set(rule, life);
      life.hits++;
      if (rejected) {
        life.refused++;
        if (life.lastRefused === null || timeMs > life.lastRefused.timeMs) life.lastRefused = { timeMs, subject };
      } else if (outcome !== undefined) life.ran++;
    }
  }

  /** Rule id -> its life; rules without a hit are absent. */
  get lives(): ReadonlyMap<string, RuleLife> {
    return this.#lives;
  }
}

export interface Contradicted {
  readonly rule: string;
  readonly kind: Rule["kind"];
  readonly why: string;
  readonly ran: number;
  readonly refused: number;
  readonly revoke: string;
}

/** A question that was answered yes so often, and never no, need not be asked. */
const ALWAYS_YES = 5;

/** `suggest --apply` wrote it. */
export function cameFromSuggestion({ provenance }: Rule): boolean {
  return provenance?.promotedBy === "suggest";
}

/** Rules that came from suggestions and that answers since speak against. */
export function contradictedSuggestions(policy: Policy, lives: ReadonlyMap<string, RuleLife>): readonly Contradicted[] {
  return policy.rules.filter(cameFromSuggestion).flatMap(({ id, kind }): Contradicted[] => {
    const life = lives.get(id);
    if (life === undefined) return [];
    const { ran, refused, lastRefused } = life;
    const why =
      kind === "allow" && lastRefused !== null
        ? `a call of it was refused on ${new Date(lastRefused.timeMs).toISOString().slice(0, 10)}: ${lastRefused.subject}`
        : kind === "ask" && refused === 0 && ran >= ALWAYS_YES
          ? `it asked, and was told yes each of ${ran} times`
          : null;
    return why === null ? [] : [{ rule: id, kind, why, ran, refused, revoke: `claude-permit rules revoke ${id}` }];
  });
}
