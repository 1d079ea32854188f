/** What a walk over a block's lines tells: one row for each line that stands as our serializer writes it. Numbers only. */
import type { LineIndex } from "./index-lines.js";
import type { RecordPart } from "./record-part.js";

/** Grows by being replaced. */
export interface HeadRows {
  /** Numbers from one row to the next in the two tables below; a field's place is its index (head-fields.ts). */
  readonly stride: number;
  /** Of each field's value, quotes and brackets included; 0 means absent (no value begins a block). */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Where each line begins, its moment in milliseconds since the epoch, and 1 when it is `auto_promoted`. */
  readonly lines: Int32Array;
  readonly times: Float64Array;
  readonly flags: Uint8Array;
}

export interface HeadWalk {
  readonly rows: HeadRows;
  /** Takes a new block, `view` over the same bytes, whose lines end at `limit`: all rows are void. */
  open(bytes: Buffer, view: DataView, limit: number): void;
  /** The row of the line that begins at `start`, -1 when it is the parser's. The bytes must be well-formed UTF-8. */
  add(start: number): number;
  /** Every line of the open block from `start` on, each walked. */
  index(start: number): LineIndex;
  /** By what a part is asked for; -1: it does not tell which rows agree in it. */
  placeOf(part: RecordPart<unknown>): number;
  /**
   * Of a row's part a number, the same for all rows whose fields there hold the same bytes: `ALONE` when it shares nothing,
   * `FULL` when no more can be told apart before `forgetParts`, which makes all numbers void.
   */
  part(row: number, place: number): number;
  forgetParts(): void;
}

export const ALONE = -1;
export const FULL = -2;
