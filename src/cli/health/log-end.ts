/** The newest part of the log, read once for all checks that ask about it. */
import { openScan } from "../../analyze/scan/open-scan.js";
import type { AuditRecord } from "../../core/audit/record.js";
import { countModelCall, type ModelCalls, noModelCalls } from "./llm.js";

export type LogEnd =
  | { readonly kind: "missing" | "unreadable"; readonly message: string }
  | {
      readonly kind: "read";
      readonly bytes: number;
      readonly files: number;
      readonly newest: { readonly record: AuditRecord; readonly timeMs: number } | null;
      /** The latest moment of any record that was looked at. */
      readonly latestMs: number;
      /** Permission mode last seen, `null` when no record tells. */
      readonly mode: string | null;
      /** Of the language model. */
      readonly model: ModelCalls;
      /** Lines looked at, and how many of them were of no use. */
      readonly lines: number;
      readonly badLines: number;
      readonly firstBad: string | null;
    };

const MAX_LINES = 1_000;

export async function readLogEnd(home: string): Promise<LogEnd> {
  const opened = await openScan([home]);
  if (opened.kind === "failed") {
    return { kind: opened.code === "log_not_found" ? "missing" : "unreadable", message: opened.message };
  }
  const { scan } = opened;
  try {
    let newest: { record: AuditRecord; timeMs: number } | null = null;
    let latestMs = Number.NEGATIVE_INFINITY;
    let mode: string | null = null;
    let [lines, badLines] = [0, 0];
    let firstBad: string | null = null;
    const model = noModelCalls();
    for (const scanned of scan.backward()) {
      lines += 1;
      if (scanned.kind === "record") {
        newest ??= { record: scanned.record, timeMs: scanned.timeMs };
        latestMs = Math.max(latestMs, scanned.timeMs);
        mode ??= scanned.record.permission_mode ?? null;
        countModelCall(model, scanned.record);
      } else {
        badLines += 1;
        firstBad ??= `${scanned.at.file} at byte ${scanned.at.offset}: ${scanned.problem}`;
      }
      if (lines === MAX_LINES) break;
    }
    return {
      kind: "read",
      bytes: scan.bytes,
      files: scan.files.length,
      newest,
      latestMs,
      mode,
      model,
      lines,
      badLines,
      firstBad,
    };
  } finally {
    scan.close();
  }
}
