/**
 * Every cube, as data: which rows, by which keys, which integer measures. Nothing but counts, sums, minima and maxima, so
 * that the same definitions can be compiled to SQL; ratios, percentiles and cut-offs belong to the sections.
 */
import type { FactKind, NumberColumn, TextColumn } from "./fact.js";

export type Condition =
  | { readonly column: TextColumn; readonly in: readonly string[] }
  | { readonly column: NumberColumn; readonly present: true };

export type Measure =
  | { readonly kind: "count"; readonly where: readonly Condition[] }
  | { readonly kind: "sum" | "min" | "max"; readonly column: NumberColumn };

/** A text column, or the log-linear bucket of a number (histogram.ts). */
export type BucketKey = "hook_us_bucket" | "tool_ms_bucket" | "llm_ms_bucket";
export type Key = TextColumn | BucketKey;

export interface CubeDefinition {
  readonly name: string;
  readonly of: FactKind;
  readonly keys: readonly Key[];
  readonly measures: readonly MeasureName[];
  readonly where?: readonly Condition[];
  /** How many of the newest places are kept for each cell. */
  readonly samples?: number;
}

const decided = (
  ...decisions: readonly string[]
): { readonly kind: "count"; readonly where: readonly Condition[] } => ({
  kind: "count",
  where: [{ column: "decision", in: decisions }],
});

export const MEASURES = [
  { name: "calls", kind: "count", where: [] },
  { name: "approved", ...decided("allow", "rerouted") },
  { name: "asked", ...decided("ask") },
  { name: "blocked", ...decided("deny") },
  { name: "left_alone", ...decided("passthrough") },
  { name: "unsafe", ...decided("error_passthrough") },
  { name: "by_rule", kind: "count", where: [{ column: "source", in: ["rule"] }] },
  { name: "succeeded", kind: "count", where: [{ column: "outcome", in: ["succeeded"] }] },
  { name: "failed", kind: "count", where: [{ column: "outcome", in: ["failed"] }] },
  { name: "rejected", kind: "count", where: [{ column: "rejected", in: ["yes"] }] },
  { name: "saved", kind: "count", where: [{ column: "saved", in: ["yes"] }] },
  { name: "first", kind: "min", column: "time" },
  { name: "last", kind: "max", column: "time" },
] as const satisfies readonly (Measure & { readonly name: string })[];

export type MeasureName = (typeof MEASURES)[number]["name"];

const DECIDED = ["calls", "approved", "asked", "blocked", "left_alone", "unsafe", "by_rule"] as const;
const ALL = [...DECIDED, "succeeded", "failed", "rejected", "saved", "first", "last"] as const;
const COUNT = ["calls"] as const;
const SEEN = ["calls", "first", "last"] as const;
const DENIED = [{ column: "decision", in: ["deny"] }] as const;
const UNSAFE = [{ column: "decision", in: ["error_passthrough"] }] as const;
const JUDGED = ["calls", "approved", "asked", "blocked", "succeeded", "failed", "rejected", "first", "last"] as const;
const CONSULTED = [{ column: "llm", in: ["GREEN", "YELLOW", "RED", "timeout", "error"] }] as const;
const FAILED = [{ column: "llm", in: ["timeout", "error"] }] as const;
const ALARMED = [{ column: "llm", in: ["YELLOW", "RED"] }] as const;
const UNSURE = [{ column: "unsure", in: ["yes"] }] as const;
const SCORED = { column: "llm", in: ["GREEN", "YELLOW", "RED"] } as const;
const IN_DIALOG = [SCORED, { column: "answered", in: ["as-called", "another", "refused"] }] as const;
const IN_REVIEW = [SCORED, { column: "answered", in: ["approved", "confirmed", "rejected"] }] as const;
const REROUTED = [{ column: "reroute", in: ["offer", "ask", "suggest", "reroute"] }] as const;
const REJECTED = [{ column: "rejected", in: ["yes"] }] as const;

export const CUBES = [
  { name: "totals", of: "call", keys: [], measures: ALL },
  { name: "deciders", of: "call", keys: ["decision", "tier", "source"], measures: COUNT },
  { name: "days", of: "call", keys: ["day"], measures: ALL },
  { name: "modes", of: "call", keys: ["mode"], measures: DECIDED },
  { name: "effects", of: "call", keys: ["effect"], measures: DECIDED },
  { name: "tools", of: "call", keys: ["tool"], measures: ALL, samples: 1 },
  { name: "commands", of: "command", keys: ["command"], measures: ALL, samples: 1 },
  { name: "paths", of: "path", keys: ["path"], measures: ALL, samples: 1 },
  { name: "rules", of: "rule", keys: ["rule", "tier"], measures: ALL, samples: 1 },
  { name: "sessions", of: "call", keys: ["session", "project"], measures: ALL },
  { name: "projects", of: "call", keys: ["project"], measures: ALL, samples: 1 },
  { name: "denials", of: "call", keys: ["tier", "rule", "tool"], measures: SEEN, where: DENIED, samples: 3 },
  { name: "rejections", of: "call", keys: ["tool"], measures: SEEN, where: REJECTED, samples: 3 },
  {
    name: "hook_time",
    of: "call",
    keys: ["source", "hook_us_bucket"],
    measures: COUNT,
    where: [{ column: "hook_us", present: true }],
  },
  {
    name: "tool_time",
    of: "call",
    keys: ["tool", "tool_ms_bucket"],
    measures: COUNT,
    where: [{ column: "tool_ms", present: true }],
  },
  { name: "hours", of: "call", keys: ["day", "hour"], measures: DECIDED },
  { name: "blocked_hours", of: "call", keys: ["day", "hour"], measures: SEEN, where: DENIED, samples: 3 },
  { name: "tiers_by_day", of: "call", keys: ["day", "tier"], measures: COUNT },
  {
    name: "hook_time_by_day",
    of: "call",
    keys: ["day", "hook_us_bucket"],
    measures: COUNT,
    where: [{ column: "hook_us", present: true }],
  },
  { name: "domains", of: "domain", keys: ["domain"], measures: ALL, samples: 1 },
  { name: "unsafe", of: "call", keys: ["tool", "llm_error"], measures: SEEN, where: UNSAFE, samples: 3 },
  { name: "policies", of: "call", keys: ["policy"], measures: [...DECIDED, "saved", "first", "last"] },
  { name: "changes", of: "change", keys: ["event", "rule", "policy"], measures: SEEN, samples: 1 },
  { name: "changes_by_day", of: "change", keys: ["day", "event"], measures: COUNT },
  { name: "verdicts", of: "call", keys: ["llm", "llm_model", "llm_cached"], measures: JUDGED, where: CONSULTED },
  { name: "alarms", of: "call", keys: ["llm", "tool", "decision"], measures: JUDGED, where: ALARMED, samples: 3 },
  { name: "unsure", of: "call", keys: ["llm", "tool"], measures: JUDGED, where: UNSURE, samples: 3 },
  { name: "llm_errors", of: "call", keys: ["llm", "llm_error"], measures: SEEN, where: FAILED, samples: 1 },
  { name: "llm_by_day", of: "call", keys: ["day", "llm"], measures: COUNT, where: CONSULTED },
  {
    name: "llm_time",
    of: "call",
    keys: ["day", "llm_ms_bucket"],
    measures: COUNT,
    where: [{ column: "llm_ms", present: true }],
  },
  { name: "reroutes", of: "call", keys: ["reroute", "tool", "ran"], measures: JUDGED, where: REROUTED, samples: 3 },
  { name: "prompts", of: "prompt", keys: [], measures: COUNT },
  { name: "prompts_by_session", of: "prompt", keys: ["session"], measures: COUNT },
  { name: "prompts_by_tool", of: "prompt", keys: ["tool"], measures: COUNT },
  { name: "prompts_by_day", of: "prompt", keys: ["day"], measures: COUNT },
  { name: "sources_by_tool", of: "call", keys: ["tool", "source"], measures: COUNT },
  { name: "sources_by_project", of: "call", keys: ["project", "source"], measures: COUNT },
  { name: "sources_by_day", of: "call", keys: ["day", "source"], measures: COUNT },
  { name: "events", of: "record", keys: ["event", "imported"], measures: COUNT },
  { name: "answers", of: "call", keys: ["llm", "answered"], measures: SEEN, where: IN_DIALOG, samples: 3 },
  { name: "review_answers", of: "change", keys: ["llm", "answered"], measures: SEEN, where: IN_REVIEW, samples: 3 },
] as const satisfies readonly CubeDefinition[];

export type CubeName = (typeof CUBES)[number]["name"];

/** Distinct values kept apart in one dimension; from then on new ones are counted together and the bound is printed. */
export const DISTINCT_LIMIT = 100_000;
/** The key of the cell that holds what went over the limit. */
export const FOLDED = "(other)";
