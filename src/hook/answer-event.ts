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
import type { EvaluateDeps } from "../core/policy/evaluation.js";
import { hayOf } from "../core/policy/needles.js";
import type { Settings } from "../core/policy/policy.js";
import type { ParseShell, ShellAnalysis, ShellContext } from "../core/shell/shell.js";
import { appendLine } from "../store/append.js";
import { type PolicyKey, readCompiled } from "../store/compiled-policy.js";
import { projectOf } from "../store/git-root.js";
import { inputHash } from "../store/input-hash.js";
import type { Locations } from "../store/locations.js";
import { addNotice, hasNotices, joinNotices, takeNotices } from "../store/notices.js";
import { awaitsOutcome } from "../store/promotion/awaits-outcome.js";
import { resolvePath } from "../store/resolve-path.js";
import type { HookResult } from "./answer.js";
import { confirm, consultModel, type Memorising, probation, remember } from "./later-effects.js";
import type { LoadBundle } from "./load-bundle.js";
import { tallyTurn, unseenIn } from "./log-tail.js";
import { readEvent } from "./read-event.js";
import { runHook } from "./run-hook.js";
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
  const { places, userHome, unattendedFlag, load } = launch;
  const started = process.hrtime.bigint();
  const engine = CLAUDE_PERMIT_VERSION;
  const { state, audit } = places;
  const resolve = remembered(resolvePath);
  const parseShell = parsedOnce(shellParser(load));
  const memorising = (): Memorising => ({ launch, deps: freshDeps(load), newId });
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
    consult: (request) =>
      consultModel(request, launch, (under, one, detail) =>
        evaluate(under, one, freshDeps(load), detail === undefined ? {} : { detail }),
      ),
    remember: (given) => remember(given, memorising()),
    awaitsOutcome: (record) => awaitsOutcome(places.pendingRules, record),
    confirm: (record, settings) => confirm(record, settings, memorising()),
    probation: (sessionId, settings) =>
      existsSync(places.autoRules) ? probation(sessionId, settings, memorising()) : null,
    takeNotices: () => (hasNotices(state) ? joinNotices(takeNotices(state)) : ""),
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

/** For calls other than the event's: nothing is remembered from one to the next. */
function freshDeps(load: LoadBundle): EvaluateDeps {
  return { resolvePath, parseShell: shellParser(load), now: Date.now() };
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
