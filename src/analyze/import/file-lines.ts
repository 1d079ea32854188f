/**
 * The lines of a file, first to last, in bounded memory: transcripts hold whole files and images in one line, and a
 * JSON line may contain U+2028, which Node's readline would split at. Lines end at LF only; a line over the cap is
 * told, never held.
 */
import { closeSync, openSync, readSync } from "node:fs";

export interface FileLine {
  /** `undefined`: longer than the cap. */
  readonly text: string | undefined;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes, without the line end. */
  readonly length: number;
}

const CHUNK_BYTES = 1 << 18;
const MAX_LINE_BYTES = 1 << 26;

/** Throws what opening or reading throws; blank lines, a BOM and the CR of CRLF are left out. */
export function* readFileLines(file: string, maxLineBytes = MAX_LINE_BYTES): Generator<FileLine> {
  const descriptor = openSync(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let held: Buffer[] = [];
    let length = 0;
    let offset = 0;
    const hold = (piece: Buffer) => {
      length += piece.length;
      if (length > maxLineBytes) held = [];
      else if (piece.length > 0) held.push(Buffer.from(piece));
    };
    const take = (): FileLine | undefined => {
      const line = length > maxLineBytes ? { text: undefined, offset, length } : textLine(held, offset, length);
      held = [];
      length = 0;
      return line;
    };
    for (;;) {
      const read = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      if (read === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1 && end < read; end = chunk.indexOf(10, from)) {
        hold(chunk.subarray(from, end));
        const bytes = length;
        const line = take();
        if (line !== undefined) yield line;
        offset += bytes + 1;
        from = end + 1;
      }
      hold(chunk.subarray(from, read));
    }
    const last = length > 0 ? take() : undefined;
    if (last !== undefined) yield last;
  } finally {
    closeSync(descriptor);
  }
}

function textLine(pieces: readonly Buffer[], offset: number, length: number): FileLine | undefined {
  let text =
    pieces.length === 1 && pieces[0] !== undefined ? pieces[0].toString("utf8") : Buffer.concat(pieces).toString();
  if (offset === 0 && text.startsWith("\uFEFF")) text = text.slice(1);
  if (text.endsWith("\r")) text = text.slice(0, -1);
  return text.trim() === "" ? undefined : { text, offset, length };
}
