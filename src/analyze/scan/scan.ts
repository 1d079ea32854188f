/** What reading a log yields: a record with its place, or a line that could not be used with its place and why. */
import type { AuditRecord } from "../../core/audit/record.js";

/** Where a line stands: bytes from the start of the (decompressed) file, without the line end. */
export interface LinePlace {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export const BAD_LINE_PROBLEMS = [
  "not-json",
  "torn",
  "not-an-object",
  "too-long",
  "no-timestamp",
  "bad-timestamp",
  "unknown-shape",
  "bad-utf8",
  "bad-gzip",
] as const;
export type BadLineProblem = (typeof BAD_LINE_PROBLEMS)[number];

export type Scanned =
  | {
      readonly kind: "record";
      readonly record: AuditRecord;
      readonly timeMs: number;
      readonly at: LinePlace;
      /** Its input is known to hold no `://`, however spelled. */
      readonly namesNoHost?: boolean;
    }
  | { readonly kind: "bad"; readonly problem: BadLineProblem; readonly at: LinePlace; readonly excerpt: string };

/** Half-open window in milliseconds since the epoch: since <= t < until. Absent = open. */
export interface Window {
  readonly since?: number;
  readonly until?: number;
}

export interface RecordFilter extends Window {
  readonly session?: string;
  readonly tool?: string;
  readonly decision?: string;
  readonly tier?: string;
  readonly rule?: string;
  readonly project?: string;
}
