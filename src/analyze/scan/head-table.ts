/**
 * The fields of a block's lines, read where a walk found them when they are asked for. What stands in many lines is
 * decoded once.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { ID_AT, ID_LENGTH } from "./canonical-line.js";
import { type FieldIndex, FLAG, KINDS, NUMBER, ONCE, TEXTS } from "./head-fields.js";
import { FULL, type HeadRows, type HeadWalk } from "./head-walk.js";
import type { LineIndex } from "./index-lines.js";
import { Interner } from "./intern.js";
import type { RecordPart } from "./record-part.js";
import { ScriptWalk } from "./script-walk.js";
import { viewOf } from "./words.js";

const LETTER_T = 0x74;

export class HeadTable {
  readonly #script = new ScriptWalk();
  #walk: HeadWalk = this.#script;
  #rows: HeadRows = this.#walk.rows;
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  /** The place each field was read at last in this block, and what was read. */
  readonly #readAt = new Int32Array(KINDS.length);
  readonly #readTexts: string[] = [];
  readonly #readLists: (readonly string[])[] = [];
  /** What was made of each part, by the walk's place for it and its number there. */
  #made: unknown[][] = [];
  readonly #texts = new Interner(textOf);
  readonly #lists = new Interner(listOf);

  /** Takes a new block, `view` over the same bytes, whose lines end at `limit`: all rows are void. */
  open(bytes: Buffer, view: DataView, limit: number, walk: HeadWalk = this.#script): void {
    this.#view = view;
    this.#bytes = bytes;
    this.#walk = walk;
    this.#readAt.fill(0);
    walk.open(bytes, view, limit);
    this.#rows = walk.rows;
  }

  /** The row of the line that begins at `start`, -1 when it is the parser's. The bytes must be well-formed UTF-8. */
  add(start: number): number {
    const row = this.#walk.add(start);
    this.#rows = this.#walk.rows;
    return row;
  }

  /** Every line of the open block from `start` on, each walked. */
  index(start: number): LineIndex {
    const lines = this.#walk.index(start);
    this.#rows = this.#walk.rows;
    return lines;
  }

  timeMs(row: number): number {
    return this.#rows.times[row] ?? 0;
  }

  autoPromoted(row: number): boolean {
    return this.#rows.flags[row] === 1;
  }

  id(row: number): string {
    const at = (this.#rows.lines[row] ?? 0) + ID_AT;
    return this.#bytes.toString("latin1", at, at + ID_LENGTH);
  }

  /** Where its value begins in the block, 0 when absent. */
  startOf(row: number, field: FieldIndex): number {
    const { starts, stride } = this.#rows;
    return starts[row * stride + field] ?? 0;
  }

  #endOf(row: number, field: FieldIndex): number {
    const { ends, stride } = this.#rows;
    return ends[row * stride + field] ?? 0;
  }

  /** Nearly always one and the same string for the same text, `undefined` when absent. */
  text(row: number, field: FieldIndex<"text" | "once" | "word">): string | undefined {
    const start = this.startOf(row, field);
    if (start === 0) return undefined;
    if (this.#readAt[field] === start) return this.#readTexts[field];
    const end = this.#endOf(row, field);
    if (KINDS[field] === ONCE) return textOf(this.#bytes, start, end);
    const text = this.#texts.valueOf(this.#bytes, this.#view, start, end);
    this.#readAt[field] = start;
    this.#readTexts[field] = text;
    return text;
  }

  list(row: number, field: FieldIndex<"texts">): readonly string[] | undefined {
    const start = this.startOf(row, field);
    if (start === 0) return undefined;
    if (this.#readAt[field] === start) return this.#readLists[field];
    const end = this.#endOf(row, field);
    const list = this.#lists.valueOf(this.#bytes, this.#view, start, end);
    this.#readAt[field] = start;
    this.#readLists[field] = list;
    return list;
  }

  number(row: number, field: FieldIndex<"number">): number | undefined {
    const start = this.startOf(row, field);
    if (start === 0) return undefined;
    const end = this.#endOf(row, field);
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = this.#view.getUint8(at) - 0x30;
      // A sign, a fraction, or more digits than integers keep apart.
      if (digit < 0 || at - start > 14) return Number(this.#bytes.toString("latin1", start, end));
      value = value * 10 + digit;
    }
    return value;
  }

  flag(row: number, field: FieldIndex<"flag">): boolean | undefined {
    const start = this.startOf(row, field);
    return start === 0 ? undefined : this.#view.getUint8(start) === LETTER_T;
  }

  /** @param record of the row */
  part<Value>(row: number, part: RecordPart<Value>, record: AuditRecord): Value {
    const walk = this.#walk;
    const place = walk.placeOf(part);
    if (place < 0) return part.make(record);
    let number = walk.part(row, place);
    if (number === FULL) {
      walk.forgetParts();
      this.#made = [];
      number = walk.part(row, place);
    }
    if (number < 0) return part.make(record);
    let made = this.#made[place];
    if (made === undefined) {
      made = [];
      this.#made[place] = made;
    }
    if (made[number] === undefined) made[number] = part.make(record);
    // INVARIANT: what stands at a part's place was made by it.
    return made[number] as Value;
  }

  /** Of a field that is no map and not `tool_input`; `undefined` when absent. */
  value(row: number, field: number): string | readonly string[] | number | boolean | undefined {
    switch (KINDS[field]) {
      case NUMBER:
        return this.number(row, field);
      case FLAG:
        return this.flag(row, field);
      case TEXTS:
        return this.list(row, field);
      default:
        return this.text(row, field);
    }
  }
}

/** A JSON string, `start` and `end` around its quotes. */
function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start + 1, end - 1);
  return text.includes("\\") ? String(JSON.parse(`"${text}"`)) : text;
}

function listOf(bytes: Buffer, start: number, end: number): readonly string[] {
  return JSON.parse(bytes.toString("utf8", start, end));
}
