/**
 * A record of a line that a `HeadTable` took: a field is read where it stands when it is asked for, whatever else is
 * wanted is parsed. To be read field by field, not to be copied or printed: its fields are accessors.
 */
import { decodeRecord } from "../../core/audit/decode.js";
import { type AuditRecord, RECORD_KEYS } from "../../core/audit/record.js";
import { formatTimestamp } from "../../core/audit/timestamp.js";
import { fieldIndex, fieldOf } from "./head-fields.js";
import type { HeadTable } from "./head-table.js";
import { HostPlaces } from "./host-places.js";
import type { LinesPiece } from "./read-blocks-backward.js";
import type { RecordPart } from "./record-part.js";
import type { LinePlace, Scanned } from "./scan.js";

const TOOL_INPUT = fieldIndex("tool_input");
const RETURN = 0x0d;
const PROMOTED = ',"auto_promoted":true}';
const NOT_PROMOTED = ',"auto_promoted":false}';

const NOTHING = Buffer.alloc(0);

/** @param bytes one character each */
function utf8Of(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** The lines of one block. */
export class LazyBlock {
  readonly #file: string;
  readonly #piece: LinesPiece;
  readonly #hosts: HostPlaces;
  #table: HeadTable | null;
  #copy = NOTHING;

  /** @param table open for the piece */
  constructor(table: HeadTable, file: string, piece: LinesPiece) {
    this.#table = table;
    this.#file = file;
    this.#piece = piece;
    this.#hosts = new HostPlaces(piece.bytes, piece.start, piece.end);
  }

  /** `null` once the bytes are given up: records that are still held are parsed from text. */
  get table(): HeadTable | null {
    return this.#table;
  }

  /** The record of a line that is the table's `row`. */
  record(row: number, start: number, end: number): Extract<Scanned, { kind: "record" }> {
    const { bytes, offset, start: first } = this.#piece;
    const length = end - start - (bytes[end - 1] === RETURN ? 1 : 0);
    const at = { file: this.#file, offset: offset + start - first, length };
    return new LazyScanned(this, row, this.#table?.timeMs(row) ?? 0, start, at);
  }

  /** Before the bytes are read over: one copy for all records that are still held. */
  close(): void {
    const { bytes, start, end } = this.#piece;
    this.#copy = Buffer.allocUnsafeSlow(end - start);
    bytes.copy(this.#copy, 0, start, end);
    this.#table = null;
  }

  /** A part of a line. */
  textAt(from: number, to: number): string {
    const { bytes, start } = this.#piece;
    return this.#table === null
      ? this.#copy.toString("utf8", from - start, to - start)
      : bytes.toString("utf8", from, to);
  }

  /** A line that keeps nothing around it alive, one character a byte. */
  copyOf(from: number, length: number): string {
    const { bytes, start } = this.#piece;
    if (this.#table !== null) return bytes.toString("latin1", from, from + length);
    return this.#copy.toString("latin1", from - start, from - start + length);
  }

  namesNoHost(row: number, start: number, length: number): boolean {
    const input = this.#table?.startOf(row, TOOL_INPUT);
    if (input === undefined) return false;
    return input === 0 || !this.#hosts.isBetween(input, start + length);
  }
}

/** Beside what it holds, what is found out when it is asked for. */
class LazyScanned {
  readonly kind = "record";
  readonly record: AuditRecord;
  readonly #block: LazyBlock;
  readonly #row: number;
  readonly #start: number;

  constructor(
    block: LazyBlock,
    row: number,
    readonly timeMs: number,
    start: number,
    readonly at: LinePlace,
  ) {
    this.#block = block;
    this.#row = row;
    this.#start = start;
    this.record = new LazyRecord(block, row, timeMs, start, at.length) as unknown as AuditRecord;
  }

  get namesNoHost(): boolean {
    return this.#block.namesNoHost(this.#row, this.#start, this.at.length);
  }
}

class LazyRecord {
  readonly v = 1;
  readonly auto_promoted: boolean;
  #block: LazyBlock | null;
  readonly #row: number;
  readonly #timeMs: number;
  readonly #start: number;
  readonly #length: number;
  /** Where the input begins in the line, 0 when there is none. */
  readonly #inputAt: number;
  #input: { readonly value: unknown } | null = null;
  /** The line, once the block is let go. */
  #line = "";
  #whole: AuditRecord | undefined;

  constructor(block: LazyBlock, row: number, timeMs: number, start: number, length: number) {
    this.#block = block;
    this.#row = row;
    this.#timeMs = timeMs;
    this.#start = start;
    this.#length = length;
    this.auto_promoted = block.table?.autoPromoted(row) ?? false;
    const inputAt = block.table?.startOf(row, TOOL_INPUT) ?? 0;
    this.#inputAt = inputAt === 0 ? 0 : inputAt - start;
  }

  get id(): string {
    return this.#block?.table?.id(this.#row) ?? this.whole.id;
  }

  get timestamp(): string {
    return formatTimestamp(this.#timeMs);
  }

  toJSON(): AuditRecord {
    return this.whole;
  }

  /** Lets go of the block that all its neighbours share. */
  hold(): void {
    if (this.#block === null) return;
    this.#line = this.#block.copyOf(this.#start, this.#length);
    this.#block = null;
  }

  part<Value>(part: RecordPart<Value>): Value {
    const table = this.#block === null ? null : this.#block.table;
    const record = this as unknown as AuditRecord;
    return table === null ? part.make(record) : table.part(this.#row, part, record);
  }

  /** The record as the parser reads it. */
  get whole(): AuditRecord {
    if (this.#whole === undefined) {
      const decoded = decodeRecord(this.#textOf(0, this.#length));
      if (decoded.kind === "bad") throw new Error(`the head accepted a line that is ${decoded.problem}`);
      this.#whole = decoded.record;
    }
    return this.#whole;
  }

  get tool_input(): unknown {
    if (this.#inputAt === 0) return undefined;
    if (this.#whole !== undefined) return this.#whole.tool_input;
    this.#input ??= { value: JSON.parse(this.#textOf(this.#inputAt, this.#length - this.#tailLength)) };
    return this.#input.value;
  }

  /** Of `,"auto_promoted":false}`. */
  get #tailLength(): number {
    return this.auto_promoted ? PROMOTED.length : NOT_PROMOTED.length;
  }

  #textOf(from: number, to: number): string {
    if (this.#block !== null) return this.#block.textAt(this.#start + from, this.#start + to);
    return utf8Of(this.#line.slice(from, to));
  }

  static {
    for (const key of RECORD_KEYS) {
      const field = fieldOf(key);
      if (field === null) continue;
      Object.defineProperty(LazyRecord.prototype, key, {
        get(this: LazyRecord) {
          const table = this.#block === null ? null : this.#block.table;
          return table === null ? this.whole[key] : table.value(this.#row, field);
        },
      });
    }
    Object.defineProperty(LazyRecord.prototype, "resolved", {
      get(this: LazyRecord) {
        return this.whole.resolved;
      },
    });
  }
}

/** A plain object, for who copies or prints it. */
export function wholeRecord(record: AuditRecord): AuditRecord {
  return record instanceof LazyRecord ? record.whole : record;
}

/** For who keeps a record beyond the next ones: it then holds its own line and not the block around it. */
export function holdRecord(record: AuditRecord): void {
  if (record instanceof LazyRecord) record.hold();
}

/** A part of a record: nearly always one and the same value for records that agree in its fields. */
export function partOf<Value>(record: AuditRecord, part: RecordPart<Value>): Value {
  return record instanceof LazyRecord ? record.part(part) : part.make(record);
}
