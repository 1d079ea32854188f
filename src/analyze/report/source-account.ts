/** What a report says of the engine its numbers came from: how whole its rows are, in numbers and in sentences. */
import type { Completeness } from "../engine/completeness.js";
import type { Report } from "./report.schema.js";
import { plural } from "./shape.js";

const NAMED_GAPS = 20;
const TOLD_GAPS = 3;

export function sourceAccount(found: Completeness): NonNullable<Report["completeness"]["source"]> {
  return {
    machines: found.machines,
    logs: found.logs,
    rows: found.rows,
    duplicates: found.duplicates,
    gaps: found.gaps.slice(0, NAMED_GAPS).map((gap) => ({ ...gap })),
    logs_with_gaps: found.gaps.length,
    waiting_bytes: found.waiting,
    dropped_lines: found.dropped,
  };
}

/** One sentence for each thing that keeps the counts from being whole. */
export function sourceNotes({ gaps, dropped, isPartial }: Completeness): string[] {
  const notes: string[] = [];
  if (gaps.length > 0) {
    const named = gaps
      .slice(0, TOLD_GAPS)
      .map(({ machine, log, bytes }) => `${plural(bytes, "byte")} of log ${log} on ${machine}`);
    const more = gaps.length > TOLD_GAPS ? ", and more" : "";
    notes.push(`Incomplete: ${plural(gaps.length, "log")} did not arrive whole (${named.join("; ")}${more}).`);
  }
  if (dropped > 0)
    notes.push(`Incomplete: machines gave up ${plural(dropped, "line")} that waited too long to be shipped.`);
  if (isPartial) notes.push("Incomplete: the server leaves out shards it cannot reach (skip_unavailable_shards).");
  return notes;
}
