/**
 * One line of a Claude Code transcript, narrowed to what an import needs: tool calls, their results, and the session
 * facts around them. The format is internal to Claude Code and changes, so every field may be missing and unknown line
 * types are simply lines without calls. It refuses to guess: a field of another type counts as absent.
 */
import { parseTimestamp } from "../../core/audit/timestamp.js";
import { stringField } from "../../core/tool-call.js";

type Fields = Readonly<Record<string, unknown>>;

export interface TranscriptToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: Fields;
}

/** Claude Code's own account of who decided (from about 2.1.300 on). */
export interface PermissionDecision {
  readonly decision: string;
  readonly source: string;
  readonly reasonType?: string;
  readonly reasonCode?: string;
  readonly ruleSource?: string;
  readonly grantScope?: string;
}

export interface TranscriptResult {
  readonly toolUseId: string;
  readonly isError: boolean;
  /** What the model was told; blocks other than text are left out. */
  readonly text: string;
  readonly permissionDecision?: PermissionDecision;
  readonly denialKind?: string;
  /** Top-level `toolUseResult` when that is a string, e.g. `User rejected tool use`. */
  readonly summary?: string;
  /** Milliseconds the tool itself reported, never the gap between two lines (that holds the wait for a person). */
  readonly durationMs?: number;
}

export interface TranscriptLine {
  readonly type: string;
  /** Milliseconds since the epoch; absent when the line carries no readable time. */
  readonly timeMs?: number;
  readonly sessionId?: string;
  readonly cwd?: string;
  readonly version?: string;
  readonly agentId?: string;
  readonly permissionMode?: string;
  readonly promptId?: string;
  /** How Claude Code was started: `cli` is a terminal, `sdk-cli` a run without anybody to ask. */
  readonly entrypoint?: string;
  readonly toolUses: readonly TranscriptToolUse[];
  readonly results: readonly TranscriptResult[];
}

/** `undefined` when the value is not one JSON object. */
export function parseTranscriptLine(value: unknown): TranscriptLine | undefined {
  if (!isFields(value)) return undefined;
  const message = fieldsOf(value, "message");
  const content = message === undefined ? undefined : message["content"];
  const blocks = Array.isArray(content) ? content.filter(isFields) : [];
  const type = stringField(value, "type") ?? "";
  return {
    type,
    ...definedOnly({
      timeMs: timeOf(stringField(value, "timestamp")),
      sessionId: stringField(value, "sessionId"),
      cwd: stringField(value, "cwd"),
      version: stringField(value, "version"),
      agentId: stringField(value, "agentId"),
      permissionMode: stringField(value, "permissionMode"),
      promptId: stringField(value, "promptId"),
      entrypoint: stringField(value, "entrypoint"),
    }),
    toolUses: type === "assistant" ? blocks.flatMap(toolUseOf) : [],
    results: type === "user" ? resultsOf(value, blocks) : [],
  };
}

function toolUseOf(block: Fields): TranscriptToolUse[] {
  const id = stringField(block, "id");
  const name = stringField(block, "name");
  if (block["type"] !== "tool_use" || id === undefined || name === undefined) return [];
  return [{ id, name, input: fieldsOf(block, "input") ?? {} }];
}

function resultsOf(line: Fields, blocks: readonly Fields[]): TranscriptResult[] {
  const results = blocks.filter((block) => block["type"] === "tool_result");
  // The top-level fields speak of one call; with several results in a line nobody can say of which.
  const shared = results.length === 1 ? sharedFields(line) : {};
  return results.flatMap((block) => {
    const toolUseId = stringField(block, "tool_use_id");
    if (toolUseId === undefined) return [];
    return [{ toolUseId, isError: block["is_error"] === true, text: textOf(block["content"]), ...shared }];
  });
}

function sharedFields(line: Fields) {
  const structured = fieldsOf(line, "toolUseResult");
  return definedOnly({
    permissionDecision: permissionDecisionOf(fieldsOf(line, "permissionDecision")),
    denialKind: stringField(line, "toolDenialKind"),
    summary: stringField(line, "toolUseResult"),
    durationMs: structured === undefined ? undefined : durationOf(structured),
  });
}

function permissionDecisionOf(fields: Fields | undefined): PermissionDecision | undefined {
  if (fields === undefined) return undefined;
  const decision = stringField(fields, "decision");
  const source = stringField(fields, "source");
  if (decision === undefined || source === undefined) return undefined;
  return {
    decision,
    source,
    ...definedOnly({
      reasonType: stringField(fields, "reasonType"),
      reasonCode: stringField(fields, "reasonCode"),
      ruleSource: stringField(fields, "ruleSource"),
      grantScope: stringField(fields, "grantScope"),
    }),
  };
}

function durationOf(result: Fields): number | undefined {
  const value = result["durationMs"] ?? result["totalDurationMs"];
  return typeof value === "number" && value >= 0 && value < Number.MAX_SAFE_INTEGER ? Math.round(value) : undefined;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .filter(isFields)
    .map((block) => stringField(block, "text"))
    .filter((text) => text !== undefined)
    .join("\n");
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (parseTimestamp(text) ?? undefined);
}

function fieldsOf(fields: Fields, key: string): Fields | undefined {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isFields(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves absent keys out, as exact optional properties ask. */
export function definedOnly<T extends object>(fields: T): Defined<T> {
  const kept: Partial<Record<keyof T, unknown>> = {};
  for (const key of Object.keys(fields) as (keyof T)[]) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as Defined<T>;
}
