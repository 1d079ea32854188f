/**
 * The scene of one event: what happened, in which project, under which policy, and who could be asked. Everything that
 * touches the machine is an effect; a policy that cannot be had is part of the scene, not an exception.
 */
import type { AuditRecord } from "../core/audit/record.js";
import { formatTimestamp } from "../core/audit/timestamp.js";
import type { EvaluateDeps } from "../core/policy/evaluation.js";
import type { Policy, Settings } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import type { Environment } from "../store/locations.js";
import type { GivenVerdict, Promoted } from "../store/promotion/remember-verdict.js";
import { isAttended } from "./attended.js";
import type { Ruling } from "./decide.js";
import { policyChangedRecord, type RecordContext } from "./event-record.js";
import type { HookEvent, ToolInput } from "./hook-event.js";
import type { ConsultRequest } from "./llm/consult.js";

export interface HookEffects extends Omit<EvaluateDeps, "now"> {
  readonly env: Environment;
  /** `--unattended`. */
  readonly unattendedFlag: boolean;
  /** Version of claude-permit. */
  readonly engine: string;
  /** The user's home directory. */
  readonly userHome: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Microseconds since the event was read. */
  readonly elapsedUs: () => number;
  readonly newId: () => string;
  readonly projectOf: (cwd: string) => string;
  /**
   * The policy with at least the rules that this call looks at, none when there is nothing to judge. May throw when it
   * can be neither read nor compiled. `changedFrom`: hash of the one in force before.
   */
  readonly readPolicy: (
    project: string,
    judged: ToolCall | null,
  ) => { readonly policy: Policy; readonly changedFrom: string | null };
  readonly inputHash: (input: ToolInput) => string | undefined;
  /** Protects, encodes and appends. What went wrong as text, "" when the line is in the log. */
  readonly append: (record: AuditRecord, settings: Settings["audit"] | null) => string;
  /** Which of these calls the log does not tell of yet. */
  readonly unseen: (toolUseIds: readonly string[]) => ReadonlySet<string>;
  /** What Stop tells the user about the turn, "" when there is nothing worth saying. */
  readonly summary: (sessionId: string) => string;
  /** Puts a call that no rule decided to the model. Never rejects. */
  readonly consult: (request: ConsultRequest) => Promise<Ruling>;
  /** Whether this outcome is of a call that waits for its review. */
  readonly awaitsOutcome: (record: AuditRecord) => boolean;
  /** Never rejects. */
  readonly confirm: (record: AuditRecord, settings: Settings) => Promise<unknown>;
  /** Suspends promoted rules of which a call was refused in this session; `null` when none was promoted. Never rejects. */
  readonly probation: (sessionId: string, settings: Settings) => Promise<unknown> | null;
  /** Keeps a verdict for review, or as a rule. Never rejects. */
  readonly remember: (given: GivenVerdict) => Promise<{ readonly promoted?: Promoted }>;
  /** What waits to be told to the user, and forgets it; "" when nothing does. */
  readonly takeNotices: () => string;
  /** There is no log yet: nothing was recorded in this home. */
  readonly isFirstEvent: () => boolean;
}

/** One event with everything about the machine it happened on. */
export interface Scene {
  readonly effects: HookEffects;
  readonly event: HookEvent;
  readonly call: ToolCall;
  /** `null` when it could be neither read nor compiled; `policyError` says why. */
  readonly policy: Policy | null;
  readonly policyError: string;
  readonly isUnattendedRun: boolean;
  readonly previewChars: number;
  readonly context: RecordContext;
}

export function sceneOf(event: HookEvent, effects: HookEffects): Scene {
  const { env, unattendedFlag } = effects;
  const project = effects.projectOf(event.cwd);
  const attempt: ToolCall = {
    tool: event.toolName ?? "",
    input: event.toolInput ?? {},
    cwd: event.cwd,
    home: effects.userHome,
    project,
    sessionId: event.sessionId,
    permissionMode: event.permissionMode,
    attended: false,
    ...(event.toolUseId === undefined ? {} : { toolUseId: event.toolUseId }),
    ...(event.agentId === undefined ? {} : { agentId: event.agentId }),
    ...(event.promptId === undefined ? {} : { promptId: event.promptId }),
  };
  // Only a call is judged; everything else needs the policy's settings and no rule.
  const judged = event.event === "PreToolUse" ? attempt : null;
  const { policy, changedFrom, policyError } = policyFor(project, judged, effects);
  const isUnattendedRun =
    unattendedFlag || env["CLAUDE_PERMIT_UNATTENDED"] === "1" || policy?.settings.unattended === true;
  const call = { ...attempt, attended: !isUnattendedRun && isAttended(event.permissionMode, env) };
  const scene: Scene = {
    effects,
    event,
    call,
    policy,
    policyError,
    isUnattendedRun,
    previewChars: policy?.settings.audit.resultPreviewChars ?? 0,
    context: contextOf(effects),
  };
  if (policy !== null && changedFrom !== null) {
    write(scene, policyChangedRecord(event, policy.hash, changedFrom, contextOf(effects)));
  }
  return scene;
}

function policyFor(
  project: string,
  judged: ToolCall | null,
  effects: HookEffects,
): Pick<Scene, "policy" | "policyError"> & { readonly changedFrom: string | null } {
  try {
    return { ...effects.readPolicy(project, judged), policyError: "" };
  } catch (error) {
    return { policy: null, changedFrom: null, policyError: `no policy could be read (${messageOf(error)})` };
  }
}

/** A new id and moment: each record has its own. */
export function contextOf({ now, newId, engine, inputHash }: HookEffects): RecordContext {
  return { id: newId(), timestamp: formatTimestamp(now()), engine, inputHash };
}

/** What went wrong, "" when the record is in the log. */
export function write({ effects, policy }: Scene, record: AuditRecord): string {
  return effects.append(record, policy?.settings.audit ?? null);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
