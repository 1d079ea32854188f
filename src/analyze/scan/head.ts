/**
 * The fields of a line found by walking its bytes, several times faster than a parse. It accepts a line only when every
 * key up to `tool_input` stands where our serializer writes it and holds the type it must hold; any other line is the
 * parser's. The inside of `tool_input` it takes on trust: nothing in it can be mistaken for a field.
 */

import { RECORD_KEYS } from "../../core/audit/record.js";
import { DECISIONS, TIERS } from "../../core/decision.js";
import { canonicalTail, canonicalTime, EVENT_AT, ID_AT, ID_LENGTH, isAt } from "./canonical-line.js";
import { createInterner } from "./intern.js";

type Key = (typeof RECORD_KEYS)[number];
type Shape = "text" | "word" | "number" | "flag" | "texts" | "map" | "rest" | "refused";

/** Every key after `timestamp` in the order on disk. `word`: a closed list; `refused`: seldom, and not worth walking. */
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
  tool_use_id: "text",
  prompt_id: "text",
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
  input_hash: "text",
  reason: "text",
  llm_error: "text",
  llm_reasoning: "text",
  promoted_rule: "text",
  reroute: "refused",
  error: "text",
  tool_result_preview: "text",
  tool_input: "rest",
} as const satisfies Readonly<Record<Exclude<Key, "v" | "id" | "timestamp" | "auto_promoted">, Shape>>;

export type HeadField = keyof typeof SHAPES;
type FieldOf<S extends Shape> = { [F in HeadField]: (typeof SHAPES)[F] extends S ? F : never }[HeadField];

const FIELDS = RECORD_KEYS.filter((key): key is HeadField => key in SHAPES);
/** Behind `,"`, which all share. */
const LITERALS = FIELDS.map((field) => Buffer.from(`${field}":`));
const KINDS: readonly Shape[] = FIELDS.map((field) => SHAPES[field]);
const POSITION = new Map<string, number>(FIELDS.map((field, index) => [field, index]));

const WORDS: Readonly<Record<FieldOf<"word">, ReadonlySet<string>>> = {
  tier: new Set(TIERS),
  decision: new Set([...DECISIONS, "promotion_blocked"]),
  llm_score: new Set(["GREEN", "YELLOW", "RED"]),
  effect: new Set(["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"]),
};
const WORDS_OF: readonly (ReadonlySet<string> | undefined)[] = FIELDS.map((field) =>
  SHAPES[field] === "word" ? WORDS[field as FieldOf<"word">] : undefined,
);

export interface HeadReader {
  /**
   * Looks at one line, `bytes[start, end)` without its `\n`, that is single by its `LineIndex`. False: not canonical,
   * parse it. The answers below are about the line read last, and need its bytes.
   */
  readonly read: (bytes: Buffer, start: number, end: number) => boolean;
  readonly timeMs: () => number;
  readonly id: () => string;
  readonly has: (field: HeadField) => boolean;
  /** One and the same string for the same text, `undefined` when absent. */
  readonly text: (field: FieldOf<"text" | "word">) => string | undefined;
  readonly number: (field: FieldOf<"number">) => number | undefined;
  readonly flag: (field: FieldOf<"flag">) => boolean | undefined;
  readonly texts: (field: FieldOf<"texts">) => readonly string[];
  readonly autoPromoted: () => boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

export function createHeadReader(): HeadReader {
  const intern = createInterner(textOf);
  /** Of each field's value, quotes and brackets included; a start of 0 means absent (no value begins a file). */
  const starts = new Int32Array(FIELDS.length);
  const ends = new Int32Array(FIELDS.length);
  let line: Buffer = Buffer.alloc(0);
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
      let field = next;
      while (field < FIELDS.length && !isAt(bytes, at + 2, LITERALS[field] ?? line)) field += 1;
      if (field === FIELDS.length || (next < 2 && field !== next)) return false;
      const valueStart = at + 2 + (LITERALS[field]?.length ?? 0);
      const kind = KINDS[field];
      const valueEnd = kind === "rest" ? tail : valueEndOf(bytes, valueStart, tail, kind);
      if (valueEnd < 0) return false;
      starts[field] = valueStart;
      ends[field] = valueEnd;
      if (kind === "word" && WORDS_OF[field]?.has(textAt(field)) !== true) return false;
      at = valueEnd;
      next = field + 1;
    }
    return at === tail && next >= 2;
  };

  function textAt(field: number): string {
    const start = (starts[field] ?? 0) + 1;
    const end = (ends[field] ?? 0) - 1;
    return intern(line, start, end);
  }
  function raw(field: HeadField): string | undefined {
    const index = POSITION.get(field) ?? 0;
    return starts[index] === 0 ? undefined : line.toString("latin1", starts[index], ends[index]);
  }
  return {
    read,
    timeMs: () => timeMs,
    id: () => line.toString("latin1", begin + ID_AT, begin + ID_AT + ID_LENGTH),
    has: (field) => starts[POSITION.get(field) ?? 0] !== 0,
    text: (field) => {
      const index = POSITION.get(field) ?? 0;
      return starts[index] === 0 ? undefined : textAt(index);
    },
    number: (field) => {
      const text = raw(field);
      return text === undefined ? undefined : Number(text);
    },
    flag: (field) => {
      const text = raw(field);
      return text === undefined ? undefined : text === "true";
    },
    texts: (field) => {
      const index = POSITION.get(field) ?? 0;
      return starts[index] === 0 ? [] : JSON.parse(line.toString("utf8", starts[index], ends[index]));
    },
    autoPromoted: () => line[tail + 17] === 0x74,
  };
}

/** The text between its quotes. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\\") ? String(JSON.parse(`"${text}"`)) : text;
}

/** `,"event":` before the opening quote of the event's text. */
const LITERALS_EVENT = (LITERALS[0]?.length ?? 0) + 3;

/** Behind the value that begins at `at`, -1 when it is not of that shape or runs into `tail`. */
function valueEndOf(bytes: Buffer, at: number, tail: number, kind: Shape | undefined): number {
  switch (kind) {
    case "text":
    case "word":
      return textEndOf(bytes, at, tail);
    case "number":
      return numberEndOf(bytes, at, tail);
    case "flag":
      return isAt(bytes, at, TRUE) ? at + 4 : isAt(bytes, at, FALSE) ? at + 5 : -1;
    case "texts":
      return listEndOf(bytes, at, tail, 0x5b, 0x5d, false);
    case "map":
      return listEndOf(bytes, at, tail, 0x7b, 0x7d, true);
    default:
      return -1;
  }
}

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");

function textEndOf(bytes: Buffer, at: number, tail: number): number {
  if (bytes[at] !== QUOTE) return -1;
  for (let index = at + 1; index < tail; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) return index + 1;
    if (byte < 0x20) return -1;
    if (byte === BACKSLASH) {
      index += 1;
      // `"` `/` `\` `b` `f` `n` `r` `t` are all there is but `\uXXXX`.
      if (!ESCAPED.has(bytes[index] ?? 0)) return -1;
    }
  }
  return -1;
}

const ESCAPED: ReadonlySet<number> = new Set(Buffer.from('"/\\bfnrt'));

/** Digits, with a fraction at most: as we write counts, times and confidences. Exponents are the parser's. */
function numberEndOf(bytes: Buffer, at: number, tail: number): number {
  const start = bytes[at] === 0x2d ? at + 1 : at;
  const whole = digitsEnd(bytes, start, tail);
  if (whole === start || (bytes[start] === 0x30 && whole > start + 1)) return -1;
  if (bytes[whole] !== 0x2e) return whole;
  const fraction = digitsEnd(bytes, whole + 1, tail);
  return fraction === whole + 1 ? -1 : fraction;
}

function digitsEnd(bytes: Buffer, at: number, tail: number): number {
  let index = at;
  while (index < tail && (bytes[index] ?? 0) >= 0x30 && (bytes[index] ?? 0) <= 0x39) index += 1;
  return index;
}

/** `["a","b"]`, or `{"a":"b"}` when `isMap`. */
function listEndOf(bytes: Buffer, at: number, tail: number, open: number, close: number, isMap: boolean): number {
  if (bytes[at] !== open) return -1;
  if (bytes[at + 1] === close) return at + 2;
  for (let index = at + 1; index < tail; ) {
    let end = textEndOf(bytes, index, tail);
    if (isMap) end = end > 0 && bytes[end] === 0x3a ? textEndOf(bytes, end + 1, tail) : -1;
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
