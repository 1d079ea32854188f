/**
 * How the engines spell what statements are made of. A statement uses nothing else: comparisons, CASE, sums, minima, GROUP
 * BY and these few. INVARIANT: values stand in a statement only through `text` and `whole`.
 */

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
  /** Every row once, of several with one id the one of the highest `rev`; given a list, once for each `element` of it. */
  from(list: string | null): string;
  /** Every row as it was inserted. */
  readonly fromAll: string;
  /** `select` with all but the first `count` rows of every group left out. */
  firstOf(select: Selection, count: number): string;
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

function byRowNumber({ columns, from, where, groups, order }: Selection, count: number): string {
  const names = columns.map((_, index) => `c${index}`);
  const named = columns.map((column, index) => `${column} AS c${index}`);
  const partition = groups.length === 0 ? "" : `PARTITION BY ${groups.join(", ")} `;
  const numbered = `SELECT ${named.join(", ")}, row_number() OVER (${partition}ORDER BY ${order}) AS place FROM ${from} WHERE ${where}`;
  return `SELECT ${names.join(", ")} FROM (${numbered}) AS numbered WHERE place <= ${whole(count)}`;
}

export const CLICKHOUSE: Dialect = {
  name: "clickhouse",
  text: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  quotient: (dividend, divisor) => `intDiv(${dividend}, ${whole(divisor)})`,
  startsWith: (column, literal) => `startsWith(${column}, ${literal})`,
  holds: (list, literal) => `has(${list}, ${literal})`,
  from: (list) => `${ROWS_TABLE} FINAL${list === null ? "" : ` ARRAY JOIN ${list} AS element`}`,
  fromAll: ROWS_TABLE,
  // It had no window functions for long, and has this.
  firstOf: ({ columns, from, where, groups, order }, count) =>
    `SELECT ${columns.join(", ")} FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${whole(count)}${groups.length === 0 ? "" : ` BY ${groups.join(", ")}`}`,
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
};
