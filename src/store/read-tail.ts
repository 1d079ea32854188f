/** The end of a file that may be large. It parses nothing: the first line of what it gives is cut, unless the file is small. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** At most the last `maxBytes` bytes; empty when there is no such file or it cannot be read. */
export function readTail(path: string, maxBytes: number): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.allocUnsafe(Math.min(size, maxBytes));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(file);
  }
}
