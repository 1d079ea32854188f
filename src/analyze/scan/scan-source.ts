/** One log file, newest line first: whole lines from its end, windowed and filtered, stopping where the window is past. */
import { isUtf8 } from "node:buffer";
import type { ByteSource } from "./byte-source.js";
import { canonicalClock } from "./canonical-line.js";
import { HeadTable } from "./head-table.js";
import {
  indexBeginnings,
  indexLines,
  type LineIndex,
  lastWanted,
  NOT_ASKED,
  newLineIndex,
  wantLong,
} from "./index-lines.js";
import { LazyBlock } from "./lazy-record.js";
import { createLineFilter } from "./line-filter.js";
import { giveBack, type QuickWalk, takeWalk } from "./quick-walk.js";
import { type LinesPiece, MAX_LINE, type ReadOptions, readBlocksBackward } from "./read-blocks-backward.js";
import type { RecordFilter, Scanned } from "./scan.js";
import { badLine, scanLine } from "./scan-line.js";
import { seekUntil } from "./seek-until.js";
import { viewOf } from "./words.js";

/** Records that are only looked at share their block's bytes: a small block is soon let go, and stays in the processor's cache. */
export const PIECE = 65_536;
/** Lines may be this far out of order: the scan goes so much beyond each edge of its window. */
export const SLACK_MS = 600_000;
/** So many lines in a row must be older than the window: one clock that was wrong must not hide what lies behind it. */
const OLDER_IN_A_ROW = 64;

/** What a scan did, counted while it runs. */
export interface ScanStats {
  bytesRead: number;
  records: number;
  bad: number;
  /** In the window, found behind lines older than it. */
  strays: number;
  /** Lines passed by because they are provably outside window or filter, without a full parse. */
  skipped: number;
  /** Records read and passed by because window or filter leave them out, `skipped` ones included. */
  outside: number;
}

export function newScanStats(): ScanStats {
  return { bytesRead: 0, records: 0, bad: 0, strays: 0, skipped: 0, outside: 0 };
}

export interface SourceOptions extends ReadOptions {
  /**
   * Records only to be looked at, field by field, where they stand as our serializer writes them: several times faster.
   * They are no plain objects.
   */
  readonly isLazy?: boolean;
}

/** Returns true when it stopped because all that is left is older than the window. */
export function* scanSource(
  source: ByteSource,
  filter: RecordFilter,
  stats: ScanStats = newScanStats(),
  options: SourceOptions = {},
): Generator<Scanned, boolean> {
  const maxLine = options.maxLine ?? MAX_LINE;
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const lineFilter = createLineFilter(filter);
  const { canRuleOut } = lineFilter;
  const ownLines = newLineIndex();
  const clock = canonicalClock();
  const isLazy = options.isLazy === true;
  const table = isLazy || canRuleOut ? new HeadTable() : null;
  const memory = table === null ? null : new BlockMemory(lineFilter.probes);
  let older = 0;
  let sawOlder = false;

  const end = options.from ?? source.size;
  // Of a reading that goes on midway it was said before.
  if (source.damage !== null && end === source.size) {
    stats.bad += 1;
    yield badLine(source.damage, { file: source.file, offset: source.size, length: 0 }, new Uint8Array());
  }
  const from = filter.until === undefined ? end : Math.min(end, seekUntil(source, filter.until + SLACK_MS));
  const blocks = memory === null ? {} : { piece: PIECE, room: (length: number) => memory.room(length) };
  let block: LazyBlock | null = null;
  try {
    for (const piece of readBlocksBackward(source, { ...options, ...blocks, from })) {
      if (piece.kind === "too-long") {
        stats.bad += 1;
        yield badLine("too-long", { file: source.file, offset: piece.offset, length: piece.length }, piece.head);
        continue;
      }
      const { bytes } = piece;
      stats.bytesRead += piece.end - piece.start;
      const view = viewOf(bytes);
      const quick = memory?.walkOf(bytes);
      table?.open(bytes, view, piece.end, quick);
      let lines = ownLines;
      if (table === null) indexLines(bytes, piece.start, piece.end, lines);
      else if (!canRuleOut) lines = table.index(piece.start);
      else {
        if (quick === undefined || memory?.canRuleOut !== true) indexBeginnings(bytes, piece.start, piece.end, lines);
        else lines = quick.ruleOut(piece.start);
        lineFilter.ruleOut(view, lines, table);
        if (piece.end - piece.start > maxLine) wantLong(lines, maxLine);
      }
      const isText = new TextCheck(piece);
      block = isLazy && table !== null ? new LazyBlock(table, source.file, piece) : null;
      for (let index = lines.count - 1; index >= 0; index--) {
        if (older >= OLDER_IN_A_ROW) return true;
        const start = lines.starts[index] ?? 0;
        if (lines.isOut[index] === 1) {
          const wanted = filter.since === undefined ? lastWanted(lines, index) : index - 1;
          stats.skipped += index - wanted;
          stats.outside += index - wanted;
          if (filter.since !== undefined) noteTime(clock(view, start) ?? Number.NaN);
          index = wanted + 1;
          continue;
        }
        const end = lines.ends[index] ?? 0;
        const row = block === null ? -1 : rowOf(lines, index, start);
        if (block !== null && row >= 0 && end - start <= maxLine && isText.at(start, end)) {
          const scanned = block.record(row, start, end);
          noteTime(scanned.timeMs);
          if (!lineFilter.matches(scanned)) {
            stats.outside += 1;
            continue;
          }
          if (sawOlder) stats.strays += 1;
          stats.records += 1;
          yield scanned;
          continue;
        }
        const found = scanLine({
          file: source.file,
          bytes,
          start,
          end,
          offset: piece.offset + start - piece.start,
          maxLine,
          isText: isText.ofAll,
        });
        for (let last = found.length - 1; last >= 0; last--) {
          const scanned = found[last];
          if (scanned === undefined) continue;
          if (scanned.kind === "bad") {
            stats.bad += 1;
            yield scanned;
            continue;
          }
          noteTime(scanned.timeMs);
          if (!lineFilter.matches(scanned)) {
            stats.outside += 1;
            continue;
          }
          if (sawOlder) stats.strays += 1;
          stats.records += 1;
          yield scanned;
        }
      }
      block?.close();
      block = null;
    }
    return false;
  } finally {
    block?.close();
    memory?.giveBack();
  }

  function rowOf(lines: LineIndex, index: number, start: number): number {
    const row = lines.rows[index] ?? NOT_ASKED;
    return row === NOT_ASKED && table !== null ? table.add(start) : row;
  }

  function noteTime(timeMs: number): void {
    if (timeMs < since) sawOlder = true;
    older = timeMs < since - SLACK_MS ? older + 1 : 0;
  }
}

/** Whether a block's lines are well-formed UTF-8: told of all of them at once, when the first is asked about. */
class TextCheck {
  readonly #piece: LinesPiece;
  #ofAll: boolean | null = null;

  constructor(piece: LinesPiece) {
    this.#piece = piece;
  }

  get ofAll(): boolean {
    const { bytes, start, end } = this.#piece;
    this.#ofAll ??= isUtf8(bytes.subarray(start, end));
    return this.#ofAll;
  }

  /** Told by the line alone: where a block begins and ends must not show. */
  at(start: number, end: number): boolean {
    return this.ofAll || isUtf8(this.#piece.bytes.subarray(start, end));
  }
}

/** Where the blocks of one reading lie: in a `QuickWalk` once there is more than the first of them. */
class BlockMemory {
  readonly #probes: Buffer;
  #walk: QuickWalk | null = null;
  /** Whether the walk knows what to rule out. */
  canRuleOut = false;

  constructor(probes: Buffer) {
    this.#probes = probes;
  }

  room(length: number): Buffer {
    if (this.#walk === null) {
      this.#walk = takeWalk();
      this.canRuleOut = this.#walk?.probe(this.#probes) === true;
    }
    return this.#walk?.room(length) ?? Buffer.allocUnsafe(length);
  }

  /** `undefined` for blocks that lie elsewhere. */
  walkOf(bytes: Buffer): QuickWalk | undefined {
    return this.#walk?.holds(bytes) === true ? this.#walk : undefined;
  }

  /** Blocks that lay in it are no more. */
  giveBack(): void {
    if (this.#walk !== null) giveBack(this.#walk);
    this.#walk = null;
  }
}
