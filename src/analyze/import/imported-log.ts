/**
 * The file an import writes: `imported-<source>.jsonl`, sorted by time, replaced as a whole or not at all. Records of
 * earlier imports stay even when their transcripts are gone; a record with the same id is replaced. Lines wait in a
 * spool file and only their places in memory, so that size is bounded by disk.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { decodeRecord } from "../../core/audit/decode.js";
import type { AuditRecord } from "../../core/audit/record.js";
import { readFileLines } from "./file-lines.js";

/** A line as it will stand in the file, with its line end. */
export interface ImportedLine {
  readonly id: string;
  readonly timeMs: number;
  readonly event: string;
  readonly text: string;
}

export interface ImportedLogResult {
  /** Records in the file now. */
  readonly total: number;
  /** Of those, not in the file before. */
  readonly added: number;
  /** False: every byte was there already and the file was not touched. */
  readonly changed: boolean;
}

export function importedLine(record: AuditRecord, text: string): ImportedLine {
  return { id: record.id, timeMs: Date.parse(record.timestamp), event: record.event, text };
}

export type EarlierLine =
  | { readonly kind: "record"; readonly record: AuditRecord; readonly text: string }
  | { readonly kind: "bad"; readonly offset: number; readonly length: number };

/** The lines of an imported log as they stand; nothing when there is no file. */
export function* readImportedLog(path: string): Generator<EarlierLine> {
  if (!existsSync(path)) return;
  for (const { text, offset, length } of readFileLines(path)) {
    const decoded = text === undefined ? undefined : decodeRecord(text);
    if (decoded?.kind === "record") yield { kind: "record", record: decoded.record, text: `${text}\n` };
    else yield { kind: "bad", offset, length };
  }
}

/**
 * `earlier`: the lines the file holds, in any order, those to be dropped left out. Throws what the file system throws,
 * and then leaves the file as it was.
 */
export function writeImportedLog(
  path: string,
  fresh: Iterable<ImportedLine>,
  earlier: () => Iterable<ImportedLine>,
): ImportedLogResult {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const spoolPath = `${path}.${process.pid}.spool`;
  const newPath = `${path}.${process.pid}.tmp`;
  const spool = openSync(spoolPath, "w+", 0o600);
  try {
    const places = new Map<string, Place>();
    const spooled = batched(spool);
    let end = 0;
    const keep = (line: ImportedLine): boolean => {
      if (places.has(line.id)) return false;
      const bytes = Buffer.from(line.text);
      spooled.write(bytes);
      places.set(line.id, {
        id: line.id,
        timeMs: line.timeMs,
        rank: rankOf(line.event),
        offset: end,
        length: bytes.length,
      });
      end += bytes.length;
      return true;
    };
    for (const line of fresh) keep(line);
    const freshCount = places.size;
    let known = 0;
    for (const line of earlier()) if (!keep(line)) known++;
    spooled.flush();
    const ordered = [...places.values()].sort(byTime);
    copyOrdered(spool, ordered, newPath);
    const changed = !isSameContent(path, newPath);
    if (changed) renameSync(newPath, path);
    return { total: ordered.length, added: freshCount - known, changed };
  } finally {
    closeSync(spool);
    rmSync(spoolPath, { force: true });
    rmSync(newPath, { force: true });
  }
}

interface Place {
  readonly id: string;
  readonly timeMs: number;
  readonly rank: number;
  readonly offset: number;
  readonly length: number;
}

/** INVARIANT: a decision stands before its question and its outcome, also within one millisecond. */
function rankOf(event: string): number {
  return event === "PreToolUse" ? 0 : event === "PermissionRequest" ? 1 : 2;
}

function byTime(a: Place, b: Place): number {
  return a.timeMs - b.timeMs || a.rank - b.rank || (a.id < b.id ? -1 : 1);
}

function copyOrdered(spool: number, ordered: readonly Place[], path: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    const lines = batched(file);
    for (const place of ordered) {
      const line = Buffer.allocUnsafe(place.length);
      readWhole(spool, line, place.offset);
      lines.write(line);
    }
    lines.flush();
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isSameContent(a: string, b: string): boolean {
  if (!existsSync(a) || statSync(a).size !== statSync(b).size) return false;
  const files = [openSync(a, "r"), openSync(b, "r")] as const;
  try {
    const chunks = [Buffer.allocUnsafe(1 << 18), Buffer.allocUnsafe(1 << 18)] as const;
    for (;;) {
      const read = readSync(files[0], chunks[0]);
      readWhole(files[1], chunks[1].subarray(0, read), null);
      if (read === 0) return true;
      if (!chunks[0].subarray(0, read).equals(chunks[1].subarray(0, read))) return false;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** One write a megabyte instead of one a line. */
function batched(file: number): { readonly write: (bytes: Buffer) => void; readonly flush: () => void } {
  let batch: Buffer[] = [];
  let size = 0;
  const flush = () => {
    writeWhole(file, Buffer.concat(batch));
    batch = [];
    size = 0;
  };
  return {
    write: (bytes) => {
      batch.push(bytes);
      size += bytes.length;
      if (size >= 1 << 20) flush();
    },
    flush,
  };
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function readWhole(file: number, into: Buffer, position: number | null): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(file, into, done, into.length - done, position === null ? null : position + done);
    if (read === 0) throw new Error("the file became shorter while it was read");
    done += read;
  }
}
