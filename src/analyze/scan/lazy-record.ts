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
import type { Piece } from "./read-blocks-backward.js";
import type { LinePlace, Scanned } from "./scan.js";

const TOOL_INPUT = fieldIndex("tool_input");
const RETURN = 0x0d;

/** The lines of one block. */
export class LazyBlock {
  readonly #file: string;
  readonly #piece: Extract<Piece, { kind: "lines" }>;
  readonly #hosts: HostPlaces;
  #table: HeadTable | null;
  #text = "";

  /** @param table open for the piece */
  constructor(table: HeadTable, file: string, piece: Extract<Piece, { kind: "lines" }>) {
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

  /** Before the bytes are read over: one text for all that are still held, one character a byte. */
  close(): void {
    const { bytes, start, end } = this.#piece;
    this.#text = bytes.toString("latin1", start, end);
    this.#table = null;
  }

  /** The bytes of a line, one character each. */
  lineAt(start: number, length: number): string {
    const { bytes, start: first } = this.#piece;
    if (this.#table !== null) return bytes.toString("latin1", start, start + length);
    return this.#text.slice(start - first, start - first + length);
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
  #block: LazyBlock | null;
  readonly #row: number;
  readonly #timeMs: number;
  readonly #start: number;
  readonly #length: number;
  /** The line, once the block is let go. */
  #line = "";
  #whole: AuditRecord | undefined;

  constructor(block: LazyBlock, row: number, timeMs: number, start: number, length: number) {
    this.#block = block;
    this.#row = row;
    this.#timeMs = timeMs;
    this.#start = start;
    this.#length = length;
  }

  get id(): string {
    return this.#block?.table?.id(this.#row) ?? this.whole.id;
  }

  get timestamp(): string {
    return formatTimestamp(this.#timeMs);
  }

  get auto_promoted(): boolean {
    return this.#block?.table?.autoPromoted(this.#row) ?? this.whole.auto_promoted;
  }

  toJSON(): AuditRecord {
    return this.whole;
  }

  /** Lets go of the block that all its neighbours share. */
  hold(): void {
    if (this.#block === null) return;
    // Through bytes: a slice would keep the whole block's text alive.
    this.#line = Buffer.from(this.#block.lineAt(this.#start, this.#length), "latin1").toString("latin1");
    this.#block = null;
  }

  /** The record as the parser reads it. */
  get whole(): AuditRecord {
    if (this.#whole === undefined) {
      const line = this.#block === null ? this.#line : this.#block.lineAt(this.#start, this.#length);
      const decoded = decodeRecord(Buffer.from(line, "latin1").toString("utf8"));
      if (decoded.kind === "bad") throw new Error(`the head accepted a line that is ${decoded.problem}`);
      this.#whole = decoded.record;
    }
    return this.#whole;
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
    for (const key of ["resolved", "tool_input"] as const) {
      Object.defineProperty(LazyRecord.prototype, key, {
        get(this: LazyRecord) {
          return this.whole[key];
        },
      });
    }
  }
}

/** For who keeps a record beyond the next ones: it then holds its own line and not the block around it. */
export function holdRecord(record: AuditRecord): void {
  if (record instanceof LazyRecord) record.hold();
}
