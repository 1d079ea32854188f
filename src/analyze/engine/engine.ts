/** What a report needs of a SQL engine: one statement in, rows of plain values out. Which engine it is, is told by its dialect. */
import { type Dialect, ROWS_TABLE } from "./dialect.js";

export interface SqlEngine {
  readonly dialect: Dialect;
  /** As shown to the user: never with a password. */
  readonly name: string;
  /** Statements it is asked at once. */
  readonly atOnce: number;
  /** The rows of one statement, values in the order of its columns. Rejects with an EngineError. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

export type EngineErrorCode =
  | "source_unknown"
  | "source_driver_missing"
  | "source_unreachable"
  | "source_refused"
  | "source_not_initialised"
  | "source_too_large"
  | "calls_not_shipped";

/** A known failure of an engine, with what to do about it. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = "EngineError";
  }
}

/** The table of an older version; columns are only ever added. @param column as the engine names it, "" when it does not */
export function outdated(name: string, column: string): EngineError {
  const what = column === "" ? "a column" : `the column \`${column}\``;
  return new EngineError(
    "source_not_initialised",
    `the table \`${ROWS_TABLE}\` in \`${name}\` lacks ${what}: an older version made it`,
    "add it with ALTER TABLE … ADD COLUMN: `claude-permit fleet init` prints every column with its type",
  );
}

/** What a column of a statement yields. `int` is never null. */
export type Yield = "int" | "text";

export interface Statement {
  readonly sql: string;
  readonly yields: readonly Yield[];
}

export type Values = readonly (string | number)[];

/**
 * Runs a statement; whole numbers come as numbers whether the engine tells them as numbers, as text or as big ones.
 * INVARIANT: a number that cannot be told exactly fails the report.
 */
export async function runStatement(engine: SqlEngine, { sql, yields }: Statement): Promise<readonly Values[]> {
  const rows = await engine.rows(sql);
  return rows.map((row) =>
    yields.map((kind, index) => (kind === "int" ? wholeOf(row[index]) : String(row[index] ?? ""))),
  );
}

/** `work` on every item, as many at once as the engine takes; answers in the order of the items. */
export async function askEach<Item, Answer>(
  { atOnce }: Pick<SqlEngine, "atOnce">,
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  const left = items.entries();
  const ask = async () => {
    for (const [index, item] of left) answers.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return items.flatMap((_, index) => {
    const answer = answers.get(index);
    return answer === undefined ? [] : [answer];
  });
}

function wholeOf(value: unknown): number {
  const whole =
    typeof value === "number" ? value : typeof value === "bigint" || typeof value === "string" ? Number(value) : 0;
  if (Number.isSafeInteger(whole)) return whole;
  throw new EngineError("source_refused", `the engine answered ${String(value)} where a whole number is due`);
}
