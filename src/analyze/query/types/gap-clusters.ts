/**
 * Calls that no deterministic rule decided, alike ones together, each cluster with some of its newest calls, so that rules can be
 * mined from them. Bounded: what is beyond the bounds is counted and not kept.
 */
import { answerOf } from "../../cubes/answer-of.js";
import type { Call } from "../../cubes/open-call.js";
import { callKey } from "../../simulate/call-key.js";
import { wasPrompted } from "../../simulate/drift.js";
import { replayable } from "../../simulate/replayable.js";
import type { PastCall } from "../../suggest/past-call.js";

/** Calls of one cluster that rules are made of and tried on: what writes takes 32 approvals. */
const KEPT = 40;
/** Of one session: rules are made of several, and one may have made hundreds of such calls. */
const KEPT_OF_SESSION = 8;
const KEPT_OF_ALL = 20_000;
const SAMPLES = 3;

export interface GapCluster {
  readonly tool: string;
  readonly name: string;
  calls: number;
  prompts: number;
  /** By a person; inferred where no event says so. */
  refused: number;
  /** Effect -> calls. */
  readonly effects: Map<string, number>;
  /** The newest different ones. */
  readonly subjects: string[];
  /** Newest first, those that were kept whole. */
  readonly past: GapCall[];
}

/** `answer`: `null` when nobody's is known. */
export type GapCall = Omit<PastCall, "answer"> & { readonly answer: PastCall["answer"] | null };

export class GapClusters {
  total = 0;
  gaps = 0;
  readonly #clusters = new Map<string, GapCluster>();
  readonly #ofSession = new Map<string, number>();
  #kept = 0;

  /** Newest first. */
  add(call: Call): void {
    this.total++;
    if (call.ruling.source === "rule") return;
    this.gaps++;
    const { calling, ruling, rejected } = call;
    const key = `${calling.tool}\0${calling.pattern}`;
    const cluster = this.#clusters.get(key) ?? emptyCluster(calling.tool, calling.pattern);
    this.#clusters.set(key, cluster);
    cluster.calls++;
    if (wasPrompted(call)) cluster.prompts++;
    if (rejected || (ruling.decision === "deny" && ruling.source === "user")) cluster.refused++;
    cluster.effects.set(calling.effect, (cluster.effects.get(calling.effect) ?? 0) + 1);
    if (cluster.subjects.length < SAMPLES && !cluster.subjects.includes(calling.subject))
      cluster.subjects.push(calling.subject);
    this.#keep(cluster, key, call);
  }

  /** The most frequent first, equal ones by name. */
  get sorted(): readonly GapCluster[] {
    return [...this.#clusters.values()].sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
  }

  #keep(cluster: GapCluster, key: string, call: Call): void {
    if (cluster.past.length >= KEPT || this.#kept >= KEPT_OF_ALL) return;
    const { session, timeMs, at, subject } = call.calling;
    const inSession = `${key}\0${session}`;
    const before = this.#ofSession.get(inSession) ?? 0;
    if (before >= KEPT_OF_SESSION) return;
    // Parses what was called: not for calls that are not kept.
    const { kept } = call.calling;
    const found = kept === null ? null : replayable(kept);
    if (kept === null || found?.kind !== "call") return;
    this.#ofSession.set(inSession, before + 1);
    this.#kept++;
    let judgedBy: string | undefined;
    cluster.past.push({
      call: found.call,
      resolvePath: found.resolvePath,
      // Of most clusters nothing is ever judged.
      get key() {
        judgedBy ??= callKey(found.call, kept);
        return judgedBy;
      },
      answer: answerOf(call),
      isPrompted: wasPrompted(call),
      timeMs,
      at: `${at.file}:${at.offset}`,
      subject,
    });
  }
}

function emptyCluster(tool: string, name: string): GapCluster {
  return { tool, name, calls: 0, prompts: 0, refused: 0, effects: new Map(), subjects: [], past: [] };
}
