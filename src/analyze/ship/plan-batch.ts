/**
 * Which stretch of the logs is shipped next. The oldest bytes first, never more at once than a limit; what was removed
 * before it was shipped, and what is more or older than may wait, is given up and counted aloud. Pure but for reading
 * line ends.
 */
import type { Cursor, Stretch } from "../../store/ship/cursor.schema.js";
import { nextLineEnd, type ShipLog } from "./ship-logs.js";
import type { LogView } from "./shipment-rows.js";

export interface Limits {
  /** Bytes of log in one batch, give or take a line. */
  readonly batchBytes: number;
  /** Bytes that may wait, `null`: any number. */
  readonly maxBacklogBytes: number | null;
  /** Milliseconds since a waiting log was last written to, `null`: any. */
  readonly maxBacklogMs: number | null;
}

/** The cursor as the logs stand now: logs that are new, gone, renamed. What is gone unshipped is lost. */
export function reconciled(cursor: Cursor, logs: readonly ShipLog[], now: number): Cursor {
  const entries = logs.map(({ log, name, size, isFinal }) => {
    const sent = cursor.logs.find((one) => one.log === log)?.sent ?? 0;
    return { log, name, sent, seen: Math.max(size, sent), isWhole: isFinal && sent >= size };
  });
  const gone = cursor.logs.filter(({ log }) => !logs.some((one) => one.log === log));
  const bytes = gone.reduce((sum, { seen, sent }) => sum + seen - sent, 0);
  const stretches = cursor.batch?.stretches.filter(({ log }) => logs.some((one) => one.log === log)) ?? [];
  const isSame = stretches.length === cursor.batch?.stretches.length;
  return {
    ...cursor,
    logs: entries,
    // Fewer logs are other rows: what was taken of the batch is shipped again and replaced by its ids.
    batch: cursor.batch === null || isSame ? cursor.batch : withStretches(cursor.batch, stretches),
    lost: bytes === 0 ? cursor.lost : { ...cursor.lost, bytes: cursor.lost.bytes + bytes, at: now },
  };
}

function withStretches(batch: NonNullable<Cursor["batch"]>, stretches: readonly Stretch[]): Cursor["batch"] {
  return stretches.length === 0 ? null : { ...batch, stretches: [...stretches], posts: 0 };
}

/** Gives up the oldest of what waits until no more than the limits allow is left. */
export function withoutOverflow(cursor: Cursor, logs: readonly ShipLog[], limits: Limits, now: number): Cursor {
  if (cursor.batch !== null) return cursor;
  let { lost } = cursor;
  let excess = limits.maxBacklogBytes === null ? 0 : backlogBytes(cursor) - limits.maxBacklogBytes;
  const entries = cursor.logs.map((entry) => {
    const log = logs.find((one) => one.log === entry.log);
    const waiting = entry.seen - entry.sent;
    if (log === undefined || waiting <= 0) return entry;
    const isTooOld = limits.maxBacklogMs !== null && now - log.changedMs > limits.maxBacklogMs;
    if (!isTooOld && excess <= 0) return entry;
    const skipped = skip(log, entry.sent, isTooOld ? waiting : Math.min(excess, waiting));
    excess -= skipped.bytes;
    lost = {
      bytes: lost.bytes + skipped.bytes,
      lines: lost.lines + skipped.lines,
      at: now,
      untold: lost.untold + skipped.lines,
    };
    return { ...entry, sent: entry.sent + skipped.bytes };
  });
  return { ...cursor, logs: entries, lost };
}

/** Bytes that wait to be shipped. */
export function backlogBytes({ logs }: Pick<Cursor, "logs">): number {
  return logs.reduce((sum, { seen, sent }) => sum + Math.max(0, seen - sent), 0);
}

/** The next stretches, oldest first; empty when nothing waits. */
export function nextStretches(cursor: Cursor, logs: readonly ShipLog[], { batchBytes }: Limits): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let left = batchBytes;
  for (const { log, sent, seen } of cursor.logs) {
    if (left <= 0) break;
    if (seen <= sent) continue;
    const whole = seen - sent;
    const to =
      whole <= left
        ? seen
        : cutAt(
            logs.find((one) => one.log === log),
            sent + left,
            seen,
          );
    stretches.push({ log, from: sent, to });
    left -= to - sent;
  }
  return stretches;
}

/** Every log the way this batch sees it, newest first. */
export function viewsOf(cursor: Cursor, stretches: readonly Stretch[], logs: readonly ShipLog[]): readonly LogView[] {
  return cursor.logs
    .flatMap(({ log, sent, seen }) => {
      const { from, to } = stretches.find((one) => one.log === log) ?? { from: sent, to: sent };
      const open = logs.find((one) => one.log === log)?.open;
      return to === 0 || open === undefined ? [] : [{ log, from, to, size: seen, open }];
    })
    .toReversed();
}

function cutAt(log: ShipLog | undefined, at: number, end: number): number {
  const source = log?.open() ?? null;
  if (source === null) return end;
  try {
    return nextLineEnd(source, at - 1, end);
  } finally {
    source.close();
  }
}

function skip(log: ShipLog, from: number, bytes: number): { readonly bytes: number; readonly lines: number } {
  const source = log.open();
  if (source === null) return { bytes: 0, lines: 0 };
  try {
    const end = nextLineEnd(source, from + bytes - 1, log.size);
    return { bytes: end - from, lines: countLines(source, from, end) };
  } finally {
    source.close();
  }
}

function countLines(source: NonNullable<ReturnType<ShipLog["open"]>>, from: number, end: number): number {
  const bytes = Buffer.alloc(1 << 20);
  let lines = 0;
  for (let start = from; start < end; start += bytes.length) {
    const part = bytes.subarray(0, source.read(bytes, 0, Math.min(bytes.length, end - start), start));
    for (let at = part.indexOf(0x0a); at >= 0; at = part.indexOf(0x0a, at + 1)) lines += 1;
  }
  return lines;
}
