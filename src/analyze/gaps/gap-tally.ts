/**
 * Calls that no deterministic rule decided, and what made somebody be asked, gathered into clusters while the log is
 * read. A call that a passthrough rule left alone is no gap: somebody decided that.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import type { Sample } from "../cubes/fact.js";
import { sampleOf } from "../cubes/facts.js";
import { CallJoin } from "../cubes/join-calls.js";
import type { Call } from "../cubes/open-call.js";
import { isCallWanted } from "../cubes/wanted.js";
import type { RecordFilter, Scanned } from "../scan/scan.js";
import { wasPrompted } from "../simulate/drift.js";
import { clusterOf } from "./cluster.js";

/** What the policy in force says of a call that had no rule. */
export interface Leftover {
  /** Normalised commands that no allow rule covers; empty when that is not told by commands. */
  readonly uncovered: readonly string[];
  /** In plain words, why nothing covers it. */
  readonly why: string;
  /** The rule that would decide it by now, "" when it is still a gap. */
  readonly ruleNow: string;
}

/** `null` when it cannot be judged again. */
export type JudgeLeftover = (record: AuditRecord, timeMs: number) => Leftover | null;

export interface Cluster {
  readonly tool: string;
  readonly name: string;
  /** The rule that made somebody be asked; "" for a gap. */
  readonly rule: string;
  calls: number;
  prompts: number;
  /** Refused by a person (inferred where no event says so). */
  refused: number;
  /** Calls that a rule of the policy in force would decide. */
  closed: number;
  ruleNow: string;
  why: string;
  readonly sessions: Set<string>;
  readonly projects: Set<string>;
  /** Effect -> calls. */
  readonly effects: Map<string, number>;
  /** Tier -> calls: who decided instead. */
  readonly deciders: Map<string, number>;
  lastMs: number;
  /** The newest ones, each subject once. */
  readonly samples: Sample[];
}

export interface Gaps {
  readonly calls: number;
  readonly gaps: number;
  /** Decisions that left the call to Claude Code without a rule saying so. */
  readonly leftAlone: number;
  readonly prompts: number;
  readonly promptsByGap: number;
  readonly clusters: readonly Cluster[];
  /** Clusters by what caused the prompt, gaps among them. */
  readonly causes: readonly Cluster[];
}

const SAMPLES = 3;

export class GapTally {
  readonly #judge: JudgeLeftover;
  readonly #filter: RecordFilter;
  readonly #met = new Map<string, { readonly name: string; readonly left: Leftover | null }>();
  readonly #clusters = new Map<string, Cluster>();
  readonly #causes = new Map<string, Cluster>();
  readonly #counts = { calls: 0, gaps: 0, leftAlone: 0, prompts: 0, promptsByGap: 0 };

  constructor(judge: JudgeLeftover, filter: RecordFilter) {
    this.#judge = judge;
    this.#filter = filter;
  }

  /** Passes records on, newest first; the result stands once all have passed. */
  *passing(scanned: Iterable<Scanned>): Generator<Scanned, void> {
    const join = new CallJoin({ call: (call) => this.#add(call), prompt: () => {} });
    for (const one of scanned) {
      if (one.kind === "record") {
        const { record, timeMs, at } = one;
        if (record.decision !== undefined && record.tool_name !== undefined) {
          const left = mayBeGap(record) ? this.#judge(record, timeMs) : null;
          const name = clusterOf(record, left?.uncovered ?? []);
          this.#met.set(`${at.file}:${at.offset}`, { name, left });
        }
        join.add(record, timeMs, at);
      }
      yield one;
    }
    join.finish();
  }

  get result(): Gaps {
    return { ...this.#counts, clusters: [...this.#clusters.values()], causes: [...this.#causes.values()] };
  }

  #add(call: Call): void {
    const { timeMs, at, tool } = call.calling;
    const place = `${at.file}:${at.offset}`;
    const { name, left } = this.#met.get(place) ?? { name: tool, left: null };
    this.#met.delete(place);
    const { since = -Infinity, until = Infinity } = this.#filter;
    if (timeMs < since || timeMs >= until || !isCallWanted(call, this.#filter)) return;
    const isGap = call.ruling.source !== "rule";
    const isPrompt = wasPrompted(call);
    this.#counts.calls++;
    if (isGap) {
      this.#counts.gaps++;
      if (call.ruling.decision === "passthrough") this.#counts.leftAlone++;
      count(this.#clusters, call, name, "", left);
    }
    if (!isPrompt) return;
    this.#counts.prompts++;
    if (isGap) this.#counts.promptsByGap++;
    count(this.#causes, call, name, isGap ? "" : call.ruling.rule, left);
  }
}

/** By its own record; a copy of the call may yet have been decided by a rule. */
function mayBeGap({ tier, rule_id: rule = "" }: AuditRecord): boolean {
  const isRule = tier === "deny" || tier === "ask" || tier === "allow" || tier === "auto";
  return !isRule && !(tier === "passthrough" && rule !== "");
}

function count(clusters: Map<string, Cluster>, call: Call, name: string, rule: string, left: Leftover | null): void {
  const { calling, ruling, rejected } = call;
  const key = `${rule}\0${calling.tool}\0${name}`;
  const met = clusters.get(key) ?? emptyCluster(calling.tool, name, rule);
  clusters.set(key, met);
  met.calls++;
  if (wasPrompted(call)) met.prompts++;
  if (rejected || (ruling.decision === "deny" && ruling.source === "user")) met.refused++;
  if (left !== null && left.ruleNow !== "") {
    met.closed++;
    met.ruleNow ||= left.ruleNow;
  }
  met.why ||= left?.why ?? "";
  met.sessions.add(calling.session);
  if (calling.project !== "") met.projects.add(calling.project);
  met.effects.set(calling.effect, (met.effects.get(calling.effect) ?? 0) + 1);
  met.deciders.set(ruling.tier, (met.deciders.get(ruling.tier) ?? 0) + 1);
  met.lastMs = Math.max(met.lastMs, calling.timeMs);
  if (met.samples.length < SAMPLES && !met.samples.some(({ subject }) => subject === calling.subject)) {
    met.samples.push(sampleOf(call, { rule: ruling.rule }));
  }
}

function emptyCluster(tool: string, name: string, rule: string): Cluster {
  return {
    tool,
    name,
    rule,
    calls: 0,
    prompts: 0,
    refused: 0,
    closed: 0,
    ruleNow: "",
    why: "",
    sessions: new Set(),
    projects: new Set(),
    effects: new Map(),
    deciders: new Map(),
    lastMs: -Infinity,
    samples: [],
  };
}
