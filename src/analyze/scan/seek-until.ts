/**
 * Where in a log a moment lies, by halving: a window that ends long ago needs nothing that was written after it. Relies
 * on lines being nearly in order; where it meets no moment it reads more, never less.
 */
import type { ByteSource } from "./byte-source.js";

/** Below this much it is cheaper to read than to search. */
const WORTH_IT = 1_048_576;
const PROBE = 65_536;
const TIMESTAMP = /"(?:timestamp|ts)"\s?:\s?"([^"]{20,40})"/;

/** The start of a line behind which every line is at `timeMs` or later; `source.size` when none is. */
export function seekUntil(source: ByteSource, timeMs: number): number {
  const probe = Buffer.allocUnsafe(Math.min(PROBE, source.size));
  let low = 0;
  let high = source.size;
  while (high - low > WORTH_IT) {
    // INVARIANT: the places asked about are the same in a log that has grown, so what is remembered from here on is found again.
    const half = Math.floor((low + high) / 2 / WORTH_IT) * WORTH_IT;
    const middle = half > low ? half : low + WORTH_IT;
    const line = firstLine(source, probe, middle);
    if (line !== null && line.offset < high && line.timeMs >= timeMs) high = line.offset;
    else if (line !== null && line.offset < high) low = middle;
    else return high;
  }
  return high;
}

/** The first line that begins at or after `position` and tells a moment, looking one probe far. */
function firstLine(
  source: ByteSource,
  probe: Buffer,
  position: number,
): { readonly offset: number; readonly timeMs: number } | null {
  const count = source.read(probe, 0, probe.length, position);
  let start = probe.subarray(0, count).indexOf(0x0a) + 1;
  while (start > 0 && start < count) {
    const end = probe.subarray(start, count).indexOf(0x0a);
    const text = probe.toString("utf8", start, end < 0 ? count : start + end);
    const found = text.startsWith("{") ? TIMESTAMP.exec(text)?.[1] : undefined;
    const timeMs = found === undefined ? Number.NaN : Date.parse(found);
    if (!Number.isNaN(timeMs)) return { offset: position + start, timeMs };
    if (end < 0) return null;
    start += end + 1;
  }
  return null;
}
