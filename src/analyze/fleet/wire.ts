/**
 * The one table of names outside: what a row's columns are called in OTLP log records. A column is `claude_permit.<column>`
 * always, and that is what is read back; beside it stand names that other tools know (OpenTelemetry's GenAI conventions,
 * still in development, and those of Claude Code's own events). INVARIANT: nothing is stored under the other names, so
 * they may change with `WIRE_VERSION`.
 */
import { ROW_COLUMN_NAMES, type RowColumn, type RowKind } from "./row.js";

export const WIRE_VERSION = 1;

/** `service.name` and instrumentation scope. */
export const SERVICE = "claude-permit";

export const EVENT_NAMES: Readonly<Record<RowKind, string>> = {
  call: "claude_permit.decision",
  prompt: "claude_permit.prompt",
  change: "claude_permit.change",
  record: "claude_permit.record",
  bad: "claude_permit.bad_line",
  batch: "claude_permit.batch",
  gone: "claude_permit.gone",
};

/** The attribute of a column. */
export function attributeOf(column: RowColumn): string {
  return `claude_permit.${column}`;
}

/** The column of an attribute, `null` for one that is not ours. */
export function columnOfAttribute(name: string): RowColumn | null {
  return COLUMNS.get(name) ?? null;
}

const COLUMNS: ReadonlyMap<string, RowColumn> = new Map(
  ROW_COLUMN_NAMES.map((column) => [attributeOf(column), column] as const),
);

/** Names that other tools look for, of what is never a hash. Only on calls and prompts. */
export const ALSO: readonly { readonly name: string; readonly column: RowColumn }[] = [
  { name: "session.id", column: "session" },
  { name: "gen_ai.tool.name", column: "tool" },
  { name: "tool_name", column: "tool" },
  { name: "gen_ai.tool.call.id", column: "call_id" },
  { name: "tool_use_id", column: "call_id" },
  { name: "gen_ai.request.model", column: "llm_model" },
];
