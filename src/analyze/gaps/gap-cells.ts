/**
 * Calls that no deterministic rule decided, and what made somebody be asked, counted by the name that like calls share.
 * It asks no policy, so what stretches of a log came to adds up. A call that a passthrough rule left alone is no gap.
 */
import { type Answer, answerOf } from "../cubes/answer-of.js";
import { DISTINCT_LIMIT, FOLDED } from "../cubes/definitions.js";
import type { Sample } from "../cubes/fact.js";
import { sampleOf } from "../cubes/facts.js";
import type { KeptCall } from "../cubes/kept-call.js";
import type { Call } from "../cubes/open-call.js";
import { compareSamples } from "../cubes/table.js";
import { wasPrompted } from "../simulate/drift.js";

/** One of the newest calls of a cell. */
export interface GapSample extends Sample {
  /** `null` where too little or too much of it was kept, and for prompts that a rule caused. */
  readonly kept: KeptCall | null;
}

/** Plain data. */
export interface GapCell {
  readonly tool: string;
  /** By all of its commands (cluster.ts). */
  readonly name: string;
  /** The rule that made somebody be asked; "" for a gap. */
  readonly rule: string;
  readonly calls: number;
  readonly prompts: number;
  /** Refused by a person (inferred where no event says so). */
  readonly refused: number;
  readonly lastMs: number;
  /** Up to MANY. */
  readonly sessions: readonly string[];
  readonly projects: readonly string[];
  /** Effect, calls. */
  readonly effects: readonly Count[];
  /** Tier, calls: who decided instead. */
  readonly deciders: readonly Count[];
  /** The newest ones, each subject once. */
  readonly samples: readonly GapSample[];
}

export type Count = readonly [string, number];

const TOTALS = ["calls", "gaps", "leftAlone", "prompts", "promptsByGap", "approved", "refused"] as const;

/** Every call; those without a rule; of these, left to Claude Code; prompts; of these, by gaps; answers of people. */
export type GapTotals = Readonly<Record<(typeof TOTALS)[number], number>>;

export interface GapCounts {
  readonly totals: GapTotals;
  readonly gaps: readonly GapCell[];
  /** By what caused the prompt, gaps among them. */
  readonly causes: readonly GapCell[];
}

/** So many sessions or projects of a cell are told apart; this many stands for this many and more. */
export const MANY = 50;
/** Of a gap; the newest of a cause is enough. */
const SAMPLES = 3;
/** Characters of a kept call. */
const KEPT = 2_048;

export class GapCells {
  readonly #totals: Record<keyof GapTotals, number> = noTotals();
  readonly #gaps: Cells;
  readonly #causes: Cells;

  /** @param limit names kept apart; what is over it is counted together. */
  constructor(limit = DISTINCT_LIMIT) {
    this.#gaps = new Cells(limit, SAMPLES);
    this.#causes = new Cells(limit, 1);
  }

  call(call: Call): void {
    const { ruling } = call;
    const isGap = ruling.source !== "rule";
    const isPrompt = wasPrompted(call);
    const answer: Answer | null = answerOf(call);
    const totals = this.#totals;
    totals.calls++;
    if (answer !== null) totals[answer]++;
    if (isGap) {
      totals.gaps++;
      if (ruling.decision === "passthrough") totals.leftAlone++;
      this.#gaps.call(call, "", isPrompt, true);
    }
    if (!isPrompt) return;
    totals.prompts++;
    if (isGap) totals.promptsByGap++;
    this.#causes.call(call, isGap ? "" : ruling.rule, true, false);
  }

  /** Takes in what an older stretch of the same log came to. */
  merge({ totals, gaps, causes }: GapCounts): void {
    for (const name of TOTALS) this.#totals[name] += totals[name];
    for (const cell of gaps) this.#gaps.merge(cell);
    for (const cell of causes) this.#causes.merge(cell);
  }

  get counts(): GapCounts {
    return { totals: { ...this.#totals }, gaps: this.#gaps.rows, causes: this.#causes.rows };
  }
}

interface OpenCell {
  readonly tool: string;
  readonly name: string;
  readonly rule: string;
  calls: number;
  prompts: number;
  refused: number;
  lastMs: number;
  readonly sessions: Set<string>;
  readonly projects: Set<string>;
  /** Met last: calls come in runs of one session. */
  lastSession: string | null;
  lastProject: string;
  readonly effects: Map<string, number>;
  readonly deciders: Map<string, number>;
  samples: GapSample[];
}

class Cells {
  /** In the order in which they were met. */
  readonly #all: OpenCell[] = [];
  /** By rule, tool and name: three looks at texts that are known cost less than making one of them. */
  readonly #cells = new Map<string, Map<string, Map<string, OpenCell>>>();
  readonly #limit: number;
  readonly #kept: number;

  constructor(limit: number, kept: number) {
    this.#kept = kept;
    this.#limit = limit;
  }

  get rows(): readonly GapCell[] {
    return this.#all.map(({ sessions, projects, effects, deciders, lastSession: _, lastProject: __, ...rest }) => ({
      ...rest,
      sessions: [...sessions],
      projects: [...projects],
      effects: [...effects],
      deciders: [...deciders],
    }));
  }

  call(call: Call, rule: string, isPrompt: boolean, isJudged: boolean): void {
    const { calling, ruling, rejected } = call;
    const cell = this.#cell(calling.tool, calling.pattern, rule);
    cell.calls++;
    if (isPrompt) cell.prompts++;
    if (rejected || (ruling.decision === "deny" && ruling.source === "user")) cell.refused++;
    if (cell.lastSession !== calling.session) {
      cell.lastSession = calling.session;
      addTo(cell.sessions, calling.session);
    }
    if (cell.lastProject !== calling.project) {
      cell.lastProject = calling.project;
      if (calling.project !== "") addTo(cell.projects, calling.project);
    }
    addCount(cell.effects, calling.effect, 1);
    addCount(cell.deciders, ruling.tier, 1);
    cell.lastMs = Math.max(cell.lastMs, calling.timeMs);
    const oldest = cell.samples[this.#kept - 1];
    if (oldest !== undefined && calling.timeMs < oldest.timeMs) return;
    const sample = sampleOf(call, ruling);
    if (this.#isKept(cell, sample)) this.#keep(cell, { ...sample, kept: isJudged ? shortOf(calling.kept) : null });
  }

  merge({ tool, name, rule, ...more }: GapCell): void {
    const cell = this.#cell(tool, name, rule);
    cell.calls += more.calls;
    cell.prompts += more.prompts;
    cell.refused += more.refused;
    cell.lastMs = Math.max(cell.lastMs, more.lastMs);
    for (const session of more.sessions) addTo(cell.sessions, session);
    for (const project of more.projects) addTo(cell.projects, project);
    for (const [effect, calls] of more.effects) addCount(cell.effects, effect, calls);
    for (const [tier, calls] of more.deciders) addCount(cell.deciders, tier, calls);
    for (const sample of more.samples) if (this.#isKept(cell, sample)) this.#keep(cell, sample);
  }

  /** The newest of each subject. */
  #isKept({ samples }: OpenCell, sample: Sample): boolean {
    const rival = samples.find(({ subject }) => subject === sample.subject) ?? samples[this.#kept - 1];
    return rival === undefined || compareSamples(sample, rival) < 0;
  }

  /** Newest first. */
  #keep(cell: OpenCell, sample: GapSample): void {
    const others = cell.samples.filter(({ subject }) => subject !== sample.subject);
    cell.samples = [...others, sample].sort(compareSamples).slice(0, this.#kept);
  }

  #cell(tool: string, name: string, rule: string): OpenCell {
    const met = this.#cells.get(rule)?.get(tool)?.get(name);
    if (met !== undefined) return met;
    if (this.#all.length >= this.#limit && name !== FOLDED) return this.#cell("", FOLDED, "");
    const cell = emptyCell(tool, name, rule);
    this.#all.push(cell);
    const tools = this.#cells.get(rule) ?? new Map<string, Map<string, OpenCell>>();
    const names = tools.get(tool) ?? new Map<string, OpenCell>();
    this.#cells.set(rule, tools);
    tools.set(tool, names);
    names.set(name, cell);
    return cell;
  }
}

function emptyCell(tool: string, name: string, rule: string): OpenCell {
  return {
    tool,
    name,
    rule,
    calls: 0,
    prompts: 0,
    refused: 0,
    lastMs: -Infinity,
    sessions: new Set(),
    projects: new Set(),
    lastSession: null,
    lastProject: "",
    effects: new Map(),
    deciders: new Map(),
    samples: [],
  };
}

function addTo(values: Set<string>, value: string): void {
  if (values.size < MANY) values.add(value);
}

function addCount(counts: Map<string, number>, key: string, calls: number): void {
  counts.set(key, (counts.get(key) ?? 0) + calls);
}

function shortOf(kept: KeptCall | null): KeptCall | null {
  return kept !== null && JSON.stringify(kept).length <= KEPT ? kept : null;
}

function noTotals(): Record<keyof GapTotals, number> {
  return { calls: 0, gaps: 0, leftAlone: 0, prompts: 0, promptsByGap: 0, approved: 0, refused: 0 };
}
