/**
 * What a record goes through before it becomes a line: secrets replaced in whole strings, then everything cut to its
 * bound (SPEC section 7). It decides nothing about which fields a record has.
 */
import { type Bounds, DEFAULT_BOUNDS, MAX_LIST } from "./bounds.js";
import { cutBytes, cutChars } from "./cut.js";
import type { AuditRecord } from "./record.js";

/** Replaces secrets in one whole string; `key` is the name of the field that holds it. */
export type RedactText = (text: string, key?: string) => { readonly text: string; readonly count: number };

/** Objects and arrays below this depth are left out. */
const MAX_DEPTH = 64;
/** A string is redacted this far beyond its bound: no secret that reaches into the kept part is missed. */
const REDACT_MARGIN = 65_536;

/** Names of things, not text from outside. */
const KEPT_AS_IS: ReadonlySet<string> = new Set(["id", "timestamp", "event", "policy_hash", "input_hash", "tier"]);

/** What a call is judged by beside its input: cut, it cannot be judged again. */
const JUDGED_BY: ReadonlySet<string> = new Set(["cwd", "project", "home", "resolved"]);

/** The record as it may be written; `redacted` and `input_truncated` are set when something was. */
export function protectRecord(record: AuditRecord, redact: RedactText, bounds: Bounds = DEFAULT_BOUNDS): AuditRecord {
  let secrets = 0;
  let cut = record.input_truncated === true;
  const text = (value: string, key: string): string => {
    const kept = protectText(value, key, redact, bounds);
    secrets += kept.secrets;
    cut ||= kept.truncated && JUDGED_BY.has(key);
    return kept.text;
  };
  const input = (value: unknown): unknown => {
    const kept = protectInput(value, redact, bounds);
    secrets += kept.secrets;
    cut ||= kept.truncated;
    return kept.value;
  };
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === "string" && key !== "tool_input") result[key] = KEPT_AS_IS.has(key) ? value : text(value, key);
    else if (key === "tool_input") result[key] = input(value);
    else if (key === "reroute") result[key] = protectReroute(record.reroute, text, input);
    else if (key === "resolved") {
      result[key] = protectMap(record.resolved, (value) => text(value, key));
      cut ||= Object.keys(record.resolved ?? {}).length > MAX_LIST;
    } else if (Array.isArray(value)) result[key] = value.slice(0, MAX_LIST).map((item) => text(String(item), ""));
    else result[key] = value;
  }
  if (secrets > 0) result["redacted"] = (record.redacted ?? 0) + secrets;
  if (cut) result["input_truncated"] = true;
  return result as unknown as AuditRecord;
}

function protectReroute(
  reroute: AuditRecord["reroute"],
  text: (value: string, key: string) => string,
  input: (value: unknown) => unknown,
): AuditRecord["reroute"] {
  if (reroute === undefined) return undefined;
  const { alternative_hash } = reroute;
  return {
    mode: reroute.mode,
    original_input: input(reroute.original_input),
    alternative_input: input(reroute.alternative_input),
    matched_rules: reroute.matched_rules.slice(0, MAX_LIST),
    rationale: text(reroute.rationale, "rationale"),
    ...(alternative_hash === undefined ? {} : { alternative_hash }),
  };
}

function protectMap(
  map: Readonly<Record<string, string>> | undefined,
  text: (value: string) => string,
): Readonly<Record<string, string>> | undefined {
  if (map === undefined) return undefined;
  const entries = Object.entries(map).slice(0, MAX_LIST);
  return Object.fromEntries(entries.map(([from, to]) => [text(from), text(to)]));
}

interface ProtectedInput {
  readonly value: unknown;
  readonly truncated: boolean;
  readonly secrets: number;
}

/** A tool input (parsed JSON of any shape and size) redacted and cut to the bounds, fields in their order. */
export function protectInput(input: unknown, redact: RedactText, bounds: Bounds = DEFAULT_BOUNDS): ProtectedInput {
  let room = bounds.maxInputBytes;
  let truncated = false;
  let secrets = 0;

  const cut = (): undefined => {
    truncated = true;
    return undefined;
  };
  const takeText = (value: string, key: string): string | undefined => {
    const kept = protectText(value, key, redact, bounds);
    secrets += kept.secrets;
    truncated ||= kept.truncated;
    let text = kept.text;
    let size = jsonBytes(text);
    while (size > room && text !== "") {
      truncated = true;
      text = cutBytes(text, Math.floor((text.length * Math.max(0, room - 2)) / size));
      size = jsonBytes(text);
    }
    if (size > room) return cut();
    room -= size;
    return text;
  };
  /** `undefined`: there was no room. */
  const take = (value: unknown, key: string, depth: number): unknown => {
    if (typeof value === "string") return takeText(value, key);
    const isNested = typeof value === "object" && value !== null;
    if (isNested && depth >= MAX_DEPTH) return cut();
    room -= isNested ? 2 : jsonBytes(value ?? null);
    if (room < 0) return cut();
    if (!isNested) return value;
    return Array.isArray(value) ? takeItems(value, key, depth + 1) : takeFields(value, depth + 1);
  };
  const takeItems = (items: readonly unknown[], key: string, depth: number): unknown[] => {
    const kept: unknown[] = [];
    for (const item of items) {
      room -= 1;
      const value = room <= 0 ? cut() : take(item, key, depth);
      if (value === undefined) break;
      kept.push(value);
    }
    return kept;
  };
  const takeFields = (object: object, depth: number): object => {
    const kept: [string, unknown][] = [];
    for (const key in object) {
      const name = cutChars(key, bounds.maxFieldChars);
      room -= jsonBytes(name) + 2;
      const value = room <= 0 ? cut() : take((object as Record<string, unknown>)[key], key, depth);
      if (name !== key) truncated = true;
      if (value !== undefined) kept.push([name, value]);
      else if (room <= 0) break;
    }
    return Object.fromEntries(kept);
  };

  return { value: take(input, "", 0), truncated, secrets };
}

function protectText(
  value: string,
  key: string,
  redact: RedactText,
  bounds: Bounds,
): { readonly text: string; readonly truncated: boolean; readonly secrets: number } {
  const bound = key === "command" ? bounds.maxCommandBytes : bounds.maxFieldChars;
  const seen = value.length > bound + REDACT_MARGIN ? value.slice(0, bound + REDACT_MARGIN) : value;
  const clean = redact(seen, key);
  const text = key === "command" ? cutBytes(clean.text, bound) : cutChars(clean.text, bound);
  return { text, truncated: text.length < clean.text.length || seen.length < value.length, secrets: clean.count };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
