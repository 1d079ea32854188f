/**
 * The canonical row: what a machine ships and an engine counts, one flat shape for every kind. The stateful half of
 * counting (copies, prompts and outcomes joined to their calls) is done on the machine, so an engine only ever groups.
 * This table is the one schema: DDL, JSON Schema and wire mappings are made from it. Additive changes keep the version.
 */
import type { Fact } from "../cubes/fact.js";

export const ROW_VERSION = 1;

/**
 * `call` one joined call · `prompt` one permission prompt · `change` one record of our own about rules · `record` one
 * line of the log that is a record · `bad` one line that is not · `batch` one shipment of a log: how far it reached,
 * and what of its lines was counted and is in no row · `gone` takes the place of a row with this id that no longer is:
 * nothing counts it.
 */
export const ROW_KINDS = ["call", "prompt", "change", "record", "bad", "batch", "gone"] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/**
 * `id` 36 characters · `name` text of few distinct values · `text` any text · `texts` a list of texts, each once ·
 * `int` a whole number, 0 where it says nothing · `maybe` a whole number or null. Numbers are within 2^53-1 of 0; an absent
 * text is "". INVARIANT: all text is well-formed and holds no NUL, because some engines keep neither.
 */
export type ColumnType = "id" | "name" | "text" | "texts" | "int" | "maybe";

interface ColumnDefinition {
  readonly type: ColumnType;
  /** Kinds that fill it; of all others it is "", empty, 0 or null. */
  readonly of: readonly RowKind[];
  readonly about: string;
}

const column = <Type extends ColumnType>(type: Type, of: readonly RowKind[], about: string) => ({ type, of, about });
const CALL = ["call"] as const;
const DECIDED = ["call", "prompt", "change"] as const;
const OF_SESSION = ["call", "prompt", "change", "record"] as const;
const BATCH = ["batch"] as const;

export const ROW_COLUMNS = {
  v: column("int", ROW_KINDS, "version of the row's shape"),
  kind: column("name", ROW_KINDS, "what the row stands for"),
  id: column("id", ROW_KINDS, "names the row: made of log, kind and place, so that a repeated row has the same"),
  rev: column("int", ROW_KINDS, "of several rows with one id the highest counts: an outcome that came later"),
  machine: column("name", ROW_KINDS, "keyed hash of the machine"),
  profile: column("name", ROW_KINDS, "how much left the machine: counts, redacted or full"),
  log: column("name", ROW_KINDS, "names the log file, whatever it is renamed to"),
  off: column("int", ROW_KINDS, "first byte of the line in its log, of a batch the first byte it covers"),
  len: column("int", ROW_KINDS, "bytes of the line with its line end, of a batch all it covers"),
  time: column("int", ROW_KINDS, "milliseconds since the epoch; of a bad line those of the record before it"),
  session: column("text", OF_SESSION, "session id"),
  event: column("name", ["record", "change"], "the record's event"),
  imported: column("name", ["record", "change", "call"], "where an imported record came from"),
  tool: column("name", ["call", "prompt"], "tool"),
  call_id: column("text", CALL, "tool_use_id: Claude Code's own events name the call by it"),
  decision: column("name", CALL, "the answer, of copies the strictest"),
  tier: column("name", CALL, "who gave it"),
  source: column("name", CALL, "rule, llm, claude, user, none"),
  rule: column("text", ["call", "change"], "the rule that decided"),
  rules: column("texts", CALL, "every rule that took part"),
  project: column("text", ["call", "prompt"], "project folder"),
  mode: column("name", ["call", "prompt"], "permission mode"),
  effect: column("name", CALL, "what the call does"),
  outcome: column("name", CALL, "succeeded, failed, or nothing known"),
  rejected: column("name", CALL, "yes: a person said no, inferred"),
  saved: column("name", CALL, "yes: our allow very likely spared a prompt"),
  commands: column("texts", CALL, "normalised commands"),
  paths: column("texts", CALL, "paths, one spelling each"),
  domains: column("texts", CALL, "hosts"),
  policy: column("name", ["call", "change"], "hash of the policy that judged it"),
  llm: column("name", ["call", "change"], "what consulting the model came to"),
  llm_model: column("name", CALL, "model"),
  llm_cached: column("name", CALL, "yes: the verdict was kept from before"),
  unsure: column("name", CALL, "yes: the verdict's confidence was low"),
  llm_error: column("text", CALL, "why the model gave no verdict"),
  reroute: column("name", CALL, "how an alternative was offered or taken"),
  ran: column("name", CALL, "what ran of a call with an alternative"),
  answered: column("name", ["call", "change"], "what a person made of a judged call"),
  hook_us: column("maybe", CALL, "microseconds the hook took"),
  tool_ms: column("maybe", CALL, "milliseconds the tool ran"),
  llm_ms: column("maybe", CALL, "milliseconds the model took"),
  subject: column("text", DECIDED, "what was called, cut"),
  reason: column("text", DECIDED, "what the reader of the decision was told"),
  rule_source: column("text", DECIDED, "file:line of the rule"),
  alternative: column("text", CALL, "the alternative that was proposed, cut"),
  engine: column("name", ["record"], "version of the program that wrote it"),
  cut: column("name", ["record"], "yes: its input was cut when written"),
  secrets: column("int", ["record"], "secrets replaced when it was written"),
  disorder: column("name", ["record"], "late: older than the record before it in the log; stray: by over ten minutes"),
  problem: column("name", ["bad"], "why the line could not be used"),
  excerpt: column("text", ["bad"], "how it begins"),
  body: column("text", ["record"], "the whole record as JSON, where the profile ships it"),
  size: column(
    "int",
    ["bad", "batch"],
    "of a batch the bytes the log had by then: what lies behind it is not shipped yet; of a bad line its bytes without line end",
  ),
  copies: column("int", BATCH, "records that repeated a call"),
  prompt_copies: column("int", BATCH, "records that repeated a prompt"),
  without_id: column("int", BATCH, "decisions without an id to join by"),
  undecided: column("int", BATCH, "PreToolUse records without a decision"),
  outcomes_alone: column("int", BATCH, "outcomes whose call is not in the log"),
  closed_early: column("int", BATCH, "calls whose copies may be counted twice"),
  dropped: column("int", BATCH, "lines given up before it because too much was waiting"),
} as const satisfies Readonly<Record<string, ColumnDefinition>>;

export type RowColumn = keyof typeof ROW_COLUMNS;

interface ValueOf {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly texts: readonly string[];
  readonly int: number;
  readonly maybe: number | null;
}

export type Row = {
  readonly [Name in RowColumn]: Name extends "kind" ? RowKind : ValueOf[(typeof ROW_COLUMNS)[Name]["type"]];
};

/** In the order of the table. */
export const ROW_COLUMN_NAMES: readonly RowColumn[] = Object.keys(ROW_COLUMNS).filter(
  (name): name is RowColumn => name in ROW_COLUMNS,
);

/** What cubes group by beside columns: days and hours are worked out of the time, the others of a list. */
export type Derived = "day" | "hour" | "command" | "path" | "domain";
type Counted = Exclude<keyof Fact, Derived>;
/** A fact's columns that a row carries. INVARIANT: all of them; a fact with another one does not compile. */
export type FactColumn = Counted extends RowColumn ? Counted : never;
