/** The one door to simple-statistics, which throws on empty input: here nothing known is `null`. */
import { median } from "simple-statistics";

export function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values]);
}
