/** The one question the hook asks of pending calls after every tool: is this outcome of one of them? It reads no record. */
import { readFileSync } from "node:fs";
import type { AuditRecord } from "../../core/audit/record.js";

/** @param path `pending-rules.jsonl`; no file is no pending call. */
export function awaitsOutcome(path: string, { tool_use_id: id }: Pick<AuditRecord, "tool_use_id">): boolean {
  if (id === undefined) return false;
  try {
    return readFileSync(path, "utf8").includes(`"tool_use_id":${JSON.stringify(id)}`);
  } catch {
    return false;
  }
}
