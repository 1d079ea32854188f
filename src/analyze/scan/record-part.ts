/**
 * What is made of a few fields of a record. Nearly all records agree in these fields with many others, so of records that
 * are read where they stand it is made once for all that do.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { fieldOf } from "./head-fields.js";

export interface RecordPart<Value> {
  /** Where the fields stand in a line's row. */
  readonly fields: Int32Array;
  /** Those in which hardly two records agree: one that has any of them shares nothing. */
  readonly rare: Int32Array;
  /** INVARIANT: of a record without rare fields it looks at `fields` alone, and what it gave is not changed. */
  readonly make: (record: AuditRecord) => Value;
}

/** @param rare fields that are looked at too, in which hardly two records agree */
export function recordPart<Value>(
  fields: readonly (keyof AuditRecord)[],
  rare: readonly (keyof AuditRecord)[],
  make: (record: AuditRecord) => Value,
): RecordPart<Value> {
  return { fields: placesOf(fields), rare: placesOf(rare), make };
}

function placesOf(keys: readonly (keyof AuditRecord)[]): Int32Array {
  return Int32Array.from(keys, (key) => {
    const place = fieldOf(key);
    if (place === null) throw new Error(`records are not told apart by ${key}`);
    return place;
  });
}
