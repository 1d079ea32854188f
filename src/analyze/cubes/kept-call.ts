/**
 * What of a record is needed to judge its call again: the call without the long parts of its input, and where its paths
 * led. A call that a rule decided without a question is not kept: no answer of anybody is to be learnt from it.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { toolShape } from "../../core/tool-call.js";

/** A record with little of its input: plain data. */
export type KeptCall = Pick<
  AuditRecord,
  | "session_id"
  | "tool_name"
  | "permission_mode"
  | "attended"
  | "policy_hash"
  | "input_truncated"
  | "redacted"
  | "project"
  | "cwd"
  | "home"
  | "resolved"
  | "tool_input"
>;

/** Tiers of rules that decide without a question. */
const SILENT: ReadonlySet<string> = new Set(["deny", "allow", "auto"]);
/** Characters of a command, path or address. */
const LONGEST = 32_768;
/** Of any other field: contents of files and prompts are not needed to judge a call, and are most of a log. */
const SHORT = 256;

/** `null` for a call that a rule decided without a question. */
export function keptCallOf(record: AuditRecord): KeptCall | null {
  const { tier = "", tool_name: tool, tool_input: input, session_id } = record;
  if (tool === undefined || SILENT.has(tier)) return null;
  const { permission_mode, attended, policy_hash, redacted, project, cwd, home, resolved } = record;
  const fields = { permission_mode, attended, policy_hash, redacted, project, cwd, home, resolved };
  const isWhole = record.input_truncated !== true && isTable(input) && hasShortMain(input, tool);
  return {
    session_id,
    tool_name: tool,
    ...known(fields),
    ...(isWhole ? { tool_input: slim(input, tool) } : { input_truncated: true }),
  };
}

type Known<T> = { readonly [Field in keyof T]?: Exclude<T[Field], undefined> };

/** Without the fields that are not set. */
function known<T extends object>(fields: T): Known<T>;
function known(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function hasShortMain(input: Readonly<Record<string, unknown>>, tool: string): boolean {
  const main = toolShape(tool)?.main;
  const value = main === undefined ? undefined : input[main];
  return typeof value !== "string" || value.length <= LONGEST;
}

function slim(input: Readonly<Record<string, unknown>>, tool: string): Readonly<Record<string, unknown>> {
  const shape = toolShape(tool);
  const judged = new Set([shape?.main, ...(shape?.paths ?? []).map(({ field }) => field)]);
  return Object.fromEntries(
    Object.entries(input).filter(([field, value]) => {
      if (typeof value === "string") return value.length <= (judged.has(field) ? LONGEST : SHORT);
      return typeof value === "boolean" || typeof value === "number";
    }),
  );
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
