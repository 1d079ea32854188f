/**
 * Where the fields of a block's lines stand, found by walking their bytes once, many times faster than a parse. It takes a
 * line only when every key stands where our serializer writes it and holds the type it must hold, and `tool_input` is
 * well-formed JSON; any other line is the parser's. The quick form of it is in wasm/.
 */
import { BEGIN, canonicalClock, EVENT_AT, ID_AT, ID_LENGTH } from "./canonical-line.js";
import {
  FIELD_COUNT,
  FLAG,
  KINDS,
  LITERALS,
  MAP,
  NUMBER,
  ONCE,
  REST,
  TEXT,
  TEXTS,
  WORD,
  WORDS_OF,
} from "./head-fields.js";
import { ALONE, type HeadRows, type HeadWalk } from "./head-walk.js";
import { type LineIndex, lineEnd, newLineIndex, putLine } from "./index-lines.js";
import { byteAt, FALSE, jsonEnd, numberEnd, TRUE, textEnd, textsEnd, wordEnd } from "./json-walk.js";
import { isPlainAscii, isSame, viewOf } from "./words.js";

const QUOTE = 0x22;
const RETURN = 0x0d;
const NEWLINE = 0x0a;
const LETTER_T = 0x74;

/** All literals in one piece, each at its place. */
const LITERAL_BYTES = viewOf(Buffer.concat(LITERALS));
const LENGTHS = Int32Array.from(LITERALS, ({ length }) => length);
const PLACES = LENGTHS.map((_, field) => LENGTHS.subarray(0, field).reduce((sum, length) => sum + length, 0));
/** The first literal stands where the event's text begins, less its quote and itself. */
const FIRST_KEY_AT = EVENT_AT - 1 - (LENGTHS[0] ?? 0);
const BEGIN_VIEW = viewOf(BEGIN);
const WORD_VIEWS = WORDS_OF.map((words) => words.map(viewOf));
/** The first four bytes of each. */
const WORD_STARTS = WORD_VIEWS.map((views) => Int32Array.from(views, (view) => view.getInt32(0, true)));

export class ScriptWalk implements HeadWalk {
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  #limit = 0;
  /** Where the line that was added last ends: at its line end or at the block's. */
  #end = 0;
  #count = 0;
  #rows = newRows(64);
  readonly #lines = newLineIndex();
  /** Lines resemble the one before: the field that followed each field there (0 is the line's start). */
  readonly #followers = Int32Array.from({ length: FIELD_COUNT + 1 }, (_, index) => index);
  /**
   * Each field's last value in this block. INVARIANT: a value equal to the last one takes that one's place in the table,
   * so equal places are equal values and hardly anything is read twice.
   */
  readonly #lastStarts = new Int32Array(FIELD_COUNT);
  readonly #lastEnds = new Int32Array(FIELD_COUNT);
  readonly #clock = canonicalClock();

  get rows(): HeadRows {
    return this.#rows;
  }

  open(bytes: Buffer, view: DataView, limit: number): void {
    this.#view = view;
    this.#bytes = bytes;
    this.#limit = limit;
    this.#count = 0;
    this.#lastStarts.fill(0);
  }

  placeOf(): number {
    return ALONE;
  }

  part(): number {
    return ALONE;
  }

  forgetParts(): void {}

  index(start: number): LineIndex {
    const lines = this.#lines;
    let count = 0;
    for (let at = start; at < this.#limit; count++) {
      const row = this.add(at);
      at = putLine(lines, count, at, row < 0 ? lineEnd(this.#bytes, at, this.#limit) : this.#end, false, row);
    }
    lines.count = count;
    return lines;
  }

  add(start: number): number {
    const row = this.#count;
    const view = this.#view;
    const timeMs = this.#timeAt(start);
    if (timeMs === null) return -1;
    if (row === this.#rows.lines.length) this.#rows = grown(this.#rows);
    const { starts, lines, times, flags } = this.#rows;
    const first = row * FIELD_COUNT;
    let at = start + FIRST_KEY_AT;
    for (let next = 0; ; ) {
      const field = this.#fieldAt(at, next);
      // An event and a session are always there.
      if (field > FIELD_COUNT || (next < 2 && field !== next)) return -1;
      for (let absent = next; absent < field; absent++) starts[first + absent] = 0;
      const value = at + (LENGTHS[field] ?? 0);
      if (field === FIELD_COUNT) {
        at = value;
        break;
      }
      at = this.#valueEnd(first, field, value);
      if (at < 0) return -1;
      next = field + 1;
    }
    const isPromoted = byteAt(view, at, this.#limit) === LETTER_T;
    const brace = wordEnd(view, at, this.#limit, isPromoted ? TRUE : FALSE);
    if (brace < 0 || byteAt(view, brace, this.#limit) !== 0x7d || !this.#endsAt(brace + 1)) return -1;
    lines[row] = start;
    times[row] = timeMs;
    flags[row] = isPromoted ? 1 : 0;
    this.#count += 1;
    return row;
  }

  /** The moment of a line that begins as ours do, up to the event's key; else `null`. */
  #timeAt(start: number): number | null {
    const view = this.#view;
    if (start + EVENT_AT > this.#limit || !isSame(view, start, BEGIN_VIEW, 0, BEGIN.length)) return null;
    for (let at = start + ID_AT; at < start + ID_AT + ID_LENGTH; at += 4) {
      if (!isPlainAscii(view.getInt32(at, true))) return null;
    }
    if (view.getUint8(start + FIRST_KEY_AT - 1) !== QUOTE) return null;
    return this.#clock(view, start);
  }

  /** The field whose key stands at `at`, none before `next`; more than FIELD_COUNT when it is none, that for the last. */
  #fieldAt(at: number, next: number): number {
    const likely = this.#followers[next] ?? 0;
    if (this.#isKey(at, likely)) return likely;
    for (let field = next; field <= FIELD_COUNT; field++) {
      if (!this.#isKey(at, field)) continue;
      this.#followers[next] = field;
      return field;
    }
    return FIELD_COUNT + 1;
  }

  #isKey(at: number, field: number): boolean {
    const length = LENGTHS[field] ?? 0;
    return at + length <= this.#limit && isSame(this.#view, at, LITERAL_BYTES, PLACES[field] ?? 0, length);
  }

  /** Behind the value that begins at `at`, -1 when it is not of the field's shape. */
  #valueEnd(first: number, field: number, at: number): number {
    const { starts, ends } = this.#rows;
    const kind = KINDS[field];
    if (kind === TEXT || kind === WORD || kind === TEXTS) {
      const last = this.#lastStarts[field] ?? 0;
      const lastEnd = this.#lastEnds[field] ?? 0;
      const end = at + lastEnd - last;
      if (last > 0 && end <= this.#limit && isSame(this.#view, last, this.#view, at, lastEnd - last)) {
        starts[first + field] = last;
        ends[first + field] = lastEnd;
        return end;
      }
    }
    const end = this.#walkedEnd(kind, field, at);
    starts[first + field] = at;
    ends[first + field] = end;
    this.#lastStarts[field] = end < 0 ? 0 : at;
    this.#lastEnds[field] = end;
    return end;
  }

  #walkedEnd(kind: number | undefined, field: number, at: number): number {
    const [view, limit] = [this.#view, this.#limit];
    switch (kind) {
      case TEXT:
      case ONCE:
        return textEnd(view, at, limit);
      case WORD:
        return this.#listedEnd(field, at);
      case NUMBER:
        return numberEnd(view, at, limit);
      case FLAG:
        return wordEnd(view, at, limit, byteAt(view, at, limit) === LETTER_T ? TRUE : FALSE);
      case TEXTS:
        return textsEnd(view, at, limit, false);
      case MAP:
        return textsEnd(view, at, limit, true);
      case REST:
        return jsonEnd(view, at, limit);
      default:
        return -1;
    }
  }

  #listedEnd(field: number, at: number): number {
    if (at + 4 > this.#limit) return -1;
    const begins = this.#view.getInt32(at, true);
    const [words, starts] = [WORD_VIEWS[field] ?? [], WORD_STARTS[field] ?? NONE];
    for (let index = 0; index < starts.length; index++) {
      const word = words[index];
      if (starts[index] !== begins || word === undefined) continue;
      const end = at + word.byteLength;
      if (end <= this.#limit && isSame(this.#view, at, word, 0, word.byteLength)) return end;
    }
    return -1;
  }

  /** Whether the line ends at `at`, a carriage return passed over. */
  #endsAt(at: number): boolean {
    const [view, limit] = [this.#view, this.#limit];
    this.#end = byteAt(view, at, limit) === RETURN ? at + 1 : at;
    return this.#end === limit || view.getUint8(this.#end) === NEWLINE;
  }
}

const NONE = new Int32Array(0);

function newRows(count: number): HeadRows {
  return {
    stride: FIELD_COUNT,
    starts: new Int32Array(count * FIELD_COUNT),
    ends: new Int32Array(count * FIELD_COUNT),
    lines: new Int32Array(count),
    times: new Float64Array(count),
    flags: new Uint8Array(count),
  };
}

function grown(rows: HeadRows): HeadRows {
  const larger = newRows(rows.lines.length * 2);
  larger.starts.set(rows.starts);
  larger.ends.set(rows.ends);
  larger.lines.set(rows.lines);
  larger.times.set(rows.times);
  larger.flags.set(rows.flags);
  return larger;
}
