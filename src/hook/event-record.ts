/**
 * From a hook event to its record, field by field as SPEC section 7 says which event carries what. It neither redacts
 * nor cuts: that happens to the whole record before it becomes a line.
 */
import { cutChars } from "../core/audit/cut.js";
import type { AuditRecord } from "../core/audit/record.js";
import type { Policy, Rule } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import type { Ruling } from "./decide.js";
import type { BatchCall, HookEvent, ToolInput } from "./hook-event.js";

/** What a record needs beside the event itself. */
export interface RecordContext {
  readonly id: string;
  readonly timestamp: string;
  readonly engine: string;
  readonly inputHash: (input: ToolInput) => string | undefined;
}

type Fields = Omit<AuditRecord, "auto_promoted">;

/** Time and session only: what SessionStart, SessionEnd, Stop and UserPromptSubmit carry. */
export function momentRecord({ event, sessionId }: HookEvent, { id, timestamp }: RecordContext): AuditRecord {
  return { v: 1, id, timestamp, event, session_id: sessionId, auto_promoted: false };
}

/** Our own: from here on another policy judges the calls of this project. */
export function policyChangedRecord(
  { sessionId }: HookEvent,
  hash: string,
  changedFrom: string,
  { id, timestamp, engine }: RecordContext,
): AuditRecord {
  return {
    v: 1,
    id,
    timestamp,
    event: "policy_changed",
    session_id: sessionId,
    policy_hash: hash,
    engine_version: engine,
    reason: `was ${changedFrom}`,
    auto_promoted: false,
  };
}

/** PreToolUse: the decision and the call. */
export function decisionRecord(
  event: HookEvent,
  call: ToolCall,
  ruling: Ruling,
  policy: Policy | null,
  durationUs: number,
  context: RecordContext,
): AuditRecord {
  const { evaluation } = ruling;
  const rule = evaluation?.rule ?? null;
  return {
    ...callFields(event, call.attended, context),
    tier: ruling.tier,
    decision: ruling.decision,
    ...defined({ policy_hash: policy?.hash, duration_us: durationUs, engine_version: context.engine }),
    ...placeFields(call),
    ...(rule === null ? {} : ruleFields(rule, call.tool)),
    ...(evaluation === null
      ? {}
      : defined({
          rule_ids: filled(evaluation.ruleIds),
          commands: filled(evaluation.commands),
          paths: filled(evaluation.paths),
          effect: evaluation.effect,
          resolved: Object.keys(evaluation.resolved).length > 0 ? evaluation.resolved : undefined,
        })),
    ...defined({
      input_hash: context.inputHash(call.input),
      reason: ruling.reason === "" ? undefined : ruling.reason,
      reroute: ruling.reroute && hashed(ruling.reroute, context),
      error: ruling.error,
    }),
    ...ruling.model,
    tool_input: call.input,
    auto_promoted: false,
  };
}

/** PermissionRequest (somebody is being asked, by Claude Code) and PermissionDenied (auto mode refused). */
export function observedRecord(event: HookEvent, call: ToolCall, context: RecordContext): AuditRecord {
  const isDenied = event.event === "PermissionDenied";
  return {
    ...callFields(event, call.attended, context),
    tier: isDenied ? "auto_mode" : "passthrough",
    decision: isDenied ? "deny" : "passthrough",
    engine_version: context.engine,
    ...placeFields(call),
    ...defined({ input_hash: context.inputHash(call.input), reason: event.reason }),
    tool_input: call.input,
    auto_promoted: false,
  };
}

/** PostToolUse and PostToolUseFailure: how the call went. */
export function outcomeRecord(
  event: HookEvent,
  attended: boolean,
  previewChars: number,
  context: RecordContext,
): AuditRecord {
  const result = resultText(event.response);
  return {
    ...callFields(event, attended, context),
    tool_success: event.event === "PostToolUse",
    ...defined({
      tool_duration_ms: event.durationMs,
      tool_result_length: result?.length,
      input_hash: event.toolInput === null ? undefined : context.inputHash(event.toolInput),
      error: event.error,
      tool_result_preview: previewChars > 0 && result !== null ? cutChars(result, previewChars) : undefined,
    }),
    auto_promoted: false,
  };
}

/** PostToolBatch: a call that fired no other event, so nobody decided it here. */
export function batchRecord(event: HookEvent, call: ToolCall, batch: BatchCall, context: RecordContext): AuditRecord {
  return {
    ...callFields({ ...event, toolName: batch.toolName, toolUseId: batch.toolUseId }, call.attended, context),
    ...defined({ tool_result_length: resultText(batch.response)?.length, engine_version: context.engine }),
    ...placeFields(call),
    ...defined({ input_hash: context.inputHash(call.input) }),
    tool_input: call.input,
    auto_promoted: false,
  };
}

function callFields(event: HookEvent, attended: boolean, { id, timestamp }: RecordContext): Fields {
  return {
    v: 1,
    id,
    timestamp,
    event: event.event,
    session_id: event.sessionId,
    attended,
    ...defined({
      tool_name: event.toolName,
      permission_mode: event.permissionMode,
      agent_id: event.agentId,
      tool_use_id: event.toolUseId,
      prompt_id: event.promptId,
    }),
  };
}

/** The hash tells later whether the alternative is what ran. */
function hashed(reroute: NonNullable<Ruling["reroute"]>, { inputHash }: RecordContext): AuditRecord["reroute"] {
  return { ...reroute, ...defined({ alternative_hash: inputHash(reroute.alternative_input) }) };
}

function placeFields({ project, cwd, home }: ToolCall): Partial<Fields> {
  return defined({ project: project || undefined, cwd: cwd || undefined, home: home || undefined });
}

function ruleFields(rule: Rule, tool: string): Partial<Fields> {
  const position = `${rule.source.file}:${rule.source.line}`;
  return {
    rule_id: rule.id,
    rule_matched: `${rule.kind}[${rule.name ?? position}]: tool=${tool}`,
    rule_source: position,
  };
}

/** A shell's answer keeps its text in two fields; every other answer is taken as it is. `null`: there is none. */
function resultText(response: unknown): string | null {
  if (response === undefined || response === null) return null;
  if (typeof response === "string") return response;
  if (typeof response === "object" && "stdout" in response && typeof response.stdout === "string") {
    const { stdout } = response;
    return "stderr" in response && typeof response.stderr === "string" ? stdout + response.stderr : stdout;
  }
  try {
    return JSON.stringify(response);
  } catch {
    return null;
  }
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are not known. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
