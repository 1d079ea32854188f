/**
 * One fact as small integers: each key's value as a number that stands for it, which conditions hold, what each measure
 * adds. Worked out once for a row and not once for each of the cubes that count it.
 */
import { type Condition, CUBES, type CubeDefinition, FOLDED, type Key, MEASURES } from "./definitions.js";
import { Dimension } from "./dimension.js";
import { type Fact, type FactKind, type NumberColumn, TEXT_COLUMNS, type TextColumn, textsOf } from "./fact.js";
import { bucketOf } from "./histogram.js";

const BUCKETS: Readonly<Partial<Record<Key, NumberColumn>>> = {
  hook_us_bucket: "hook_us",
  tool_ms_bucket: "tool_ms",
  llm_ms_bucket: "llm_ms",
};

/** Memory is bounded by it; which values are kept is decided when all are met, unless there are even more. */
const MET_FACTOR = 10;

/** A condition over a text column, its answer known by the value's number. */
interface Test {
  readonly column: number;
  readonly in: ReadonlySet<string>;
  /** By number: 0 not asked yet, 1 no, 2 yes. */
  answers: Uint8Array;
}

/** Conditions, a bit each by their place in the row's list. */
export type Where = number;

/** Columns and conditions that a kind of fact is asked for, by their places. */
export interface Asked {
  readonly places: Int32Array;
  readonly tests: Int32Array;
}

const CUBES_AS_DEFINED: readonly CubeDefinition[] = CUBES;
const COUNTS: readonly { readonly where: readonly Condition[] }[] = MEASURES.filter((one) => one.kind === "count");

export class FactRow {
  /** The number of each column's value, by `columnOf`. */
  readonly ids: Int32Array;
  /** What each measure adds, in the order of MEASURES. */
  readonly added = new Float64Array(MEASURES.length);
  readonly #texts: readonly TextColumn[];
  readonly #buckets: readonly { readonly column: NumberColumn; readonly place: number }[];
  readonly #places = new Map<Key, number>();
  readonly #dimensions: readonly Dimension[];
  readonly #tests: readonly (Test | NumberColumn)[];
  readonly #testNames: readonly string[];
  /** The conditions that hold for the fact taken last. */
  #truth: Where = 0;
  /** Its texts, and where each column's is among them. */
  readonly #factTexts: string[] = [];
  readonly #sources: Int32Array;
  readonly #counts: readonly { readonly index: number; readonly where: Where }[];
  readonly #numbers: readonly { readonly index: number; readonly column: NumberColumn }[];

  /** @param distinctLimit values that are kept apart in one column in the end; while they are met, ten times as many are */
  constructor(distinctLimit: number) {
    const keys = new Set<Key>(CUBES.flatMap((cube): readonly Key[] => cube.keys));
    for (const { where } of [...CUBES_AS_DEFINED, ...COUNTS]) {
      for (const condition of where ?? []) if ("in" in condition) keys.add(condition.column);
    }
    this.#texts = [...keys].filter((key): key is TextColumn => BUCKETS[key] === undefined);
    for (const key of this.#texts) this.#places.set(key, this.#places.size);
    this.#dimensions = this.#texts.map(() => new Dimension(distinctLimit * MET_FACTOR));
    this.#buckets = [...keys].flatMap((key) => {
      const column = BUCKETS[key];
      if (column === undefined) return [];
      const place = this.#places.size;
      this.#places.set(key, place);
      return [{ column, place }];
    });
    this.ids = new Int32Array(this.#places.size);
    const conditions = new Map(
      [...CUBES_AS_DEFINED, ...COUNTS].flatMap(({ where = [] }) => where.map((one) => [JSON.stringify(one), one])),
    );
    this.#testNames = [...conditions.keys()];
    this.#tests = [...conditions.values()].map((one) =>
      "in" in one ? { column: this.placeOf(one.column), in: new Set(one.in), answers: new Uint8Array(64) } : one.column,
    );
    if (this.#tests.length > 31) throw new Error("more conditions than an integer has bits");
    this.#sources = Int32Array.from(this.#texts, (text) => TEXT_COLUMNS.indexOf(text));
    this.#counts = MEASURES.flatMap((one, index) =>
      one.kind === "count" ? [{ index, where: this.whereOf(one.where) }] : [],
    );
    this.#numbers = MEASURES.flatMap((one, index) => (one.kind === "count" ? [] : [{ index, column: one.column }]));
  }

  /** Where a key's number stands in `ids`. */
  placeOf(key: Key): number {
    return this.#places.get(key) ?? 0;
  }

  textOf(key: Key, id: number): string {
    return this.#dimensions[this.placeOf(key)]?.textOf(id) ?? String(id);
  }

  /** The number of a value given as text, as `textOf` gave it. */
  idOf(key: Key, text: string): number {
    const dimension = this.#dimensions[this.placeOf(key)];
    if (dimension === undefined) return Number(text);
    return text === FOLDED ? dimension.size - 1 : dimension.idOf(text);
  }

  /** Columns in which values were counted together. */
  get folded(): { readonly dimension: string; readonly kept: number; readonly met: number }[] {
    return this.#dimensions.flatMap(({ folded, distinct }, index) =>
      folded === 0 ? [] : [{ dimension: this.#texts[index] ?? "", kept: distinct, met: folded }],
    );
  }

  /** What cubes of a kind ask for: a value that is not asked for takes no number. */
  askedOf(kind: FactKind): Asked {
    const cubes = CUBES_AS_DEFINED.filter((cube) => cube.of === kind);
    const conditions = [...cubes, ...COUNTS].flatMap(({ where = [] }) => where);
    const keys = new Set(cubes.flatMap((cube) => cube.keys));
    for (const condition of conditions) if ("in" in condition) keys.add(condition.column);
    const places = [...keys].map((key) => this.placeOf(key)).filter((place) => place < this.#texts.length);
    const tests = new Set(conditions.map((one) => this.#bitOf(one)));
    return { places: Int32Array.from(places), tests: Int32Array.from(tests) };
  }

  /** Takes a fact for what follows. */
  set(fact: Fact, { places, tests }: Asked): void {
    const { ids, added } = this;
    textsOf(fact, this.#factTexts);
    for (let index = 0; index < places.length; index++) this.#number(places[index] ?? 0);
    for (const { column, place } of this.#buckets) ids[place] = bucketOf(fact[column] ?? 0);
    let truth = 0;
    for (let index = 0; index < tests.length; index++) {
      const place = tests[index] ?? 0;
      const test = this.#tests[place];
      const holds = typeof test === "object" ? this.#passes(test) : test !== undefined && fact[test] !== null;
      if (holds) truth |= 1 << place;
    }
    this.#truth = truth;
    for (let index = 0; index < this.#counts.length; index++) {
      const one = this.#counts[index];
      if (one !== undefined) added[one.index] = this.holds(one.where) ? 1 : 0;
    }
    for (const { index, column } of this.#numbers) added[index] = fact[column] ?? 0;
  }

  /** After one text of the fact that was taken last was changed. No measure depends on such a text. */
  changed(column: TextColumn, fact: Fact): void {
    const place = this.placeOf(column);
    this.#factTexts[this.#sources[place] ?? 0] = fact[column];
    this.#number(place);
  }

  whereOf(conditions: readonly Condition[]): Where {
    return conditions.reduce((where, one) => where | (1 << this.#bitOf(one)), 0);
  }

  /** Of the fact taken last. */
  holds(where: Where): boolean {
    return (this.#truth & where) === where;
  }

  #bitOf(condition: Condition): number {
    return this.#testNames.indexOf(JSON.stringify(condition));
  }

  #number(place: number): void {
    const text = this.#factTexts[this.#sources[place] ?? 0] ?? "";
    this.ids[place] = this.#dimensions[place]?.idOf(text) ?? 0;
  }

  #passes(test: Test): boolean {
    const id = this.ids[test.column] ?? 0;
    if (id >= test.answers.length) {
      const larger = new Uint8Array(id * 2);
      larger.set(test.answers);
      test.answers = larger;
    }
    const known = test.answers[id];
    if (known !== 0) return known === 2;
    const passes = test.in.has(this.#dimensions[test.column]?.textOf(id) ?? "");
    test.answers[id] = passes ? 2 : 1;
    return passes;
  }
}
