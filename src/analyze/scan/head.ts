/**
 * The fields of a line found by walking its bytes, several times faster than a parse. It accepts a line only when every
 * key stands where our serializer writes it and holds the type it must hold, and `tool_input` is well-formed JSON; any
 * other line is the parser's.
 */

import { RECORD_KEYS } from "../../core/audit/record.js";
import { DECISIONS, TIERS } from "../../core/decision.js";
import { canonicalTail, canonicalTime, EVENT_AT, ID_AT, ID_LENGTH, isAt } from "./canonical-line.js";
import { Interner } from "./intern.js";
import { jsonEnd, numberEnd, textEnd } from "./json-walk.js";

type Key = (typeof RECORD_KEYS)[number];
type Shape = "text" | "once" | "word" | "number" | "flag" | "texts" | "map" | "rest" | "refused";

/**
 * Every key after `timestamp` in the order on disk. `once`: a text that hardly ever comes again; `word`: a closed list;
 * `refused`: seldom, and not worth walking.
 */
const SHAPES = {
  event: "text",
  session_id: "text",
  tier: "word",
  decision: "word",
  tool_name: "text",
  rule_id: "text",
  llm_score: "word",
  permission_mode: "text",
  attended: "flag",
  agent_id: "text",
  tool_use_id: "once",
  prompt_id: "once",
  policy_hash: "text",
  duration_us: "number",
  llm_latency_ms: "number",
  llm_confidence: "number",
  llm_model: "text",
  llm_cached: "flag",
  tool_success: "flag",
  tool_duration_ms: "number",
  tool_result_length: "number",
  input_truncated: "flag",
  redacted: "number",
  source_version: "text",
  engine_version: "text",
  imported_from: "text",
  project: "text",
  cwd: "text",
  home: "text",
  rule_matched: "text",
  rule_source: "text",
  rule_ids: "texts",
  commands: "texts",
  paths: "texts",
  effect: "word",
  resolved: "map",
  input_hash: "once",
  reason: "once",
  llm_error: "text",
  llm_reasoning: "once",
  promoted_rule: "text",
  reroute: "refused",
  error: "once",
  tool_result_preview: "once",
  tool_input: "rest",
} as const satisfies Readonly<Record<Exclude<Key, "v" | "id" | "timestamp" | "auto_promoted">, Shape>>;

type HeadField = keyof typeof SHAPES;
type FieldOf<S extends Shape> = { [F in HeadField]: (typeof SHAPES)[F] extends S ? F : never }[HeadField];

const FIELDS = RECORD_KEYS.filter((key): key is HeadField => key in SHAPES);
/** Behind `,"`, which all share. */
const LITERALS = FIELDS.map((field) => Buffer.from(`${field}":`));
const LENGTHS = Int32Array.from(LITERALS, (literal) => literal.length);

/** A field by its place in the order on disk: looked up once by name, not for every line. */
export type FieldIndex<S extends Shape = Shape> = number & { readonly of?: S };
export function fieldIndex<F extends HeadField>(field: F): FieldIndex<(typeof SHAPES)[F]> {
  return FIELDS.indexOf(field);
}

const ALL_SHAPES: readonly Shape[] = ["text", "once", "word", "number", "flag", "texts", "map", "rest", "refused"];
const KINDS = Uint8Array.from(FIELDS, (field) => ALL_SHAPES.indexOf(SHAPES[field]));
const [TEXT, ONCE, WORD, NUMBER, FLAG, TEXTS, MAP, REST] = [0, 1, 2, 3, 4, 5, 6, 7];

const WORDS: Readonly<Record<FieldOf<"word">, ReadonlySet<string>>> = {
  tier: new Set(TIERS),
  decision: new Set([...DECISIONS, "promotion_blocked"]),
  llm_score: new Set(["GREEN", "YELLOW", "RED"]),
  effect: new Set(["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"]),
};
interface Word {
  readonly text: string;
  /** As it stands in a line, quotes included. */
  readonly bytes: Buffer;
}
/** By field; no words where it is not of a closed list. */
const WORDS_OF: readonly (readonly Word[])[] = FIELDS.map((field) =>
  [...(SHAPES[field] === "word" ? WORDS[field as FieldOf<"word">] : [])].map((text) => ({
    text,
    bytes: Buffer.from(`"${text}"`),
  })),
);

export interface HeadReader {
  /**
   * Looks at one line, `bytes[start, end)` without its `\n`, that is single by its `LineIndex`. False: not canonical,
   * parse it. The answers below are about the line read last, and need its bytes.
   */
  readonly read: (bytes: Buffer, start: number, end: number) => boolean;
  readonly timeMs: () => number;
  readonly id: () => string;
  /** Where its value begins in the bytes, 0 when absent. */
  readonly startOf: (field: FieldIndex) => number;
  /** Nearly always one and the same string for the same text, `undefined` when absent. */
  readonly text: (field: FieldIndex<"text" | "once" | "word">) => string | undefined;
  readonly number: (field: FieldIndex<"number">) => number | undefined;
  readonly flag: (field: FieldIndex<"flag">) => boolean | undefined;
  readonly list: (field: FieldIndex<"texts">) => readonly string[] | undefined;
  readonly autoPromoted: () => boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

export function createHeadReader(): HeadReader {
  const texts = new Interner(textOf);
  const lists = new Interner(listOf);
  /** Of each field's value, quotes and brackets included; a start of 0 means absent (no value begins a file). */
  const starts = new Int32Array(FIELDS.length);
  const ends = new Int32Array(FIELDS.length);
  /** Lines resemble the one before: the field that followed each field there (0 is the line's start), and its value. */
  const followers = Int32Array.from({ length: FIELDS.length + 1 }, (_, index) => index);
  /** As a slot of `texts` or `lists`, -1 = none. */
  const lastSlots = new Int32Array(FIELDS.length).fill(-1);
  /** 1: the value is the field's last one. Its slot may have been given to another field's value since. */
  const isLast = new Uint8Array(FIELDS.length);
  const lastTexts: string[] = [];
  const lastLists: (readonly string[])[] = [];
  const lastWords: (Word | undefined)[] = [];
  let line: Buffer = NO_BYTES;
  let begin = 0;
  let tail = 0;
  let timeMs = 0;

  const read: HeadReader["read"] = (bytes, start, end) => {
    line = bytes;
    begin = start;
    starts.fill(0);
    tail = canonicalTail(bytes, start, end);
    if (tail < 0) return false;
    const time = canonicalTime(bytes, start);
    if (time === null || hasEscape(bytes, start + ID_AT, ID_LENGTH)) return false;
    timeMs = time;
    let at = start + EVENT_AT - LITERALS_EVENT;
    let next = 0;
    while (at < tail) {
      if (bytes[at] !== COMMA || bytes[at + 1] !== QUOTE) return false;
      const field = fieldAt(at + 2, next);
      if (field === FIELDS.length || (next < 2 && field !== next)) return false;
      const valueStart = at + 2 + (LENGTHS[field] ?? 0);
      at = valueEndOf(field, valueStart);
      if (at < 0) return false;
      starts[field] = valueStart;
      ends[field] = at;
      next = field + 1;
    }
    return at === tail && next >= 2;
  };

  /** The field whose key stands at `at`, none before `next`; FIELDS.length when it is none. */
  function fieldAt(at: number, next: number): number {
    const likely = followers[next] ?? 0;
    if (isAt(line, at, LITERALS[likely] ?? NO_BYTES)) return likely;
    let field = next;
    while (field < FIELDS.length && !isAt(line, at, LITERALS[field] ?? NO_BYTES)) field += 1;
    if (field < FIELDS.length) followers[next] = field;
    return field;
  }

  /** Behind the value that begins at `at`, -1 when it is not of the field's shape or runs into `tail`. */
  function valueEndOf(field: number, at: number): number {
    switch (KINDS[field]) {
      case TEXT:
        return lastEnd(texts, lastTexts, field, at) || textEnd(line, at, tail);
      case WORD:
        return wordEnd(field, at);
      case ONCE:
        return textEnd(line, at, tail);
      case NUMBER:
        return numberEnd(line, at, tail);
      case FLAG:
        return isAt(line, at, TRUE) ? at + 4 : isAt(line, at, FALSE) ? at + 5 : -1;
      case TEXTS:
        return lastEnd(lists, lastLists, field, at) || listEndOf(line, at, tail, false);
      case MAP:
        return listEndOf(line, at, tail, true);
      case REST:
        return jsonEnd(line, at, tail);
      default:
        return -1;
    }
  }

  function wordEnd(field: number, at: number): number {
    const last = lastWords[field];
    const word = last !== undefined && isAt(line, at, last.bytes) ? last : wordAt(field, at);
    lastWords[field] = word;
    return word === undefined ? -1 : at + word.bytes.length;
  }
  function wordAt(field: number, at: number): Word | undefined {
    return WORDS_OF[field]?.find(({ bytes }) => isAt(line, at, bytes));
  }

  /** Behind the value when it is the field's last one, else 0. */
  function lastEnd<Value>(interner: Interner<Value>, last: Value[], field: number, at: number): number {
    const slot = lastSlots[field] ?? -1;
    const length = slot < 0 ? 0 : interner.lengthAt(slot, line, at);
    isLast[field] = length > 0 ? 1 : 0;
    if (length === 0) return 0;
    last[field] = interner.valueOf(slot, line, at, at + length);
    return at + length;
  }

  function textAt(field: number): string {
    const [start, end] = [starts[field] ?? 0, ends[field] ?? 0];
    switch (KINDS[field]) {
      case WORD:
        return lastWords[field]?.text ?? "";
      case ONCE:
        return textOf(line.subarray(start, end));
      default:
        return valueAt(texts, lastTexts, field, start, end);
    }
  }
  function valueAt<Value>(interner: Interner<Value>, last: Value[], field: number, start: number, end: number): Value {
    const known = isLast[field] === 1 ? last[field] : undefined;
    if (known !== undefined) return known;
    const slot = interner.slotOf(line, start, end);
    const value = interner.valueOf(slot, line, start, end);
    lastSlots[field] = slot;
    last[field] = value;
    isLast[field] = 1;
    return value;
  }
  function listAt(field: number): readonly string[] {
    return valueAt(lists, lastLists, field, starts[field] ?? 0, ends[field] ?? 0);
  }
  function numberAt(field: number): number {
    const [start, end] = [starts[field] ?? 0, ends[field] ?? 0];
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = (line[at] ?? 0) - 0x30;
      // A sign, a fraction, or more digits than integers keep apart.
      if (digit < 0 || at - start > 14) return Number(line.toString("latin1", start, end));
      value = value * 10 + digit;
    }
    return value;
  }
  return {
    read,
    timeMs: () => timeMs,
    id: () => line.toString("latin1", begin + ID_AT, begin + ID_AT + ID_LENGTH),
    startOf: (field) => starts[field] ?? 0,
    text: (field) => (starts[field] === 0 ? undefined : textAt(field)),
    number: (field) => (starts[field] === 0 ? undefined : numberAt(field)),
    flag: (field) => (starts[field] === 0 ? undefined : line[starts[field] ?? 0] === 0x74),
    list: (field) => (starts[field] === 0 ? undefined : listAt(field)),
    autoPromoted: () => line[tail + 17] === 0x74,
  };
}

const NO_BYTES = Buffer.alloc(0);

/** A JSON string with its quotes. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\\") ? String(JSON.parse(text)) : text.slice(1, -1);
}

function listOf(bytes: Buffer): readonly string[] {
  return JSON.parse(bytes.toString("utf8"));
}

/** `,"event":` before the opening quote of the event's text. */
const LITERALS_EVENT = (LITERALS[0]?.length ?? 0) + 3;

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");

/** `["a","b"]`, or `{"a":"b"}` when `isMap`. */
function listEndOf(bytes: Buffer, at: number, tail: number, isMap: boolean): number {
  const close = isMap ? 0x7d : 0x5d;
  if (bytes[at] !== (isMap ? 0x7b : 0x5b)) return -1;
  if (bytes[at + 1] === close) return at + 2;
  for (let index = at + 1; index < tail; ) {
    let end = textEnd(bytes, index, tail);
    if (isMap) end = end > 0 && bytes[end] === 0x3a ? textEnd(bytes, end + 1, tail) : -1;
    if (end < 0) return -1;
    if (bytes[end] === close) return end + 1;
    if (bytes[end] !== COMMA) return -1;
    index = end + 1;
  }
  return -1;
}

function hasEscape(bytes: Buffer, at: number, length: number): boolean {
  for (let index = at; index < at + length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20 || byte > 0x7e) return true;
  }
  return false;
}
