/**
 * The hook wired to the machine: standard input in, one record and one answer out. Parser, policy compiler and secret
 * detectors are bundles of their own, loaded when a call needs them.
 */
import { existsSync, writeSync } from "node:fs";
import { DEFAULT_BOUNDS, isUncut } from "../core/audit/bounds.js";
import { encodeRecord } from "../core/audit/encode.js";
import { protectRecord, type RedactText } from "../core/audit/protect.js";
import type { AuditRecord } from "../core/audit/record.js";
import { newRecordId } from "../core/audit/record-id.js";
import { mayHoldSecret } from "../core/audit/secret-hints.js";
import type { ResolvePath } from "../core/path.js";
import { evaluate } from "../core/policy/evaluate.js";
import { hayOf } from "../core/policy/needles.js";
import type { Settings } from "../core/policy/policy.js";
import type { ParseShell, ShellAnalysis, ShellContext } from "../core/shell/shell.js";
import { appendLine } from "../store/append.js";
import { type PolicyKey, readCompiled } from "../store/compiled-policy.js";
import { projectOf } from "../store/git-root.js";
import { inputHash } from "../store/input-hash.js";
import type { Locations } from "../store/locations.js";
import { addNotice, joinNotices, takeNotices } from "../store/notices.js";
import { awaitsOutcome } from "../store/promotion/awaits-outcome.js";
import type { GivenVerdict, MemoryEffects, Promoted } from "../store/promotion/remember-verdict.js";
import { resolvePath } from "../store/resolve-path.js";
import { type Ruling, withoutVerdict } from "./decide.js";
import type { Judge } from "./llm/alternatives.js";
import type { ConsultRequest } from "./llm/consult.js";
import type { Bundles, LoadBundle } from "./load-bundle.js";
import { tallyTurn, unseenIn } from "./log-tail.js";
import { readEvent } from "./read-event.js";
import { type HookResult, runHook } from "./run-hook.js";
import type { HookEffects } from "./scene.js";
import { stopSummary } from "./stop-summary.js";
import { writeAnswer } from "./write-answer.js";

/** Put in by the build. */
declare const CLAUDE_PERMIT_VERSION: string;

/** How the process was started. */
export interface Launch {
  readonly places: Locations;
  readonly userHome: string;
  readonly unattendedFlag: boolean;
  /** The home was given on the command line, so no place is taken from the environment. */
  readonly isPinned: boolean;
  /** Folder of the bundles. */
  readonly programFolder: string;
  readonly load: LoadBundle;
}

export interface Answered {
  readonly exitCode: 0 | 2;
  /** Whose policy judged it, "" when that is not known. */
  readonly project: string;
}

/** Answers the event on standard input. Throws, or rejects, when standard input or output fails. */
export function answerEvent(launch: Launch): Answered | Promise<Answered> {
  const { text, isWhole } = readEvent(0);
  // From here on the answer takes milliseconds; being told to stop must not cut it in half.
  process.on("SIGTERM", () => {});
  let project = "";
  const effects = effectsOf(launch, (found) => {
    project = found;
  });
  const send = ({ stdout, stderr, exitCode }: HookResult): Answered => {
    if (stdout !== "") writeAnswer(1, stdout);
    if (stderr !== "") writeSync(2, `${stderr}\n`);
    return { exitCode, project };
  };
  const result = runHook(text, isWhole, effects);
  return result instanceof Promise ? result.then(send) : send(result);
}

/** `onProject` hears whose policy is read. */
export function effectsOf(launch: Launch, onProject?: (project: string) => void): HookEffects {
  const { places, userHome, unattendedFlag, programFolder, load } = launch;
  const started = process.hrtime.bigint();
  const engine = CLAUDE_PERMIT_VERSION;
  const { state, audit } = places;
  const resolve = remembered(resolvePath);
  const parseShell = parsedOnce(shellParser(load));
  return {
    env: process.env,
    unattendedFlag,
    engine,
    userHome,
    now: Date.now,
    elapsedUs: () => Number((process.hrtime.bigint() - started) / 1000n),
    newId,
    projectOf,
    resolvePath: resolve,
    parseShell,
    readPolicy: (project, judged) => {
      onProject?.(project);
      const key = keyOf(launch, project);
      const policy = readCompiled(key, judged?.tool ?? "", ({ wrappers }) =>
        judged === null ? null : hayOf(judged, { resolvePath: resolve, parseShell, wrappers }),
      );
      return policy === null ? load("hook-compile.cjs").refreshPolicy(key, Date.now()) : { policy, changedFrom: null };
    },
    inputHash: (input) => inputHash(state, input),
    append: (record, settings) => append(places, lineOf(record, settings, load), settings, load),
    unseen: (toolUseIds) => unseenIn(audit, toolUseIds),
    summary: (sessionId) => stopSummary(tallyTurn(audit, sessionId)),
    consult: (request) => consult(request, launch),
    remember: (given) => remember(given, launch),
    awaitsOutcome: (record) => awaitsOutcome(places.pendingRules, record),
    confirm: (record, settings) =>
      inTime(launch, ({ confirmOutcome }, memory) =>
        confirmOutcome(record, settings, { ...memory, engine, programFolder }),
      ),
    probation: (sessionId, settings) => (existsSync(places.autoRules) ? probation(sessionId, settings, launch) : null),
    takeNotices: () => joinNotices(takeNotices(state)),
    isFirstEvent: () => !existsSync(audit),
  };
}

/** Which policy judges the calls of a project. */
export function keyOf({ places, programFolder }: Launch, project: string): PolicyKey {
  return { locations: places, project, engine: CLAUDE_PERMIT_VERSION, programFolder };
}

/** One event is one moment: a path leads where it led when it was first asked about. */
function remembered(resolve: ResolvePath): ResolvePath {
  const known = new Map<string, string | null>();
  return (absolute) => {
    const before = known.get(absolute);
    if (before !== undefined) return before;
    const target = resolve(absolute);
    known.set(absolute, target);
    return target;
  };
}

/** The command is looked at twice: to see which rules it needs, and to be judged. */
function parsedOnce(parse: ParseShell): ParseShell {
  let last: { text: string; context: ShellContext; analysis: ShellAnalysis } | undefined;
  return (text, context) => {
    if (last === undefined || last.text !== text || !isSameContext(last.context, context))
      last = { text, context, analysis: parse(text, context) };
    return last.analysis;
  };
}

function isSameContext(one: ShellContext, other: ShellContext): boolean {
  return one.dialect === other.dialect && one.wrappers === other.wrappers && one.home === other.home;
}

function newId(): string {
  return newRecordId(
    Date.now(),
    Uint8Array.from({ length: 10 }, () => Math.random() * 256),
  );
}

/** INVARIANT: never rejects, and what breaks here gives no verdict. */
async function consult(request: ConsultRequest, { places, userHome, isPinned, load }: Launch): Promise<Ruling> {
  const { policy, call, evaluation, isUnattendedRun } = request;
  const deps = { resolvePath, parseShell: shellParser(load), now: Date.now() };
  const judge: Judge = (under, one, detail) => evaluate(under, one, deps, detail === undefined ? {} : { detail });
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

/** INVARIANT: never rejects and never holds up the answer: what is lost here is only a memory. */
function remember(given: GivenVerdict, launch: Launch): Promise<{ readonly promoted?: Promoted }> {
  return inTime(launch, ({ rememberVerdict }, memory) => rememberVerdict(given, memory));
}

/** All hooks of a session's end share a second and a half (contract 1). */
const PROBATION_MS = 700;

function probation(sessionId: string, { audit }: Settings, launch: Launch): Promise<unknown> {
  const check = async ({ checkProbation }: Memory, memory: MemoryEffects) => {
    await checkProbation(sessionId, audit, memory);
    return {};
  };
  return inTime(launch, check, PROBATION_MS);
}

type Memory = Bundles["hook-promote.cjs"];

async function inTime(
  { places, load }: Launch,
  memorise: (memory: Memory, effects: MemoryEffects) => Promise<{ readonly promoted?: Promoted }>,
  ms = MEMORY_MS,
): Promise<{ readonly promoted?: Promoted }> {
  const deps = { resolvePath, parseShell: shellParser(load), now: Date.now() };
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

/** A parser that cannot be loaded understands nothing, and so allows nothing. */
function shellParser(load: LoadBundle): ParseShell {
  return (text, context) => {
    try {
      return load("hook-shell.cjs").analyzeShell(text, context);
    } catch {
      return { status: "unknown", reasons: [{ code: "no-parser", pos: 0 }], parts: [] };
    }
  };
}

/** Longer lines are looked at string by string, each only as far as it is kept. */
const MAX_WHOLE_LOOK = 65_536;

/** The record as its line: secrets replaced, cut. The detectors are loaded only when a hint of a secret is there. */
export function lineOf(record: AuditRecord, settings: Settings["audit"] | null, load: LoadBundle): string {
  const extra = (settings?.redact ?? []).map(({ source, flags }) => new RegExp(source, flags));
  const draft = JSON.stringify(record.tool_input ?? "").length < MAX_WHOLE_LOOK ? encodeRecord(record) : null;
  const isClean = extra.length === 0 && draft !== null && !mayHoldSecret(draft);
  const redact: RedactText = (text, key) =>
    isClean || (extra.length === 0 && !mayHoldSecret(text, key))
      ? { text, count: 0 }
      : load("hook-redact.cjs").redactText(text, key, extra);
  if (isClean && draft !== null && isUncut(record, settings ?? DEFAULT_BOUNDS)) return draft;
  return encodeRecord(protectRecord(record, redact, settings ?? undefined));
}

function append(
  { audit, state }: Locations,
  line: string,
  settings: Settings["audit"] | null,
  load: LoadBundle,
): string {
  const appended = appendLine(audit, line);
  if (appended.kind === "failed") {
    addNotice(state, `claude-permit could not write a record to ${audit}: ${appended.code}`);
    return `${audit}: ${appended.code}`;
  }
  if (settings !== null && appended.size > settings.rotateBytes)
    load("hook-rotate.cjs").rotate(audit, settings.rotateBytes);
  return "";
}
