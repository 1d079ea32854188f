/**
 * A call while its records are still being met, newest first: what its strictest record decided, what its PreToolUse says of
 * it, what came of it. It keeps the few fields that are counted and holds no long record or its input.
 */
import type { AuditRecord, Reroute } from "../../core/audit/record.js";
import { type Decision, isDecision, type Source, sourceOf, strictest, type Tier } from "../../core/decision.js";
import { currentToolName, stringField, toolShape } from "../../core/tool-call.js";
import { clusterOf, type Where } from "../gaps/cluster.js";
import { holdRecord, partOf } from "../scan/lazy-record.js";
import { recordPart } from "../scan/record-part.js";
import type { LinePlace } from "../scan/scan.js";
import { type KeptCall, keptCallOf } from "./kept-call.js";
import { pathKey } from "./path-key.js";
import { isOurAllow, savesPrompt } from "./prompts-saved.js";

const SUBJECT_CHARS = 200;
const HELD_BYTES = 4_096;

/** What one record decided. */
export interface Ruling {
  readonly decision: Decision;
  readonly tier: Tier | "";
  readonly source: Source;
  readonly rule: string;
  /** Every rule that took part, the deciding one included. */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly ruleSource: string;
  readonly saved: boolean;
  readonly imported: string;
  readonly verdict: Verdict | null;
  /** `alternativeHash`: of the input it was to be run with, "" when not recorded. */
  readonly reroute: { readonly mode: string; readonly alternative: string; readonly alternativeHash: string } | null;
}

/** What consulting the model came to. */
export interface Verdict {
  /** The score, `timeout` or `error`. */
  readonly llm: string;
  readonly model: string;
  readonly isCached: boolean;
  readonly isUnsure: boolean;
  readonly error: string;
  readonly latencyMs: number | null;
}

/** What was called, and where that stands. */
export interface Calling {
  readonly timeMs: number;
  readonly at: LinePlace;
  readonly session: string;
  readonly tool: string;
  readonly project: string;
  readonly mode: string;
  readonly effect: string;
  readonly attended: boolean | undefined;
  readonly commands: readonly string[];
  /** As pathKey spells them. */
  readonly paths: readonly string[];
  /** Hosts of the addresses it names, each once. */
  readonly domains: readonly string[];
  readonly policy: string;
  /** Keyed hash of the whole input. */
  readonly inputHash: string;
  /** `tool_use_id`, "" when it has none. */
  readonly callId: string;
  readonly subject: string;
  /** The name that like calls share, told by all of its commands. */
  readonly pattern: string;
  /** What judging it again takes. */
  readonly kept: KeptCall | null;
  readonly hookUs: number | null;
}

export interface Outcome {
  readonly success: boolean | undefined;
  readonly toolMs: number | null;
  /** Of the input that ran. */
  readonly inputHash: string;
}

export interface Call {
  readonly calling: Calling;
  readonly ruling: Ruling;
  readonly outcome: Outcome | undefined;
  /** A permission dialog was shown for it. */
  readonly prompted: boolean;
  /** The user said no or interrupted: inferred, no event says so (contract 2.1). */
  readonly rejected: boolean;
}

const NOTHING: readonly string[] = [];

/** `null` when the record carries no decision we know. @param calling of the same record */
export function rulingOf(record: AuditRecord, { mode, attended, effect, tool }: Calling): Ruling | null {
  const ruling = partOf(record, RULING);
  if (ruling === null || !ruling.isOurs) return ruling?.plain ?? null;
  return savesPrompt({ mode, attended, effect, tool }) ? ruling.saving : ruling.plain;
}

const RULING = recordPart(
  ["tier", "decision", "rule_id", "imported_from", "rule_source", "rule_ids", "reason"],
  ["llm_score", "llm_error", "llm_confidence", "llm_model", "llm_cached", "llm_latency_ms", "reroute"],
  (record) => {
    const { decision, tier, rule_id: rule = "", imported_from: imported = "" } = record;
    if (!isDecision(decision)) return null;
    const named = record.rule_ids ?? NOTHING;
    const plain: Ruling = {
      decision,
      tier: tier ?? "",
      source: tier === undefined ? "none" : sourceOf(tier, rule),
      rule,
      rules: rule === "" || named.includes(rule) ? named : [rule, ...named],
      reason: record.reason ?? "",
      ruleSource: record.rule_source ?? "",
      saved: false,
      imported,
      verdict: verdictOf(record),
      reroute: record.reroute === undefined ? null : rerouteOf(record.reroute, record.tool_name ?? ""),
    };
    return { plain, saving: { ...plain, saved: true }, isOurs: isOurAllow(record) };
  },
);

/** The stricter ruling; of two equal ones our own before an imported one, else the one met first. */
export function stricterRuling(met: Ruling, next: Ruling): Ruling {
  if (met.decision === next.decision) return met.imported !== "" && next.imported === "" ? next : met;
  return strictest(met.decision, next.decision) === met.decision ? met : next;
}

/** What tells a call from all others; `null` of one without an id. INVARIANT: ids are unique within a session and agent only. */
export function keyOf(record: AuditRecord): string | null {
  const { tool_use_id: id } = record;
  return id === undefined || id === "" ? null : partOf(record, CALLER) + id;
}

function callerOf({ session_id, agent_id = "" }: AuditRecord): string {
  return `${session_id}\0${agent_id}\0`;
}

const CALLER = recordPart(["session_id", "agent_id"], [], callerOf);

/** @param namesNoHost what the scan knows of its input. */
export function callingOf(record: AuditRecord, timeMs: number, at: LinePlace, namesNoHost = false): RecordedCalling {
  return new RecordedCalling(record, timeMs, at, namesNoHost);
}

/**
 * For who keeps it while many others come and go, each time they went: nearly every call goes with the next ones, so only
 * the second time the bytes around its record are let go.
 */
export function keepCalling(calling: Calling): void {
  if (calling instanceof RecordedCalling) calling.keep();
}

/** Lets go of the bytes around its record, which it would be alone to keep. */
export function holdCalling(calling: Calling): void {
  if (calling instanceof RecordedCalling) calling.hold();
}

/** In which session and under which conditions calls were made. */
interface Setting {
  /** Within it ids of calls are unique. */
  readonly caller: string;
  readonly session: string;
  readonly project: string;
  readonly mode: string;
  readonly attended: boolean | undefined;
  readonly policy: string;
}

const SETTING = recordPart(
  ["session_id", "agent_id", "permission_mode", "attended", "policy_hash", "project", "cwd"],
  [],
  (record): Setting => ({
    caller: callerOf(record),
    session: record.session_id,
    project: record.project ?? record.cwd ?? "",
    mode: record.permission_mode ?? "",
    attended: record.attended,
    policy: record.policy_hash ?? "",
  }),
);

/** What calls did, as far as it is told without their input. */
class Doing {
  readonly tool: string;
  readonly effect: string;
  readonly commands: readonly string[];
  /** As recorded. */
  readonly #where: Where;
  #paths: readonly string[] | null = null;
  #pattern: string | null = null;

  constructor(record: AuditRecord) {
    this.tool = currentToolName(record.tool_name ?? "");
    this.effect = record.effect ?? "";
    this.commands = record.commands ?? NOTHING;
    this.#where = whereOf(record);
  }

  /** As pathKey spells them. */
  get paths(): readonly string[] {
    if (this.#paths === null) {
      const { cwd, home, paths } = this.#where;
      // Most are spelt so already: the list of the record serves.
      const isKey = (path: string) => pathKey(path, cwd, home) === path;
      this.#paths = paths.every(isKey) ? paths : paths.map((path) => pathKey(path, cwd, home));
    }
    return this.#paths;
  }

  /** `null` where the input tells. */
  get pattern(): string | null {
    if (toolShape(this.tool)?.url !== undefined) return null;
    this.#pattern ??= this.patternWith(() => undefined);
    return this.#pattern;
  }

  patternWith(input: () => unknown): string {
    return clusterOf(this.tool, this.commands, this.#where, input);
  }
}

const DOING = recordPart(
  ["tool_name", "effect", "commands", "paths", "project", "cwd", "home"],
  [],
  (record) => new Doing(record),
);

/** Nearly always one and the same object for calls of the same setting. */
export function settingOf(calling: Calling): Pick<Calling, "session" | "project" | "mode" | "policy"> {
  return calling instanceof RecordedCalling ? calling.setting : calling;
}

/** The same for calls that did the same. */
export function doingOf(calling: Calling): Pick<Calling, "tool" | "effect" | "commands" | "paths"> {
  return calling instanceof RecordedCalling ? calling.doing : calling;
}

/**
 * Few calls are ever shown and not every reader asks for paths and hosts, so these are found when they are asked for; a
 * long record is not kept for it.
 */
class RecordedCalling implements Calling {
  readonly inputHash: string;
  readonly callId: string;
  readonly hookUs: number | null;
  /** INVARIANT: what most calls are asked for is read at once, while the record's line is at hand. */
  readonly setting: Setting;
  readonly doing: Doing;
  /** `null` once everything is known. */
  #record: AuditRecord | null;
  #subject: string | null = null;
  #pattern: string | null = null;
  #kept: KeptCall | null | undefined;
  #domains: readonly string[] | null;
  #isKept = false;

  constructor(
    record: AuditRecord,
    readonly timeMs: number,
    readonly at: LinePlace,
    namesNoHost: boolean,
  ) {
    this.setting = partOf(record, SETTING);
    this.doing = partOf(record, DOING);
    this.inputHash = record.input_hash ?? "";
    this.callId = record.tool_use_id ?? "";
    this.hookUs = record.duration_us ?? null;
    this.#domains = namesNoHost ? NOTHING : null;
    this.#record = record;
    if (at.length > HELD_BYTES) this.#settle();
  }

  get session(): string {
    return this.setting.session;
  }

  get project(): string {
    return this.setting.project;
  }

  get mode(): string {
    return this.setting.mode;
  }

  get attended(): boolean | undefined {
    return this.setting.attended;
  }

  get policy(): string {
    return this.setting.policy;
  }

  get tool(): string {
    return this.doing.tool;
  }

  get effect(): string {
    return this.doing.effect;
  }

  get commands(): readonly string[] {
    return this.doing.commands;
  }

  /** As keyOf tells it of its record. */
  get key(): string | null {
    return this.callId === "" ? null : this.setting.caller + this.callId;
  }

  keep(): void {
    if (this.#isKept) this.hold();
    this.#isKept = true;
  }

  hold(): void {
    if (this.#record !== null) holdRecord(this.#record);
  }

  toJSON(): Calling {
    const { timeMs, at, session, tool, project, mode, effect, attended, commands, policy } = this;
    const { inputHash, callId, hookUs, paths, domains, subject, pattern, kept } = this;
    return {
      timeMs,
      at,
      session,
      tool,
      project,
      mode,
      effect,
      attended,
      commands,
      policy,
      inputHash,
      callId,
      hookUs,
      paths,
      domains,
      subject,
      pattern,
      kept,
    };
  }

  get subject(): string {
    this.#subject ??= this.#record === null ? "" : subjectOf(this.#record, this.tool);
    return this.#subject;
  }

  get pattern(): string {
    this.#pattern ??= this.doing.pattern ?? this.doing.patternWith(() => this.#record?.tool_input);
    return this.#pattern;
  }

  get kept(): KeptCall | null {
    if (this.#kept === undefined) this.#kept = this.#record === null ? null : keptCallOf(this.#record);
    return this.#kept;
  }

  get paths(): readonly string[] {
    return this.doing.paths;
  }

  get domains(): readonly string[] {
    this.#domains ??= this.#record === null ? NOTHING : domainsOf(this.#record.tool_input, this.tool);
    return this.#domains;
  }

  #settle(): void {
    void [this.subject, this.pattern, this.kept, this.paths, this.domains];
    this.#record = null;
  }
}

function whereOf({ project = "", cwd = "", home = "", paths = NOTHING }: AuditRecord): Where {
  return { project, cwd, home, paths };
}

export function outcomeOf(record: AuditRecord): Outcome {
  const told = record.event === "PostToolUse" ? true : record.event === "PostToolUseFailure" ? false : undefined;
  return {
    success: record.tool_success ?? told,
    toolMs: record.tool_duration_ms ?? null,
    inputHash: record.input_hash ?? "",
  };
}

/** The tool's main field, else what is known of the call, cut. */
function subjectOf(record: AuditRecord, tool: string): string {
  const input = record.tool_input;
  const kept = typeof input === "string" ? input : undefined;
  return cutSubject(mainField(input, tool) ?? kept ?? record.commands?.[0] ?? record.paths?.[0] ?? "");
}

function mainField(input: unknown, tool: string): string | undefined {
  const main = toolShape(tool)?.main;
  return isTable(input) && main !== undefined ? stringField(input, main) : undefined;
}

function cutSubject(text: string): string {
  if (text.length <= SUBJECT_CHARS) return text;
  // A plain slice would keep the whole text alive for as long as the sample lives.
  return `${Buffer.from(text.slice(0, SUBJECT_CHARS)).toString()}…`;
}

/** Under this a verdict was near another one (SPEC section 4). */
const SURE = 0.7;

function verdictOf(record: AuditRecord): Verdict | null {
  const { llm_score: score, llm_error: error } = record;
  if (score === undefined && error === undefined) return null;
  const { llm_confidence: confidence } = record;
  const failure = /time(?:d)?[ _-]?out|deadline/i.test(error ?? "") ? "timeout" : "error";
  return {
    llm: error === undefined ? (score ?? "error") : failure,
    model: record.llm_model ?? "",
    isCached: record.llm_cached === true,
    isUnsure: confidence !== undefined && confidence < SURE,
    error: error ?? "",
    latencyMs: record.llm_latency_ms ?? null,
  };
}

function rerouteOf(reroute: Reroute, tool: string): Ruling["reroute"] {
  const { mode, alternative_input: input, alternative_hash: alternativeHash = "" } = reroute;
  return { mode, alternative: cutSubject(mainField(input, tool) ?? JSON.stringify(input) ?? ""), alternativeHash };
}

/** Of the http(s) addresses in the main field. A host written with a variable is none. */
function domainsOf(input: unknown, tool: string): readonly string[] {
  const text = mainField(input, tool);
  if (text?.includes("://") !== true) return NOTHING;
  const hosts = text
    .slice(0, ADDRESS_CHARS)
    .matchAll(/https?:\/\/(?:[^\s/@?#]{0,256}@)?([a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?)(?![^:/?#\s"'`)\]}>|;&,\\])/gi);
  return [...new Set([...hosts].map(([, host = ""]) => host.toLowerCase()))];
}

/** Addresses behind this many characters are not looked for. */
const ADDRESS_CHARS = 8_192;

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
