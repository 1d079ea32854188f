/** A field of a record by name, as filters, sorting and grouping read it: a record's key, one inside `tool_input`, or `source`. */
import type { AuditRecord } from "../../../core/audit/record.js";
import { sourceOf } from "../../../core/decision.js";
import { isTable } from "../../../core/policy/toml.js";
import { currentToolName } from "../../../core/tool-call.js";
import type { FieldTest, LogFilter } from "../query.schema.js";

const ALIASES: Readonly<Record<string, string>> = {
  tool: "tool_name",
  rule: "rule_id",
  command: "tool_input.command",
  file_path: "tool_input.file_path",
};

export function fieldOf(record: AuditRecord, name: string): unknown {
  if (name === "source") return record.tier === undefined ? undefined : sourceOf(record.tier, record.rule_id);
  if (name === "tool") return record.tool_name === undefined ? undefined : currentToolName(record.tool_name);
  let value: unknown = record;
  for (const step of (ALIASES[name] ?? name).split(".")) {
    value = isTable(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** Lists answer for each of their values: `commands eq "git push"` is yes when one of them is it. */
export function holds(record: AuditRecord, filter: LogFilter): boolean {
  if ("and" in filter) return filter.and.every((inner) => holds(record, inner));
  if ("or" in filter) return filter.or.some((inner) => holds(record, inner));
  if ("not" in filter) return !holds(record, filter.not);
  const value = fieldOf(record, filter.field);
  if (filter.op === "exists") return (value !== undefined) === (filter.value ?? true);
  if (filter.op === "ne") return !isAny(value, { ...filter, op: "eq" });
  return isAny(value, filter);
}

function isAny(value: unknown, test: FieldTest): boolean {
  return Array.isArray(value) ? value.some((one) => passes(one, test)) : passes(value, test);
}

function passes(value: unknown, test: FieldTest): boolean {
  switch (test.op) {
    case undefined:
    case "eq":
      return value === test.value;
    case "ne":
      return value !== test.value;
    case "in":
      return test.value.some((one) => one === value);
    case "contains":
      return typeof value === "string" && value.includes(test.value);
    case "starts_with":
      return typeof value === "string" && value.startsWith(test.value);
    case "ends_with":
      return typeof value === "string" && value.endsWith(test.value);
    case "gt":
      return isOrdered(value, test.value) && value > test.value;
    case "gte":
      return isOrdered(value, test.value) && value >= test.value;
    case "lt":
      return isOrdered(value, test.value) && value < test.value;
    case "lte":
      return isOrdered(value, test.value) && value <= test.value;
    case "exists":
      return value !== undefined;
    default:
      return test satisfies never;
  }
}

/** Numbers compare with numbers and text with text. */
function isOrdered(value: unknown, with_: string | number): value is string | number {
  return typeof value === typeof with_;
}

/** Absent values last, whichever the order; numbers before text. */
export function compareValues(a: unknown, b: unknown, order: "asc" | "desc"): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const sign = order === "asc" ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  const [one, other] = [textOf(a), textOf(b)];
  return one === other ? 0 : one < other ? -sign : sign;
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
