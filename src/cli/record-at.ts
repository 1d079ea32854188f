/** A place as reports name it (`audit.jsonl:48213`) -> the record that stands there. It reads one line, not the log. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname } from "node:path";
import { type ByteSource, openSource } from "../analyze/scan/byte-source.js";
import type { Scan } from "../analyze/scan/open-scan.js";
import type { Scanned } from "../analyze/scan/scan.js";
import { scanLine } from "../analyze/scan/scan-line.js";
import { CliError } from "./exit.js";

const BLOCK = 65_536;
const MAX_LINE = 128 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Throws a CliError when the place names no file of this log, or no record begins there. */
export function recordAt(scan: Scan, place: string): Extract<Scanned, { kind: "record" }> {
  const [, file = "", digits = ""] = /^(.*):(\d+)$/s.exec(place) ?? [];
  const named = scan.files.find((one) => one === file) ?? scan.files.find((one) => basename(one) === file);
  if (named === undefined) {
    const hint =
      file === ""
        ? "write it as a report does: audit.jsonl:48213"
        : `its files are ${scan.files.map(nameOf).join(", ")}`;
    throw new CliError("bad_usage", `\`${place}\` is no place in this log`, hint);
  }
  const source = openSource(named, tmpdir());
  try {
    const offset = Number(digits);
    const bytes = lineAt(source, offset);
    const line = { file: named, bytes, start: 0, end: bytes.length, offset, maxLine: MAX_LINE, isText: false };
    const found = scanLine(line).find((one) => one.kind === "record");
    if (found?.kind === "record" && found.at.offset === offset) return found;
  } finally {
    source.close();
  }
  const older = rotatedBeside(named);
  throw new CliError(
    "record_not_found",
    `no record begins at \`${place}\``,
    older.length === 0 ? undefined : `the log was rotated: look in ${older.join(", ")} at the same offset`,
  );
}

/** From the offset to the end of its line. */
function lineAt(source: ByteSource, offset: number): Buffer {
  const blocks: Buffer[] = [];
  for (let position = offset; position < source.size && position - offset < MAX_LINE; ) {
    const block = Buffer.alloc(Math.min(BLOCK, source.size - position));
    const count = source.read(block, 0, block.length, position);
    if (count === 0) break;
    const end = block.subarray(0, count).indexOf(NEWLINE);
    blocks.push(block.subarray(0, end < 0 ? count : end));
    if (end >= 0) break;
    position += count;
  }
  return Buffer.concat(blocks);
}

function nameOf(file: string): string {
  return basename(file);
}

/** A place in `audit.jsonl` moves with its file when that is rotated. */
function rotatedBeside(file: string): readonly string[] {
  if (basename(file) !== "audit.jsonl") return [];
  return readdirSync(dirname(file))
    .filter((name) => /^audit-.+\.jsonl(?:\.gz)?$/.test(name))
    .sort()
    .reverse()
    .slice(0, 3);
}
