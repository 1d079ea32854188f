/**
 * One fact as small integers: each key's value as a number that stands for it, which conditions hold, what each measure
 * adds. Worked out once for a row and not once for each of the cubes that count it.
 */
import { type Condition, CUBES, type CubeDefinition, FOLDED, type Key, MEASURES } from "./definitions.js";
import { Dimension } from "./dimension.js";
import {
  type Fact,
  NUMBER_COLUMNS,
  type NumberColumn,
  numbersOf,
  TEXT_COLUMNS,
  type TextColumn,
  textsOf,
} from "./fact.js";
import type { Columns } from "./facts.js";
import { bucketOf } from "./histogram.js";

const BUCKETS: Readonly<Partial<Record<Key, NumberColumn>>> = {
  hook_us_bucket: "hook_us",
  tool_ms_bucket: "tool_ms",
  llm_ms_bucket: "llm_ms",
};

/** Memory is bounded by it; which values are kept is decided when all are met, unless there are even more. */
const MET_FACTOR = 10;

/** A text column that conditions are about: which of them hold for a value. */
interface Told {
  /** Among the texts of a fact. */
  readonly source: number;
  readonly bits: ReadonlyMap<string, Where>;
}

/** A number column that buckets are counted of: where the bucket's number stands, and the condition that it is there. */
interface Measured {
  /** Among the numbers of a fact. */
  readonly source: number;
  readonly place: number;
  readonly bit: Where;
}

/** Conditions, a bit each by their place in the row's list. */
export type Where = number;

/** Some columns of a fact: of each where its number stands and the number, and which conditions on them hold. */
export interface FactPart {
  readonly columns: readonly number[];
  readonly truth: Where;
}

const CUBES_AS_DEFINED: readonly CubeDefinition[] = CUBES;
const COUNTS: readonly { readonly where: readonly Condition[] }[] = MEASURES.filter((one) => one.kind === "count");

export class FactRow {
  /** The number of each column's value, by `placeOf`. */
  readonly ids: Int32Array;
  /** What each measure adds, in the order of MEASURES. */
  readonly added = new Float64Array(MEASURES.length);
  readonly #texts: readonly TextColumn[];
  readonly #places = new Map<Key, number>();
  readonly #dimensions: readonly Dimension[];
  readonly #testNames: readonly string[];
  readonly #told: readonly Told[];
  /** By column: where a text's number stands, and the conditions that hold for a text. */
  readonly #textPlaces: ReadonlyMap<string, number>;
  readonly #bits: ReadonlyMap<string, ReadonlyMap<string, Where>>;
  readonly #measured: readonly Measured[];
  /** Conditions on numbers. */
  readonly #presence: Where;
  /** The conditions on texts that hold for the fact taken last, and those on numbers. */
  #truth: Where = 0;
  #present: Where = 0;
  /** Its texts, and where each column's is among them. */
  readonly #factTexts: string[] = [];
  readonly #factNumbers = new Float64Array(NUMBER_COLUMNS.length);
  readonly #sources: Int32Array;
  readonly #counts: readonly { readonly index: number; readonly where: Where }[];
  /** Measures that grow by a number of the fact. */
  readonly #numbers: readonly { readonly index: number; readonly source: number }[];

  /** @param distinctLimit values that are kept apart in one column in the end; while they are met, ten times as many are */
  constructor(distinctLimit: number) {
    const keys = new Set<Key>(CUBES.flatMap((cube): readonly Key[] => cube.keys));
    this.#texts = [...keys].filter((key): key is TextColumn => BUCKETS[key] === undefined);
    for (const key of this.#texts) this.#places.set(key, this.#places.size);
    this.#dimensions = this.#texts.map(() => new Dimension(distinctLimit * MET_FACTOR));
    const buckets = [...keys].flatMap((key) => {
      const column = BUCKETS[key];
      if (column === undefined) return [];
      const place = this.#places.size;
      this.#places.set(key, place);
      return [{ column, place }];
    });
    this.ids = new Int32Array(this.#places.size + 1);
    const conditions = new Map(
      [...CUBES_AS_DEFINED, ...COUNTS].flatMap(({ where = [] }) => where.map((one) => [JSON.stringify(one), one])),
    );
    this.#testNames = [...conditions.keys()];
    if (conditions.size > 31) throw new Error("more conditions than an integer has bits");
    this.#told = this.#toldBy([...conditions.values()]);
    this.#textPlaces = new Map(this.#texts.map((text, place) => [text, place]));
    this.#bits = new Map(this.#told.map(({ source, bits }) => [TEXT_COLUMNS[source] ?? "", bits]));
    this.#measured = buckets.map(({ column, place }) => {
      const bit = this.#testNames.indexOf(JSON.stringify({ column, present: true } satisfies Condition));
      return { source: NUMBER_COLUMNS.indexOf(column), place, bit: bit < 0 ? 0 : 1 << bit };
    });
    this.#presence = this.#measured.reduce((bits, { bit }) => bits | bit, 0);
    this.#sources = Int32Array.from(this.#texts, (text) => TEXT_COLUMNS.indexOf(text));
    this.#counts = MEASURES.flatMap((one, index) =>
      one.kind === "count" ? [{ index, where: this.whereOf(one.where) }] : [],
    );
    this.#numbers = MEASURES.flatMap((one, index) =>
      one.kind === "count" ? [] : [{ index, source: NUMBER_COLUMNS.indexOf(one.column) }],
    );
    this.#measure(0);
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

  /** The number of a value of a fact. */
  numberOf(key: Key, text: string): number {
    return this.#dimensions[this.placeOf(key)]?.idOf(text) ?? 0;
  }

  /** Columns in which values were counted together. */
  get folded(): { readonly dimension: string; readonly kept: number; readonly met: number }[] {
    return this.#dimensions.flatMap(({ folded, distinct }, index) =>
      folded === 0 ? [] : [{ dimension: this.#texts[index] ?? "", kept: distinct, met: folded }],
    );
  }

  /** Where the numbers of these keys stand, of those that are texts. */
  placesOf(keys: Iterable<Key>): Int32Array {
    const places = [...new Set(keys)].map((key) => this.placeOf(key));
    return Int32Array.from(places.filter((place) => place < this.#texts.length));
  }

  /** Where in `ids` it stands which conditions on texts hold. */
  get truthPlace(): number {
    return this.#places.size;
  }

  /** Takes a fact for what follows: its numbers, and which conditions hold; a text's number when it is asked for. */
  take(fact: Fact): void {
    const texts = this.#factTexts;
    textsOf(fact, texts);
    numbersOf(fact, this.#factNumbers);
    this.#takeNumbers();
    let truth = 0;
    for (let index = 0; index < this.#told.length; index++) {
      const one = this.#told[index];
      const text = texts[one?.source ?? 0];
      if (text !== "" && text !== undefined) truth |= one?.bits.get(text) ?? 0;
    }
    this.truth = truth;
  }

  /** Columns of facts that agree in them, for `takeParts`. */
  partOf(columns: Columns): FactPart {
    const numbered: number[] = [];
    let truth = 0;
    for (const [column, text] of Object.entries(columns)) {
      if (text !== "") truth |= this.#bits.get(column)?.get(text) ?? 0;
      const place = this.#textPlaces.get(column);
      if (place !== undefined) numbered.push(place, this.#dimensions[place]?.idOf(text) ?? 0);
    }
    return { columns: numbered, truth };
  }

  /**
   * Takes a fact whose texts are told by parts: all of them have their numbers at once. @param numbers as `numbersOf` gives
   * them
   */
  takeParts(parts: readonly FactPart[], numbers: Float64Array): void {
    const { ids } = this;
    let truth = 0;
    for (const { columns, truth: its } of parts) {
      truth |= its;
      for (let index = 0; index < columns.length; index += 2) ids[columns[index] ?? 0] = columns[index + 1] ?? 0;
    }
    this.#factNumbers.set(numbers);
    this.#takeNumbers();
    this.truth = truth;
  }

  #takeNumbers(): void {
    const numbers = this.#factNumbers;
    let present = 0;
    for (let index = 0; index < this.#measured.length; index++) {
      const one = this.#measured[index];
      const value = numbers[one?.source ?? 0] ?? Number.NaN;
      if (one === undefined || Number.isNaN(value)) continue;
      this.ids[one.place] = bucketOf(value);
      present |= one.bit;
    }
    this.#present = present;
    for (let index = 0; index < this.#numbers.length; index++) {
      const one = this.#numbers[index];
      if (one !== undefined) this.added[one.index] = numbers[one.source] ?? 0;
    }
  }

  /** The conditions on texts that hold for the fact taken last, or are to hold for what follows. */
  get truth(): Where {
    return this.#truth;
  }

  set truth(truth: Where) {
    if (this.#truth !== truth) this.#measure(truth);
  }

  /** Numbers texts of the fact taken last: `ids` holds them from now on. */
  number(places: Int32Array): void {
    for (let index = 0; index < places.length; index++) this.#number(places[index] ?? 0);
  }

  whereOf(conditions: readonly Condition[]): Where {
    return conditions.reduce((where, one) => where | (1 << this.#testNames.indexOf(JSON.stringify(one))), 0);
  }

  /** Of the fact taken last. */
  holds(where: Where): boolean {
    return ((this.#truth | this.#present) & where) === where;
  }

  /** Whether it holds for facts of which the same conditions on texts hold, if they have the numbers it asks for. */
  mayHold(where: Where): boolean {
    return ((this.#truth | this.#presence) & where) === where;
  }

  #measure(truth: Where): void {
    this.#truth = truth;
    this.ids[this.truthPlace] = truth;
    for (const { index, where } of this.#counts) this.added[index] = (truth & where) === where ? 1 : 0;
  }

  #toldBy(conditions: readonly Condition[]): Told[] {
    const told = new Map<TextColumn, Map<string, Where>>();
    for (const one of conditions) {
      if (!("in" in one)) continue;
      const bits = told.get(one.column) ?? new Map<string, Where>();
      told.set(one.column, bits);
      // Most columns of most facts hold nothing, and are passed by.
      if (one.in.includes("")) throw new Error(`a condition that holds for no ${one.column}`);
      for (const text of one.in) bits.set(text, (bits.get(text) ?? 0) | this.whereOf([one]));
    }
    return [...told].map(([column, bits]) => ({ source: TEXT_COLUMNS.indexOf(column), bits }));
  }

  #number(place: number): void {
    const text = this.#factTexts[this.#sources[place] ?? 0] ?? "";
    this.ids[place] = this.#dimensions[place]?.idOf(text) ?? 0;
  }
}
