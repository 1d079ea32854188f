/**
 * Faults an engine could have, put into its statements: the check that holds its report against ours has to notice every one.
 * All engines are given the same.
 */
import type { SqlEngine } from "../../src/analyze/engine/engine.js";

export interface Mutant {
  readonly name: string;
  /** The question that has to be answered otherwise. */
  readonly asks: string;
  readonly change: (sql: string) => string;
}

const swap = (from: RegExp | string, to: string) => (sql: string) => sql.replaceAll(from, to);

export const MUTANTS: readonly Mutant[] = [
  { name: "a window's end counted in", asks: "a window", change: swap(/time < (\d+)/g, "time <= $1") },
  { name: "a window's start left out", asks: "a window", change: swap(/time >= (\d+)/g, "time > $1") },
  { name: "buckets one off from 128 on", asks: "everything", change: swap(" THEN 64 + ", " THEN 65 + ") },
  {
    name: "buckets by the engine's logarithm",
    asks: "everything",
    change: swap(/CASE WHEN (hook_us) < 0 .*? END/g, "floor(log2($1 + 1) * 64)"),
  },
  {
    name: "days of another time zone",
    asks: "local days, east",
    change: swap(/\(time \+ (?:CASE .*? END|\d+)\)/g, "time"),
  },
  {
    name: "one offset for the whole window",
    asks: "local days, east",
    change: swap(/CASE WHEN time < \d+ THEN (\d+) ELSE \d+ END/g, "$1"),
  },
  {
    name: "the oldest samples for the newest",
    asks: "everything",
    change: swap("ORDER BY time DESC, off DESC, log DESC", "ORDER BY time, off, log"),
  },
  {
    name: "lists counted without looking into them",
    asks: "everything",
    change: swap(/\belement(?= AS k0)|(?<=arrayMap\(element -> concat\('\d+', '\\0', )element/g, "rule"),
  },
  {
    name: "absent taken for zero",
    asks: "everything",
    change: swap(/\b(hook_us|tool_ms|llm_ms) IS NOT NULL/g, "$1 IS NOT NULL OR $1 IS NULL"),
  },
  {
    name: "text compared without case",
    asks: "one decision",
    change: swap("decision = 'deny'", "lower(decision) <> 'allow'"),
  },
];

export function mutated(
  engine: SqlEngine,
  { change }: Pick<Mutant, "change">,
): SqlEngine & { readonly touched: () => number } {
  let touched = 0;
  return {
    ...engine,
    rows(sql) {
      const other = change(sql);
      if (other !== sql) touched++;
      return engine.rows(other);
    },
    touched: () => touched,
  };
}
