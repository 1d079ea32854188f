/** One line's bytes -> what it holds: a record, several glued ones, or a bad line with its place. Blank lines hold nothing. */
import { isUtf8 } from "node:buffer";
import { decodeRecord } from "../../core/audit/decode.js";
import { excerptOf } from "./excerpt.js";
import { recoverGlued } from "./recover-glued.js";
import type { BadLineProblem, Scanned } from "./scan.js";

const SPACE = 0x20;
const BRACE = 0x7b;
const RETURN = 0x0d;

/** A line in `bytes[start, end)`, without its `\n`. */
export interface LineBytes {
  readonly file: string;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Of `start`, in the file. */
  readonly offset: number;
  readonly maxLine: number;
  /** Known to be well-formed UTF-8, as a whole block is told at once. */
  readonly isText: boolean;
}

/** What the line holds, in the order it stands there. */
export function scanLine(line: LineBytes): readonly Scanned[] {
  const { file, bytes, maxLine } = line;
  let { start, end } = line;
  const isFirst = line.offset === 0 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
  if (isFirst) start += 3;
  if (end > start && bytes[end - 1] === RETURN) end -= 1;
  if (bytes[start] !== BRACE) {
    while (start < end && isBlank(bytes[start])) start += 1;
    if (start === end) return [];
  }
  const at = { file, offset: line.offset + start - line.start, length: end - start };
  if (at.length > maxLine) return [badLine("too-long", at, bytes.subarray(start, start + 512))];

  const text = bytes.toString("utf8", start, end);
  const decoded = decodeRecord(text);
  const isText = line.isText || isUtf8(bytes.subarray(start, end));
  if (decoded.kind === "record" && isText) {
    return [{ kind: "record", record: decoded.record, timeMs: decoded.timeMs, at }];
  }
  const own = bytes.subarray(start, end);
  if (decoded.kind === "bad" && decoded.problem !== "not-json") return [badLine(decoded.problem, at, own)];

  const parts = decoded.kind === "record" ? null : recoverGlued(own);
  if (parts === null) return [badLine(isText ? brokenAs(own) : "bad-utf8", at, own)];
  return parts.map((part) => {
    const place = { file, offset: at.offset + part.start, length: part.end - part.start };
    if (part.decoded?.kind === "record") return { ...part.decoded, at: place };
    const bytesOfPart = own.subarray(part.start, part.end);
    return badLine(part.decoded?.problem ?? brokenAs(bytesOfPart), place, bytesOfPart);
  });
}

export function badLine(
  problem: BadLineProblem,
  at: Scanned["at"],
  bytes: Uint8Array,
): Extract<Scanned, { kind: "bad" }> {
  return { kind: "bad", problem, at, excerpt: excerptOf(bytes) };
}

/** An object that began and never ended was torn; anything else never was JSON. */
function brokenAs(bytes: Buffer): BadLineProblem {
  return bytes[0] === BRACE && bytes[bytes.length - 1] !== 0x7d ? "torn" : "not-json";
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0x09 || byte === RETURN;
}
