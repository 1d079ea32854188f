/**
 * The scorecard of records in the order they are written: one decision for each session, agent and tool_use_id, the
 * strictest of its copies, as the report counts it newest first. It counts, and remembers ten minutes of calls.
 */
import { COPY_WINDOW_MS } from "../../analyze/cubes/join-calls.js";
import type { Scanned } from "../../analyze/scan/scan.js";
import { type Decision, isDecision, strictest } from "../../core/decision.js";

export interface Counts {
  readonly decisions: Readonly<Record<Decision, number>>;
  /** Calls by the tier that decided, most first. */
  readonly tiers: readonly (readonly [tier: string, calls: number])[];
  readonly prompts: number;
  readonly unusable: number;
}

interface Met {
  decision: Decision;
  tier: string;
  timeMs: number;
}

/** From so many remembered calls on, those that no copy can follow are forgotten. */
const REMEMBERED = 20_000;

export class Scorecard {
  readonly #decisions: Record<Decision, number> = {
    allow: 0,
    deny: 0,
    ask: 0,
    passthrough: 0,
    error_passthrough: 0,
    rerouted: 0,
  };
  readonly #tiers = new Map<string, number>();
  readonly #met = new Map<string, Met>();
  #prompts = 0;
  #unusable = 0;

  add(scanned: Scanned): void {
    if (scanned.kind === "bad") {
      this.#unusable++;
      return;
    }
    const { record, timeMs } = scanned;
    if (record.event === "PermissionRequest" && record.attended !== false) this.#prompts++;
    const isDecided =
      record.event === "PreToolUse" ||
      record.event === "PermissionDenied" ||
      // In logs without ids a prompt that the hook answered is a decision of its own.
      (record.event === "PermissionRequest" && record.tool_use_id === undefined && record.decision !== "passthrough");
    if (!isDecided || !isDecision(record.decision)) return;
    const decided: Met = { decision: record.decision, tier: record.tier ?? "", timeMs };
    const key = record.tool_use_id ?? "";
    if (key === "") this.#count(decided, 1);
    else this.#join(`${record.session_id}\0${record.agent_id ?? ""}\0${key}`, decided);
  }

  get counts(): Counts {
    return {
      decisions: this.#decisions,
      tiers: [...this.#tiers].filter(([, calls]) => calls > 0).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
      prompts: this.#prompts,
      unusable: this.#unusable,
    };
  }

  #join(key: string, decided: Met): void {
    const met = this.#met.get(key);
    const isCopy = met !== undefined && Math.abs(decided.timeMs - met.timeMs) <= COPY_WINDOW_MS;
    if (!isCopy) {
      this.#count(decided, 1);
      this.#remember(key, decided);
      return;
    }
    const timeMs = Math.max(met.timeMs, decided.timeMs);
    // Of equally strict ones the newest tells who decided.
    const isStricter =
      decided.decision === met.decision
        ? decided.timeMs > met.timeMs
        : strictest(decided.decision, met.decision) === decided.decision;
    if (!isStricter) {
      met.timeMs = timeMs;
      return;
    }
    this.#count(met, -1);
    this.#count(decided, 1);
    this.#remember(key, { ...decided, timeMs });
  }

  #remember(key: string, met: Met): void {
    // Written again, so that the oldest stand first.
    this.#met.delete(key);
    this.#met.set(key, met);
    if (this.#met.size <= REMEMBERED) return;
    for (const [old, { timeMs }] of this.#met) {
      if (timeMs >= met.timeMs - COPY_WINDOW_MS && this.#met.size <= 2 * REMEMBERED) break;
      this.#met.delete(old);
    }
  }

  #count({ decision, tier }: Met, by: 1 | -1): void {
    this.#decisions[decision] += by;
    this.#tiers.set(tier, (this.#tiers.get(tier) ?? 0) + by);
  }
}
