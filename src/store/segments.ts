/** Which files make up a log: the active one, its rotated segments, imports. It looks at names and sizes, never into them. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Segment {
  readonly file: string;
  readonly kind: "active" | "rotated" | "imported" | "other";
  readonly isCompressed: boolean;
  readonly size: number;
  /** Moment of its first record, told by the name of a rotated segment. */
  readonly firstMs?: number;
  /** Of its last write or rename, whichever is later; within ten minutes of it a rotated segment may still grow. */
  readonly changedMs: number;
}

const ROTATED = /^audit-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{3})Z-(\d+)\.jsonl(?:\.gz)?$/;
const IMPORTED = /^imported-.+\.jsonl(?:\.gz)?$/;
const LOG = /\.jsonl(?:\.gz)?$/;

/**
 * A folder's segments, newest first: active, rotated, then imports by name; a folder that holds none of ours gives its
 * `.jsonl` files. A file gives itself. Throws what the file system throws for the path itself.
 */
export function listSegments(path: string): readonly Segment[] {
  if (!statSync(path).isDirectory()) return [segmentOf(path, path.split(/[\\/]/).pop() ?? path)].flat();
  const names = new Set(readdirSync(path));
  const all = [...names]
    // Compressed and not yet removed, or not yet complete: the plain file is the one that counts.
    .filter((name) => LOG.test(name) && !(name.endsWith(".gz") && names.has(name.slice(0, -3))))
    .flatMap((name) => segmentOf(join(path, name), name));
  const ours = all.filter((segment) => segment.kind !== "other");
  return (ours.length > 0 ? ours : all).sort(newestFirst);
}

/** No segment when the file vanished meanwhile or is no file. */
function segmentOf(file: string, name: string): readonly Segment[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) return [];
  const rotated = ROTATED.exec(name);
  const kind = name === "audit.jsonl" ? "active" : rotated ? "rotated" : IMPORTED.test(name) ? "imported" : "other";
  const firstMs = rotated === null ? Number.NaN : Date.parse(isoOf(rotated));
  return [
    {
      file,
      kind,
      isCompressed: name.endsWith(".gz"),
      size: stat.size,
      ...(Number.isNaN(firstMs) ? {} : { firstMs }),
      changedMs: Math.max(stat.mtimeMs, stat.ctimeMs),
    },
  ];
}

function isoOf([, year, month, day, hour, minute, second, ms]: RegExpExecArray): string {
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
}

const KIND_ORDER = ["active", "rotated", "imported", "other"];

function newestFirst(a: Segment, b: Segment): number {
  const byKind = KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind);
  if (byKind !== 0) return byKind;
  if (a.firstMs !== undefined && b.firstMs !== undefined && a.firstMs !== b.firstMs) return b.firstMs - a.firstMs;
  return b.file.localeCompare(a.file, "en", { numeric: true });
}
