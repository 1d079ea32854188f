/**
 * A call while its records are still being met, newest first: what its strictest record decided, what its PreToolUse says of
 * it, what came of it. It keeps the few fields that are counted and holds no long record or its input.
 */
import type { AuditRecord, Reroute } from "../../core/audit/record.js";
import { type Decision, isDecision, type Source, sourceOf, strictest, type Tier } from "../../core/decision.js";
import { currentToolName, stringField, toolShape } from "../../core/tool-call.js";
import { clusterOf, type Where } from "../gaps/cluster.js";
import { holdRecord } from "../scan/lazy-record.js";
import type { LinePlace } from "../scan/scan.js";
import { type KeptCall, keptCallOf } from "./kept-call.js";
import { pathKey } from "./path-key.js";
import { savesPrompt } from "./prompts-saved.js";

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

/** `null` when the record carries no decision we know. */
export function rulingOf(record: AuditRecord): Ruling | null {
  const { decision, tier, rule_id: rule = "" } = record;
  if (!isDecision(decision)) return null;
  const named = record.rule_ids ?? NOTHING;
  return {
    decision,
    tier: tier ?? "",
    source: tier === undefined ? "none" : sourceOf(tier, rule),
    rule,
    rules: rule === "" || named.includes(rule) ? named : [rule, ...named],
    reason: record.reason ?? "",
    ruleSource: record.rule_source ?? "",
    saved: savesPrompt(record),
    imported: record.imported_from ?? "",
    verdict: verdictOf(record),
    reroute: record.reroute === undefined ? null : rerouteOf(record.reroute, record.tool_name ?? ""),
  };
}

/** The stricter ruling; of two equal ones our own before an imported one, else the one met first. */
export function stricterRuling(met: Ruling, next: Ruling): Ruling {
  if (met.decision === next.decision) return met.imported !== "" && next.imported === "" ? next : met;
  return strictest(met.decision, next.decision) === met.decision ? met : next;
}

/** @param namesNoHost what the scan knows of its input. */
export function callingOf(record: AuditRecord, timeMs: number, at: LinePlace, namesNoHost = false): Calling {
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

/**
 * Few calls are ever shown and not every reader asks for paths and hosts, so these are found when they are asked for; a
 * long record is not kept for it.
 */
class RecordedCalling implements Calling {
  readonly session: string;
  readonly tool: string;
  readonly project: string;
  readonly mode: string;
  readonly effect: string;
  readonly attended: boolean | undefined;
  readonly commands: readonly string[];
  readonly policy: string;
  readonly inputHash: string;
  readonly callId: string;
  readonly hookUs: number | null;
  /** As recorded. INVARIANT: what most calls are asked for is read at once, while the record's line is at hand. */
  readonly #where: Where;
  /** `null` once everything is known. */
  #record: AuditRecord | null;
  #subject: string | null = null;
  #pattern: string | null = null;
  #kept: KeptCall | null | undefined;
  #paths: readonly string[] | null = null;
  #domains: readonly string[] | null;
  #isKept = false;

  constructor(
    record: AuditRecord,
    readonly timeMs: number,
    readonly at: LinePlace,
    namesNoHost: boolean,
  ) {
    this.session = record.session_id;
    this.tool = currentToolName(record.tool_name ?? "");
    const where = whereOf(record);
    this.project = record.project ?? where.cwd;
    this.mode = record.permission_mode ?? "";
    this.effect = record.effect ?? "";
    this.attended = record.attended;
    this.commands = record.commands ?? NOTHING;
    this.policy = record.policy_hash ?? "";
    this.inputHash = record.input_hash ?? "";
    this.callId = record.tool_use_id ?? "";
    this.hookUs = record.duration_us ?? null;
    this.#where = where;
    this.#domains = namesNoHost ? NOTHING : null;
    this.#record = record;
    if (at.length > HELD_BYTES) this.#settle();
  }

  keep(): void {
    if (this.#isKept) this.hold();
    this.#isKept = true;
  }

  hold(): void {
    if (this.#record !== null) holdRecord(this.#record);
  }

  toJSON(): Calling {
    const { paths, domains, subject, pattern, kept } = this;
    return { ...this, paths, domains, subject, pattern, kept };
  }

  get subject(): string {
    this.#subject ??= this.#record === null ? "" : subjectOf(this.#record, this.tool);
    return this.#subject;
  }

  get pattern(): string {
    this.#pattern ??= clusterOf(this.tool, this.commands, this.#where, () => this.#record?.tool_input);
    return this.#pattern;
  }

  get kept(): KeptCall | null {
    if (this.#kept === undefined) this.#kept = this.#record === null ? null : keptCallOf(this.#record);
    return this.#kept;
  }

  /** As pathKey spells them. */
  get paths(): readonly string[] {
    const { cwd, home, paths } = this.#where;
    if (this.#paths === null) {
      // Most are spelt so already: the list of the record serves.
      const isKey = (path: string) => pathKey(path, cwd, home) === path;
      this.#paths = paths.every(isKey) ? paths : paths.map((path) => pathKey(path, cwd, home));
    }
    return this.#paths;
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
