/**
 * Record -> line, the only serializer of the log. Keys come in the order of RECORD_KEYS, absent ones are left out,
 * nothing is pretty, so that a scan finds fields without a full parse. It neither redacts nor cuts: `protect.ts` does.
 */
import { type AuditRecord, RECORD_KEYS } from "./record.js";

/** One line with its line end. INVARIANT: holds exactly one `\n`, the last byte; valid UTF-8; no lone surrogates. */
export function encodeRecord(record: AuditRecord): string {
  let line = "";
  for (const key of RECORD_KEYS) {
    const value = key === "auto_promoted" ? record.auto_promoted === true : record[key];
    if (value === undefined || value === null) continue;
    line += `${line === "" ? "{" : ","}"${key}":${encodeValue(value)}`;
  }
  return `${line}}\n`;
}

function encodeValue(value: unknown): string {
  const text = JSON.stringify(value);
  // JSON.stringify spells a lone surrogate as an escape; strict readers refuse such a line.
  return text.includes("\\ud") ? JSON.stringify(toWellFormed(value)) : text;
}

function toWellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), toWellFormed(item)]));
}
