/**
 * One call of a transcript as audit records: the decision as it was observed, the question a person answered, and the
 * outcome. A call that the hook logged itself only gains an outcome it lacks. What the transcript does not tell is left
 * out of the record; texts a person wrote never enter one.
 */
import { importedId } from "../../core/audit/imported-id.js";
import type { AuditRecord } from "../../core/audit/record.js";
import { formatTimestamp } from "../../core/audit/timestamp.js";
import type { Decision, Effect } from "../../core/decision.js";
import type { ToolCall } from "../../core/tool-call.js";
import { type ObservedDecision, observeDecision } from "./observed-decision.js";
import type { TranscriptCall } from "./transcript-calls.js";
import { definedOnly, type TranscriptResult } from "./transcript-line.js";

const TRANSCRIPT_SOURCE = "transcript";

export interface CallDescription {
  readonly commands?: readonly string[];
  readonly paths?: readonly string[];
  readonly effect?: Effect | undefined;
}

/** What a log already holds about a call. */
export interface LoggedCall {
  readonly decision?: Decision;
  readonly hasOutcome: boolean;
}

export type DescribeCall = (call: ToolCall) => CallDescription;

export interface CallRecords {
  readonly observed: ObservedDecision;
  readonly records: readonly AuditRecord[];
}

/** Ids follow from time, session, call and event (SPEC section 7). `logged`: what the hook wrote about this call, `undefined` when it wrote nothing. */
export function recordsOfCall(
  transcriptCall: TranscriptCall,
  logged: LoggedCall | undefined,
  describeCall: DescribeCall,
): CallRecords {
  const observed = observeDecision(transcriptCall.result);
  const record = (event: string, timeMs: number, fields: Partial<AuditRecord>): AuditRecord => ({
    v: 1,
    id: importedId(timeMs, transcriptCall.call.sessionId, transcriptCall.toolUseId, event),
    timestamp: formatTimestamp(timeMs),
    event,
    session_id: transcriptCall.call.sessionId,
    tool_name: transcriptCall.call.tool,
    tool_use_id: transcriptCall.toolUseId,
    imported_from: TRANSCRIPT_SOURCE,
    ...definedOnly({
      agent_id: transcriptCall.call.agentId,
      prompt_id: transcriptCall.call.promptId,
      permission_mode: transcriptCall.call.permissionMode,
      source_version: transcriptCall.version,
    }),
    ...fields,
    auto_promoted: false,
  });
  const records: AuditRecord[] = [];
  if (logged === undefined) {
    const { call, timeMs } = transcriptCall;
    records.push(
      record("PreToolUse", timeMs, {
        ...(call.attended ? {} : { attended: false }),
        ...decisionFields(observed),
        ...describedFields(call, describeCall),
        ...callFields(call),
      }),
    );
    // As the hook records a question: it says nothing itself, and its input tells which call it belongs to.
    const question = { tier: "passthrough", decision: "passthrough", attended: true, ...callFields(call) } as const;
    if (observed.asked) records.push(record("PermissionRequest", timeMs, question));
  }
  const outcome = outcomeOf(transcriptCall.result, observed, logged);
  if (outcome !== undefined) records.push(record(outcome.event, outcome.timeMs, outcome.fields));
  return { observed, records };
}

function decisionFields(observed: ObservedDecision): Partial<AuditRecord> {
  const { tier, decision, code, reason } = observed;
  return {
    tier,
    decision,
    ...(observed.asked ? { attended: true } : {}),
    ...definedOnly({ rule_matched: code, reason }),
  };
}

/** `commands`, `paths` and `effect` as a record holds them: empty lists are left out. */
export function describedFields(call: ToolCall, describeCall: DescribeCall): Partial<AuditRecord> {
  const { commands, paths, effect } = describeCall(call);
  return definedOnly({
    commands: commands?.length ? commands : undefined,
    paths: paths?.length ? paths : undefined,
    effect,
  });
}

function callFields(call: ToolCall): Partial<AuditRecord> {
  const { project, cwd, home, input } = call;
  return {
    tool_input: input,
    ...definedOnly({ project: project || undefined, cwd: cwd || undefined, home: home || undefined }),
  };
}

interface Outcome {
  readonly event: "PostToolUse" | "PostToolUseFailure" | "PostToolBatch";
  readonly timeMs: number;
  readonly fields: Partial<AuditRecord>;
}

function outcomeOf(
  result: TranscriptCall["result"],
  observed: ObservedDecision,
  logged: LoggedCall | undefined,
): Outcome | undefined {
  if (result === undefined || logged?.hasOutcome) return undefined;
  if (observed.decision === "deny") {
    // Our own denial needs no witness, and a person's "No" is inferred from the silence after the question.
    if (logged === undefined || logged.decision === "deny" || observed.tier === "user") return undefined;
    return { event: "PostToolBatch", timeMs: result.timeMs, fields: definedOnly({ reason: observed.reason }) };
  }
  const length = { tool_result_length: result.text.length, ...definedOnly({ tool_duration_ms: result.durationMs }) };
  return result.isError
    ? {
        event: "PostToolUseFailure",
        timeMs: result.timeMs,
        fields: { tool_success: false, ...length, ...definedOnly({ error: errorOf(result) }) },
      }
    : { event: "PostToolUse", timeMs: result.timeMs, fields: { tool_success: true, ...length } };
}

/** The first line only: what follows is the tool's output, which records do not hold. */
function errorOf(result: TranscriptResult): string | undefined {
  const line = result.text
    .replaceAll(/<\/?tool_use_error>/g, "")
    .trimStart()
    .split("\n", 1)[0];
  return line === undefined || line === "" ? undefined : line.slice(0, 200).toWellFormed();
}
