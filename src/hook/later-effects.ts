/**
 * What the hook does with a verdict and with what became of a call: asking the model, remembering, putting promoted rules
 * on probation. Loaded for the few events that need it. INVARIANT: nothing here rejects or holds up an answer.
 */
import type { AuditRecord } from "../core/audit/record.js";
import type { EvaluateDeps } from "../core/policy/evaluation.js";
import type { Settings } from "../core/policy/policy.js";
import type { GivenVerdict, MemoryEffects, Promoted } from "../store/promotion/remember-verdict.js";
import type { Launch } from "./answer-event.js";
import type { Ruling } from "./decide.js";
import { withoutVerdict } from "./failed.js";
import type { Judge } from "./llm/alternatives.js";
import type { ConsultRequest } from "./llm/consult.js";
import type { Bundles } from "./load-bundle.js";

/** Put in by the build. */
declare const CLAUDE_PERMIT_VERSION: string;

/** What judging another call takes, beside how the process was started. */
export interface Memorising {
  readonly launch: Launch;
  readonly deps: EvaluateDeps;
  readonly newId: () => string;
}

/** What breaks here gives no verdict. */
export async function consultModel(request: ConsultRequest, launch: Launch, judge: Judge): Promise<Ruling> {
  const { policy, call, evaluation, isUnattendedRun } = request;
  const { places, userHome, isPinned, load } = launch;
  try {
    const machine = { places, userHome, isPinned, env: process.env, load, now: Date.now, judge };
    return await load("hook-llm.cjs").consultHere(request, machine);
  } catch (error) {
    const llm_error = `llm-internal: ${error instanceof Error ? error.name : "unknown"}`;
    return withoutVerdict(policy, call, evaluation, isUnattendedRun, { llm_error });
  }
}

/** Milliseconds; the answer waits for no lock longer. */
const MEMORY_MS = 1_500;

/** What is lost here is only a memory. */
export function remember(given: GivenVerdict, memorising: Memorising): Promise<{ readonly promoted?: Promoted }> {
  return inTime(memorising, ({ rememberVerdict }, memory) => rememberVerdict(given, memory));
}

export function confirm(record: AuditRecord, settings: Settings, memorising: Memorising): Promise<unknown> {
  const { programFolder } = memorising.launch;
  return inTime(memorising, ({ confirmOutcome }, memory) =>
    confirmOutcome(record, settings, { ...memory, engine: CLAUDE_PERMIT_VERSION, programFolder }),
  );
}

/** All hooks of a session's end share a second and a half (contract 1). */
const PROBATION_MS = 700;

export function probation(sessionId: string, { audit }: Settings, memorising: Memorising): Promise<unknown> {
  const check = async ({ checkProbation }: Memory, memory: MemoryEffects) => {
    await checkProbation(sessionId, audit, memory);
    return {};
  };
  return inTime(memorising, check, PROBATION_MS);
}

type Memory = Bundles["hook-promote.cjs"];

async function inTime(
  { launch: { places, load }, deps, newId }: Memorising,
  memorise: (memory: Memory, effects: MemoryEffects) => Promise<{ readonly promoted?: Promoted }>,
  ms = MEMORY_MS,
): Promise<{ readonly promoted?: Promoted }> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<object>((resolve) => {
      timer = setTimeout(resolve, ms, {});
    });
    return await Promise.race([late, memorise(load("hook-promote.cjs"), { places, deps, newId })]);
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
  }
}
