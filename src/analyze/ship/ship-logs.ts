/**
 * The logs of a home as shipping knows them: named by their first line, so that a log keeps its name when it is rotated,
 * moved or compressed, and read up to the end of its last whole line, because somebody may be writing the next one.
 */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { errorCode } from "../../store/error-code.js";
import { listSegments, type Segment } from "../../store/segments.js";
import type { Cursor } from "../../store/ship/cursor.schema.js";
import { type ByteSource, openSource } from "../scan/byte-source.js";

export interface ShipLog {
  readonly log: string;
  /** Of the file, without `.gz`. */
  readonly name: string;
  /** Bytes that can be shipped. */
  readonly size: number;
  /** It will not grow. */
  readonly isFinal: boolean;
  readonly changedMs: number;
  /** `null` when it is gone, or another log by now. */
  readonly open: () => ByteSource | null;
}

export interface ShipLogsOptions {
  /** What is known of logs that were shipped whole: they need not be opened. */
  readonly known: Cursor["logs"];
  /** Names a log by its first line. */
  readonly nameOf: (firstLine: Uint8Array) => string;
  readonly now: number;
  readonly spoolFolder: string;
}

/** An open writer may still append to a log that was moved aside. */
const SETTLED_MS = 600_000;
/** What tells logs apart stands at the start of the first line. */
const NAME_BYTES = 65_536;
const LINE_END = 0x0a;

export interface Kept {
  readonly files: number;
  /** As they lie there, compressed or not. */
  readonly bytes: number;
}

/**
 * Imports, which stay on the machine: such a file is written anew whenever something is imported, so a place in it names no
 * row for long, and nobody could tell which of those shipped before still count.
 */
export function keptImports(home: string): Kept {
  const imports = existsSync(home) ? listSegments(home).filter(({ kind }) => kind === "imported") : [];
  return { files: imports.length, bytes: imports.reduce((sum, { size }) => sum + size, 0) };
}

/** Oldest first; imports and other files are left out. Throws what the file system throws, but for a home that is not there. */
export function listShipLogs(home: string, options: ShipLogsOptions): readonly ShipLog[] {
  if (!existsSync(home)) return [];
  const segments = listSegments(home).filter(({ kind }) => kind === "active" || kind === "rotated");
  const listed = new Map<string, ShipLog>();
  for (const segment of segments.toReversed()) {
    const log = shipLog(segment, options);
    // Rotated while we look: the file is met twice, and the second look saw more.
    if (log !== null) listed.set(log.log, log);
  }
  return [...listed.values()];
}

function shipLog(segment: Segment, options: ShipLogsOptions): ShipLog | null {
  const { known, now, spoolFolder } = options;
  const { file, kind, changedMs } = segment;
  const name = plainName(file);
  const whole = kind === "rotated" ? known.find((one) => one.name === name && one.isWhole) : undefined;
  if (whole !== undefined) {
    const open = () => openNamed(file, whole.log, options);
    return { log: whole.log, name, size: whole.sent, isFinal: true, changedMs, open };
  }
  const source = openIfThere(file, spoolFolder);
  if (source === null) return null;
  try {
    const isFinal = kind === "rotated" && (segment.isCompressed || now - changedMs > SETTLED_MS);
    const size = isFinal ? source.size : lastLineEnd(source);
    const log = nameOfLog(source, options);
    return size === 0 || log === null
      ? null
      : { log, name, size, isFinal, changedMs, open: () => openNamed(file, log, options) };
  } finally {
    source.close();
  }
}

/** The file of that name while it is still that log; else where the log was moved to. */
function openNamed(file: string, log: string, options: ShipLogsOptions): ByteSource | null {
  const folder = file.slice(0, -basename(file).length);
  const others = listSegments(folder === "" ? "." : folder).filter(({ kind }) => kind === "rotated");
  for (const path of [file, ...others.map((segment) => segment.file)]) {
    const source = openIfThere(path, options.spoolFolder);
    if (source === null) continue;
    if (nameOfLog(source, options) === log) return source;
    source.close();
  }
  return null;
}

/** `null` when it was removed meanwhile; when it was compressed meanwhile, that file. */
function openIfThere(file: string, spoolFolder: string): ByteSource | null {
  for (const path of [file, `${file}.gz`]) {
    try {
      return openSource(path, spoolFolder);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
    }
  }
  return null;
}

/** `null` while its first line is not whole. */
function nameOfLog(source: ByteSource, { nameOf }: ShipLogsOptions): string | null {
  const bytes = Buffer.alloc(Math.min(NAME_BYTES, source.size));
  const head = bytes.subarray(0, source.read(bytes, 0, bytes.length, 0));
  const end = head.indexOf(LINE_END);
  if (end < 0 && head.length < NAME_BYTES) return null;
  return nameOf(end < 0 ? head : head.subarray(0, end));
}

/** Behind the last line end, 0 when there is none. */
function lastLineEnd(source: ByteSource): number {
  const bytes = Buffer.alloc(NAME_BYTES);
  for (let end = source.size; end > 0; ) {
    const start = Math.max(0, end - bytes.length);
    const at = bytes.subarray(0, source.read(bytes, 0, end - start, start)).lastIndexOf(LINE_END);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** Behind the first line end at or after `from`, at most `end`. */
export function nextLineEnd(source: ByteSource, from: number, end: number): number {
  const bytes = Buffer.alloc(NAME_BYTES);
  for (let start = from; start < end; start += bytes.length) {
    const count = source.read(bytes, 0, Math.min(bytes.length, end - start), start);
    const at = bytes.subarray(0, count).indexOf(LINE_END);
    if (at >= 0) return start + at + 1;
    if (count === 0) break;
  }
  return end;
}

function plainName(file: string): string {
  return basename(file).replace(/\.gz$/, "");
}
