/**
 * `pending-rules.jsonl`: the records of YELLOW calls, their outcomes and the answers they got, as lines of the log's own
 * format, so that they outlive the log's rotation. Appended to without a lock; when it is large, what was answered and then
 * what is oldest is left out. What a line means is told by `foldPending`.
 */
import { readFileSync } from "node:fs";
import { decodeRecord } from "../../core/audit/decode.js";
import { stillPending, type TimedRecord } from "../../core/promote/pending.js";
import { appendLine } from "../append.js";
import { writeAtomic } from "../write-atomic.js";

/** Several hundred calls. The hook reads the file after every tool. */
const MAX_BYTES = 1 << 20;

/** One line as it stands in the log: redacted and cut. What went wrong as a system code, `null` when it is kept. */
export function appendPending(path: string, line: string): string | null {
  const appended = appendLine(path, line);
  if (appended.kind === "failed") return appended.code;
  if (appended.size > MAX_BYTES) compact(path);
  return null;
}

/** A line that another hook appends in this moment may be lost here; the log has it, and `review` reads both. */
function compact(path: string): void {
  const lines = linesOf(path);
  const open = stillPending(lines.flatMap(decoded));
  let room = MAX_BYTES / 2;
  const newest = lines
    .filter((line) => decoded(line).some(({ record }) => open.has(record.id)))
    .toReversed()
    .filter((line) => {
      room -= Buffer.byteLength(line) + 1;
      return room >= 0;
    });
  writeAtomic(
    path,
    newest
      .toReversed()
      .join("\n")
      .concat(newest.length === 0 ? "" : "\n"),
  );
}

/** Every usable line, in the file's order; `unusable` counts the others. No file is no entry. */
export function readPending(path: string): { readonly records: readonly TimedRecord[]; readonly unusable: number } {
  const lines = linesOf(path);
  const records = lines.flatMap(decoded);
  return { records, unusable: lines.length - records.length };
}

function decoded(line: string): readonly TimedRecord[] {
  const found = decodeRecord(line);
  return found.kind === "record" ? [{ record: found.record, timeMs: found.timeMs }] : [];
}

function linesOf(path: string): readonly string[] {
  return readText(path)
    .split("\n")
    .filter((line) => line.trim() !== "");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
