/**
 * How the engines spell what statements are made of. A statement uses nothing else: comparisons, CASE, sums, minima, GROUP
 * BY and these few. INVARIANT: values stand in a statement only through `text` and `whole`.
 */
import type { RowKind } from "../fleet/row.js";
import type { Window } from "../scan/scan.js";

/** The table of canonical rows; where there are several nodes, the one that spans them. */
export const ROWS_TABLE = "claude_permit_rows";

export interface Dialect {
  readonly name: "clickhouse" | "duckdb" | "postgres";
  /** A text as a literal. Text compares by its UTF-8 bytes. */
  text(value: string): string;
  /** Whole quotient of whole numbers from 0 on. */
  quotient(dividend: string, divisor: number): string;
  startsWith(column: string, literal: string): string;
  holds(list: string, literal: string): string;
  /**
   * Every row once, of several with one id the one of the highest `rev`; given a list, once for each `element` of it. An
   * engine may leave out what is not within the range, and need not.
   */
  from(list: string | null, range: Range): string;
  /** Every row as it was inserted. */
  readonly fromAll: string;
  /** `select` with all but the first `count` rows of every group left out. */
  firstOf(select: Selection, count: number): string;
  /** How a row stands for several texts at once, where a pass over the rows costs more than that; `null` where it is cheap. */
  readonly lists: Lists | null;
}

/** Lists of texts as expressions. */
export interface Lists {
  of(texts: readonly string[]): string;
  /** `text`, an expression over `element`, of each element of a column of texts. */
  each(column: string, text: string): string;
  /** Empty where the condition does not hold. */
  when(condition: string, list: string): string;
  joined(lists: readonly string[]): string;
  /** Texts after one another, with NUL between, which no text holds. */
  keyed(texts: readonly string[]): string;
  /** A whole number as a text. */
  digits(number: string): string;
  /** Every row once for each text of its list, which is `cell`. */
  from(list: string, range: Range): string;
}

/**
 * What is asked about, as far as all versions of a row agree on it: an engine may look at it before it has told the
 * versions apart. A row that no longer is has the time of the one it replaces.
 */
export interface Range {
  /** None: all. */
  readonly kinds: readonly RowKind[];
  readonly window: Window;
  /** Moments, when only rows of these are asked for. */
  readonly times?: readonly number[];
}

export interface Selection {
  readonly columns: readonly string[];
  readonly from: string;
  readonly where: string;
  /** Expressions; none: the whole is one group. */
  readonly groups: readonly string[];
  readonly order: string;
}

/** Text doubles its quotes; nothing else means anything in it. */
const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** A whole number as a literal. */
export function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
  return String(value);
}

export function inWindow({ since, until }: Window): string[] {
  return [
    ...(since === undefined ? [] : [`time >= ${whole(Math.ceil(since))}`]),
    ...(until === undefined ? [] : [`time < ${whole(Math.ceil(until))}`]),
  ];
}

function byRowNumber({ columns, from, where, groups, order }: Selection, count: number): string {
  const names = columns.map((_, index) => `c${index}`);
  const named = columns.map((column, index) => `${column} AS c${index}`);
  const partition = groups.length === 0 ? "" : `PARTITION BY ${groups.join(", ")} `;
  const numbered = `SELECT ${named.join(", ")}, row_number() OVER (${partition}ORDER BY ${order}) AS place FROM ${from} WHERE ${where}`;
  return `SELECT ${names.join(", ")} FROM (${numbered}) AS numbered WHERE place <= ${whole(count)}`;
}

/** Looked at before versions are told apart. The table is sorted by days, so of a window only its days are read. */
function early({ kinds, window, times }: Range): string {
  const all = [
    ...(kinds.length === 0 ? [] : [`kind IN (${[...kinds, "gone"].map((kind) => `'${kind}'`).join(", ")})`]),
    ...inWindow(window),
    ...(times === undefined ? [] : [`time IN (${times.map(whole).join(", ")})`]),
  ];
  return all.length === 0 ? "" : ` PREWHERE ${all.join(" AND ")}`;
}

export const CLICKHOUSE: Dialect = {
  name: "clickhouse",
  text: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  quotient: (dividend, divisor) => `intDiv(${dividend}, ${whole(divisor)})`,
  startsWith: (column, literal) => `startsWith(${column}, ${literal})`,
  holds: (list, literal) => `has(${list}, ${literal})`,
  from: (list, range) => `${ROWS_TABLE} FINAL${list === null ? "" : ` ARRAY JOIN ${list} AS element`}${early(range)}`,
  fromAll: ROWS_TABLE,
  // It had no window functions for long, and has this.
  firstOf: ({ columns, from, where, groups, order }, count) =>
    `SELECT ${columns.join(", ")} FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${whole(count)}${groups.length === 0 ? "" : ` BY ${groups.join(", ")}`}`,
  // Each pass puts the versions of all rows together again.
  lists: {
    of: (texts) => `[${texts.join(", ")}]`,
    each: (column, text) => `arrayMap(element -> ${text}, ${column})`,
    when: (condition, list) => `if(${condition}, ${list}, emptyArrayString())`,
    joined: (lists) => (lists.length === 1 ? lists.join() : `arrayConcat(${lists.join(", ")})`),
    keyed: (texts) => (texts.length === 1 ? texts.join() : `concat(${texts.join(", '\\0', ")})`),
    // A number that is absent is in no list.
    digits: (number) => `toString(assumeNotNull(${number}))`,
    from: (list, range) => `${ROWS_TABLE} FINAL ARRAY JOIN ${list} AS cell${early(range)}`,
  },
};

/** The rows of a DuckDB file, each once: made when it is opened, because no statement should have to sort them again. */
export const DUCKDB_ONCE = "claude_permit_rows_once";

export const DUCKDB: Dialect = {
  name: "duckdb",
  text: quoted,
  quotient: (dividend, divisor) => `((${dividend}) // ${whole(divisor)})`,
  startsWith: (column, literal) => `starts_with(${column}, ${literal})`,
  holds: (list, literal) => `list_contains(${list}, ${literal})`,
  from: (list) => `${DUCKDB_ONCE}${list === null ? "" : `, UNNEST(${list}) AS listed(element)`}`,
  fromAll: ROWS_TABLE,
  firstOf: byRowNumber,
  lists: null,
};

/** Only a referee in tests. */
export const POSTGRES: Dialect = {
  name: "postgres",
  text: quoted,
  quotient: (dividend, divisor) => `((${dividend}) / ${whole(divisor)})`,
  startsWith: (column, literal) => `starts_with(${column}, ${literal})`,
  holds: (list, literal) => `(${literal} = ANY(${list}))`,
  from(list) {
    const once = `(SELECT DISTINCT ON (id) * FROM ${ROWS_TABLE} ORDER BY id, rev DESC) AS once`;
    return list === null ? once : `${once}, UNNEST(once.${list}) AS listed(element)`;
  },
  fromAll: ROWS_TABLE,
  firstOf: byRowNumber,
  lists: null,
};
