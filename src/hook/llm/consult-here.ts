/**
 * Consulting wired to the machine: the home's policy text, verdict cache and counters, and the model of the settings,
 * whose client is a bundle of its own. The hook's entry to the language model.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RedactText } from "../../core/audit/protect.js";
import type { ToolCall } from "../../core/tool-call.js";
import type { Assess } from "../../llm/assessment.js";
import { CONSULTING } from "../../llm/consulting.js";
import { failure } from "../../llm/failure.js";
import { PROMPT_VERSION } from "../../llm/prompt.js";
import { noteFailure, noteSuccess, spendCall } from "../../store/llm-usage.js";
import type { Environment, Locations } from "../../store/locations.js";
import { addNotice } from "../../store/notices.js";
import { keepVerdict, readVerdict, verdictKey } from "../../store/verdict-cache.js";
import type { Ruling } from "../decide.js";
import type { LoadBundle } from "../load-bundle.js";
import type { Judge } from "./alternatives.js";
import { type ConsultRequest, consult } from "./consult.js";

export interface Machine {
  readonly places: Locations;
  readonly userHome: string;
  readonly isPinned: boolean;
  readonly env: Environment;
  readonly load: LoadBundle;
  readonly now: () => number;
  readonly judge: Judge;
}

/** Milliseconds from the process's start to the answer. INVARIANT: well below the timeout the hook is registered with. */
export const ANSWER_BY_MS = 17_000;
/** Less is not worth asking for. */
const MIN_WAIT_MS = 50;

export async function consultHere(request: ConsultRequest, machine: Machine): Promise<Ruling> {
  // INVARIANT: whatever breaks beside the question, its deadline still brings the answer.
  process.on("uncaughtException", () => {});
  const { places, judge, now } = machine;
  const { state, cache } = places;
  const { policy } = request;
  const { llm } = policy.settings;
  const keyOf = (call: ToolCall, policyText: string) => {
    const ground = { model: llm.model, promptVersion: PROMPT_VERSION, policyHash: policy.hash, policyText };
    return verdictKey(call, ground);
  };
  return consult(request, {
    judge,
    policyText: () => textOf(places.policyText),
    readVerdict: (call, text) => readVerdict(cache, keyOf(call, text), llm.cacheTtlMs, now()),
    keepVerdict: (call, text, verdict) => keepVerdict(cache, keyOf(call, text), verdict, llm.cacheTtlMs, now()),
    spend: () => {
      const limits = { perMinute: llm.maxPerMinute, perSession: llm.maxPerSession };
      return spendCall(state, request.call.sessionId, limits, now());
    },
    assess: (asked) => assessHere(asked, request, machine),
    noteFailure: () => noteFailure(state),
    noteSuccess: () => noteSuccess(state),
    notify: (text) => addNotice(state, text),
  });
}

async function assessHere(
  asked: Parameters<Assess>[0],
  { policy, call }: ConsultRequest,
  { load, env, isPinned, userHome, places, now }: Machine,
): ReturnType<Assess> {
  const { llm, audit } = policy.settings;
  const lost = (found: ReturnType<typeof failure>) => ({ ...found, model: llm.model, latencyMs: 0 });
  if (env[CONSULTING] !== undefined) return lost(failure("llm-internal", "asked from inside its own question"));
  const { openModel, assessor } = load("hook-model.cjs");
  const world = { env, isPinned, userHome, claudeDir: places.claudeDir, cache: places.cache, project: call.project };
  const opened = await openModel(llm, world);
  if (opened.kind === "failure") return lost(opened);
  const extra = audit.redact.map(({ source, flags }) => new RegExp(source, flags));
  const redact: RedactText = (text, key) => load("hook-redact.cjs").redactText(text, key, extra);
  const left = ANSWER_BY_MS - process.uptime() * 1000;
  const deadline = Math.max(MIN_WAIT_MS, Math.min(llm.timeoutMs, left));
  const effects = {
    ask: opened.ask,
    redact,
    now: now(),
    newFence: () => randomBytes(16).toString("hex"),
    clock: () => performance.now(),
    stop: toldToStop(),
  };
  return assessor(llm.model, deadline, effects)(asked);
}

/** Claude Code waits no longer: the call is answered without a verdict, and its record is written. */
function toldToStop(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGTERM", () => controller.abort());
  return controller.signal;
}

/** "" when there is none. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
