/** Values as one text whatever the order of keys, and the hashes that ids and policies are known by. */
import { createHash } from "node:crypto";

/** JSON with sorted keys; `undefined` values and keys are left out. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalText(inner)}`).join(",")}}`;
}

/** The first `length` hexadecimal digits of the SHA-256 of the canonical text. */
export function canonicalHash(value: unknown, length: number): string {
  return createHash("sha256").update(canonicalText(value)).digest("hex").slice(0, length);
}
