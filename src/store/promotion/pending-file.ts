/**
 * `pending-rules.jsonl`: the records of YELLOW calls, their outcomes and the answers they got, as lines of the log's own
 * format, so that they outlive the log's rotation. Only ever appended to, so no writer waits for another; what a line
 * means is told by `foldPending`.
 */
import { readFileSync } from "node:fs";
import { decodeRecord } from "../../core/audit/decode.js";
import type { TimedRecord } from "../../core/promote/pending.js";
import { appendLine } from "../append.js";

/** One line as it stands in the log: redacted and cut. What went wrong as a system code, `null` when it is kept. */
export function appendPending(path: string, line: string): string | null {
  const appended = appendLine(path, line);
  return appended.kind === "failed" ? appended.code : null;
}

/** Every usable line, in the file's order; `unusable` counts the others. No file is no entry. */
export function readPending(path: string): { readonly records: readonly TimedRecord[]; readonly unusable: number } {
  const lines = readText(path)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const records = lines.flatMap((line) => {
    const decoded = decodeRecord(line);
    return decoded.kind === "record" ? [{ record: decoded.record, timeMs: decoded.timeMs }] : [];
  });
  return { records, unusable: lines.length - records.length };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
