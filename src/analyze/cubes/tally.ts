/**
 * Facts -> cubes: what one stretch of a log adds up to, and several such stretches as one. It joins nothing; calls come
 * whole.
 */

import type { AuditRecord } from "../../core/audit/record.js";
import { GapCells } from "../gaps/gap-cells.js";
import type { RecordFilter, Scanned, Window } from "../scan/scan.js";
import type { Zone } from "../zone.js";
import { AnswerTally } from "./answers.js";
import { CallFacts, type Named } from "./call-facts.js";
import { CUBES, type CubeName, DISTINCT_LIMIT } from "./definitions.js";
import type { FactKind, SampleOf } from "./fact.js";
import { FactGroups } from "./fact-groups.js";
import { FactRow } from "./fact-row.js";
import { changeFact, changeSample, emptyFact, isChange, promptFact, recordFact, sampleOf } from "./facts.js";
import type { Cubes, FoldOptions } from "./fold.js";
import { hourNames } from "./hour-names.js";
import type { CallSink, JoinCounts } from "./join-calls.js";
import type { Prompt } from "./join-prompts.js";
import type { Call } from "./open-call.js";
import { mergeQuality, type Quality, QualityAccount } from "./quality.js";
import { type CubeRow, CubeTable } from "./table.js";
import { isCallWanted, isPromptWanted } from "./wanted.js";

/** A row for each of what a call names. */
type WithinKind = "command" | "path" | "domain" | "rule";
type GroupedKind = Exclude<FactKind, WithinKind>;

export class Tally implements CallSink {
  /** Of all records and calls met, counted or not. */
  oldest = Number.POSITIVE_INFINITY;
  newest = Number.NEGATIVE_INFINITY;
  readonly #row: FactRow;
  readonly #tables: readonly CubeTable[];
  readonly #groups: Readonly<Record<GroupedKind, FactGroups>>;
  readonly #within: Readonly<Record<WithinKind, readonly CubeTable[]>>;
  readonly #quality: QualityAccount;
  /** `null` where only some cubes are asked for. */
  readonly #gaps: GapCells | null;
  readonly #answers: AnswerTally;
  readonly #window: Window;
  readonly #zone: Zone;
  readonly #filter: RecordFilter;
  readonly #hour: ReturnType<typeof hourNames>;
  readonly #callFacts: CallFacts;
  /** One after the other, so that a million of them are not made. */
  readonly #sampled = { time: 0, rule: "" };
  readonly #recordDraft = emptyFact();
  #merged: Quality | null = null;
  #first: number | null = null;
  #last: number | null = null;
  #live = 0;

  /** @param previous time of the record that was met before the first one of this stretch */
  constructor(options: FoldOptions, previous?: number) {
    const { window, zone, now, filter = {}, distinctLimit = DISTINCT_LIMIT, cubes, answers = 0 } = options;
    this.#row = new FactRow(distinctLimit);
    this.#callFacts = new CallFacts(this.#row);
    this.#tables = CUBES.map((cube) => new CubeTable(cube, this.#row));
    const of = (kind: FactKind) =>
      this.#tables.filter(
        ({ definition: { of, name } }) => of === kind && (cubes === undefined || cubes.some((one) => one === name)),
      );
    this.#within = { command: of("command"), path: of("path"), domain: of("domain"), rule: of("rule") };
    const groups = (kind: GroupedKind) => new FactGroups(this.#row, of(kind));
    this.#groups = {
      call: new FactGroups(this.#row, of("call"), Object.values(this.#within).flat()),
      prompt: groups("prompt"),
      record: groups("record"),
      change: groups("change"),
    };
    this.#quality = new QualityAccount(now, previous);
    this.#gaps = cubes === undefined ? new GapCells(distinctLimit) : null;
    this.#answers = new AnswerTally(answers);
    this.#window = window;
    this.#zone = zone;
    this.#filter = filter;
    this.#hour = hourNames(zone);
  }

  get previous(): number {
    return this.#quality.previous;
  }

  line(one: Scanned): void {
    const inside = one.kind === "record" && this.#isInside(one.timeMs);
    this.#quality.add(one, inside);
    if (one.kind === "bad") return;
    const { record, timeMs, at } = one;
    this.meet(timeMs);
    if (!inside) return;
    this.#span(timeMs, timeMs);
    if (record.imported_from === undefined) this.#live++;
    this.#record(record, timeMs);
    if (!isChange(record)) return;
    this.#groups.change.add(changeFact(record, timeMs, this.#hour(timeMs)), () => changeSample(record, timeMs, at));
  }

  #record(record: AuditRecord, timeMs: number): void {
    const draft = this.#recordDraft;
    const { event, imported } = draft;
    recordFact(record, timeMs, draft);
    const isSame = draft.event === event && draft.imported === imported;
    if (!isSame || !this.#groups.record.again(timeMs)) this.#groups.record.add(draft, null);
  }

  call(call: Call): void {
    const { calling, ruling } = call;
    this.meet(calling.timeMs);
    if (!this.#isInside(calling.timeMs) || !isCallWanted(call, this.#filter)) return;
    this.#answers.call(call);
    this.#gaps?.call(call);
    const facts = this.#callFacts;
    facts.take(call, this.#hour(calling.timeMs));
    const sampled = this.#sampled;
    const sample: SampleOf = (one) => sampleOf(call, one);
    sampled.time = calling.timeMs;
    sampled.rule = ruling.rule;
    this.#groups.call.addTaken(sampled, sample);
    this.#addEach("command", facts.commands, sample);
    this.#addEach("path", facts.paths, sample);
    this.#addEach("domain", facts.named("domain", calling.domains), sample);
    this.#addEach("rule", facts.rules, sample);
  }

  prompt(prompt: Prompt): void {
    this.meet(prompt.timeMs);
    if (prompt.record.attended === false || !this.#isInside(prompt.timeMs)) return;
    const fact = promptFact(prompt, this.#hour(prompt.timeMs));
    if (isPromptWanted(fact, this.#filter)) this.#groups.prompt.add(fact, null);
  }

  /** Takes in what an older stretch of the same log adds up to. */
  merge({ first, last, live, tables, quality, gaps, answers }: Cubes): void {
    if (first !== null && last !== null) this.#span(first, last);
    this.#live += live;
    if (gaps !== undefined) this.#gaps?.merge(gaps.counts);
    if (answers !== undefined) this.#answers.merge(answers);
    CUBES.forEach(({ name }, index) => {
      for (const row of tables[name] ?? []) this.#tables[index]?.merge(row);
    });
    this.#merged = this.#merged === null ? quality : mergeQuality(this.#merged, quality);
  }

  result(joined: JoinCounts): Cubes {
    for (const groups of Object.values(this.#groups)) groups.settle();
    const filled: Partial<Record<CubeName, readonly CubeRow[]>> = {};
    CUBES.forEach(({ name }, index) => {
      filled[name] = this.#tables[index]?.rows() ?? [];
    });
    const own = this.#quality.result(joined, this.#row.folded);
    return {
      window: this.#window,
      zone: this.#zone.name,
      first: this.#first,
      last: this.#last,
      live: this.#live,
      tables: filled,
      quality: this.#merged === null ? own : mergeQuality(this.#merged, own),
      ...(this.#gaps === null ? {} : { gaps: { counts: this.#gaps.counts }, answers: this.#answers.answers }),
    };
  }

  #isInside(timeMs: number): boolean {
    const { since = -Infinity, until = Infinity } = this.#window;
    return timeMs >= since && timeMs < until;
  }

  /** Takes note of a moment that was met, counted or not. */
  meet(timeMs: number): void {
    if (timeMs < this.oldest) this.oldest = timeMs;
    if (timeMs > this.newest) this.newest = timeMs;
  }

  #span(first: number, last: number): void {
    if (this.#first === null || first < this.#first) this.#first = first;
    if (this.#last === null || last > this.#last) this.#last = last;
  }

  /** Of the call that was counted last. */
  #addEach(kind: WithinKind, { texts, ids }: Named, sample: SampleOf): void {
    const tables = this.#within[kind];
    if (tables.length === 0) return;
    const place = this.#row.placeOf(kind);
    for (let index = 0; index < ids.length; index++) {
      this.#row.ids[place] = ids[index] ?? 0;
      if (kind === "rule") this.#sampled.rule = texts[index] ?? "";
      for (const table of tables) table.add(this.#sampled, sample);
    }
  }
}
