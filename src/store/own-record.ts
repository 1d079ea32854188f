/** Records that claude-permit writes about itself, made fit for the log like any other: redacted, cut, one line. */
import { encodeRecord } from "../core/audit/encode.js";
import { protectRecord } from "../core/audit/protect.js";
import type { AuditRecord } from "../core/audit/record.js";
import { redactText } from "../core/audit/redact.js";
import type { Settings } from "../core/policy/policy.js";

/** The record's line, with its line end. */
export function recordLine(record: AuditRecord, settings: Settings["audit"]): string {
  const extra = settings.redact.map(({ source, flags }) => new RegExp(source, flags));
  return encodeRecord(protectRecord(record, (text, key) => redactText(text, key, extra), settings));
}
