/**
 * A line that is no JSON may still hold records: two writers without a line end between them, or the stump of a write
 * that a full disk cut, with the next record behind it. This finds them. It never takes for a record what may stand
 * inside another one: a tool input can hold text or objects that look like a record.
 */
import { isUtf8 } from "node:buffer";
import { type Decoded, decodeRecord } from "../../core/audit/decode.js";

/** A part of the line in bytes from its start; the parts cover the line. */
export interface GluedPart {
  readonly start: number;
  readonly end: number;
  /** `null`: a stump or garbage. */
  readonly decoded: Decoded | null;
}

/** How the records of every dialect may begin. */
const RECORD_START = /\{\s?"(?:v|id|timestamp|ts)"\s?:/g;
/** Parses tried on one line; what is left then is one stump. */
const MAX_TRIES = 400;

/** `null` when the line holds no record at all. `line` is one line's bytes. */
export function recoverGlued(line: Buffer): readonly GluedPart[] | null {
  // One character a byte: places are byte offsets, and a stump may end inside a character.
  const text = line.toString("latin1");
  const starts = [...text.matchAll(RECORD_START)].map((match) => match.index);
  const ends = [...starts.slice(1), line.length];
  const parts: GluedPart[] = [];
  let done = 0;
  let tries = 0;

  for (let index = 0; index < starts.length && tries < MAX_TRIES; index++) {
    const start = starts[index] ?? 0;
    if (start < done || mayBeInside(text, done, start)) continue;
    for (const end of ends.slice(index)) {
      if (++tries > MAX_TRIES) break;
      const decoded = decodePart(line.subarray(start, end));
      if (decoded === null) continue;
      if (start > done) parts.push({ start: done, end: start, decoded: null });
      parts.push({ start, end, decoded });
      done = end;
      break;
    }
  }
  if (!parts.some((part) => part.decoded?.kind === "record")) return null;
  if (done < line.length) parts.push({ start: done, end: line.length, decoded: null });
  return parts;
}

function decodePart(bytes: Buffer): Decoded | null {
  if (!isUtf8(bytes)) return null;
  const decoded = decodeRecord(bytes.toString("utf8"));
  return decoded.kind === "bad" && decoded.problem === "not-json" ? null : decoded;
}

/** Whether an object at `start` could be a value inside what begins at `from`: outside a string, where a value may stand. */
function mayBeInside(text: string, from: number, start: number): boolean {
  const before = text.slice(from, start).trimEnd();
  if (!/[:,[]$/.test(before)) return false;
  const quotes = before.replace(/\\./g, "").split('"').length - 1;
  return quotes % 2 === 0;
}
