/**
 * What stretches of a log added up to, kept in files that may be deleted at any time. A stretch is found again by its
 * place, its file's identity, how its bytes look, and the state in which the reading arrives; anything doubtful
 * is not found. It writes what it can and says nothing when it cannot: the log itself is the truth.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { writeAtomic } from "../../store/write-atomic.js";
import type { ByteSource } from "../scan/byte-source.js";
import type { Sealed } from "../scan/scan-backward.js";
import type { Counted } from "./cube-sum.js";
import { CUBES } from "./definitions.js";
import type { Cubes } from "./fold.js";
import { lazyGaps } from "./lazy-tables.js";
import { packTables, unpackTables } from "./pack-cubes.js";
import { packGaps, unpackGaps } from "./pack-gaps.js";
import { looksOf, type Part, type PartFiles, partLooks } from "./stretch-looks.js";
import { sweepRollups } from "./sweep-rollups.js";

/** The state in which a stretch begins, as a short text that tells states apart. */
export type Entry = string;

/**
 * A leaf is the least that is kept; a group is the leaves of one larger part of a file; sealed are all files but the newest.
 * For one window only: the rest is what of it is left at a place, the window all of it.
 */
export type StretchKind = "leaf" | "group" | "file" | "sealed" | "rest" | "window";

export interface Stretch extends Counted {
  readonly kind: StretchKind;
  /** A group ends where it does. */
  readonly endsGroup: boolean;
  /** Where it ends, towards the start of the file. */
  readonly to: number;
  /** The state in which it ends, whole and told apart. */
  readonly state: string;
  readonly exit: Entry;
}

/** Where in one of several logs a stretch begins or ends: what tells the file, and the byte; `null`: the end of a file not opened yet. */
export interface StrandPlace {
  readonly key: string;
  readonly at: number | null;
}

/** A place in each of several logs that are read as one, `null` where one is at its end. */
export type Places = readonly (StrandPlace | null)[];

/** A stretch of several logs read as one. */
export interface MergedStretch extends Stretch {
  readonly merged: { readonly ends: Places; readonly parts: readonly Part[] };
}

export interface Rollups {
  readonly find: (source: ByteSource, kind: StretchKind, from: number, entry: Entry) => Stretch | null;
  readonly keep: (source: ByteSource, from: number, entry: Entry, stretch: Stretch) => void;
  /** The same for all of a file to which nothing is added any more, or of several: they need not be opened. */
  readonly findFiles: (files: readonly Sealed[], entry: Entry) => Stretch | null;
  readonly keepFiles: (files: readonly Sealed[], entry: Entry, stretch: Stretch) => void;
  /** The same for several logs read as one; `isEnd`: nothing in them is newer. */
  readonly findMerged: (
    files: PartFiles,
    kind: StretchKind,
    from: Places,
    entry: Entry,
    isEnd: boolean,
  ) => MergedStretch | null;
  readonly keepMerged: (files: PartFiles, from: Places, entry: Entry, isEnd: boolean, stretch: MergedStretch) => void;
}

/** Raised when cubes change their meaning. */
const VERSION = 7;
/** Characters of a name that tell the file of the log it belongs to. */
const OWNER = 12;

export function entryOf(state: string): Entry {
  return digest(state);
}

/**
 * @param folder made when needed, for rollups alone
 * @param scope what else counts depend on: the tool's version, the zone
 * @param files of the log: what belongs to them is kept when there is more than is worth keeping
 */
export function openRollups(folder: string, scope: string, files: readonly string[] = []): Rollups {
  const ownerOf = (identity: string): string => digest([VERSION, scope, identity].join("\0")).slice(0, OWNER);
  const nameOf = (identity: string, ...parts: readonly (string | number)[]): string =>
    join(folder, `${ownerOf(identity)}-${digest(parts.join("\0"))}`);
  let isSwept = false;
  const write = (name: string, kept: Kept, { tables, gaps }: Cubes): void => {
    if (!isSwept) sweepRollups(folder, files, ownerOf);
    isSwept = true;
    const packed = gaps === undefined ? [] : [packGaps(gaps.counts)];
    const body = joined([JSON.stringify(kept), ...packTables(tables), ...packed]);
    writeAtomic(name, Buffer.concat([Buffer.from(digest(body), "latin1"), body]));
  };
  return {
    find(source, kind, from, entry) {
      const begun = begunAt(from, entry, from === source.size);
      const looksNow = (to: number) => begun.told + looksOf(source, from, to);
      const namesNow = ({ looks, to }: Kept) => (looks === looksNow(to) ? [source.file] : null);
      return readKept(nameOf(source.identity, kind, begun.name), namesNow);
    },
    keep(source, from, entry, stretch) {
      const begun = begunAt(from, entry, from === source.size);
      const looks = begun.told + looksOf(source, from, stretch.to);
      write(nameOf(source.identity, stretch.kind, begun.name), keptOf(stretch, [source.file], looks), stretch.cubes);
    },
    findFiles(files, entry) {
      const stamp = stampOf(files);
      const namesNow = ({ looks }: Kept) => (looks === stamp ? files.map(fileOf) : null);
      return readKept(nameOf(identityOf(files), stamp, "files", entry), namesNow);
    },
    keepFiles(files, entry, stretch) {
      const stamp = stampOf(files);
      write(nameOf(identityOf(files), stamp, "files", entry), keptOf(stretch, files.map(fileOf), stamp), stretch.cubes);
    },
    findMerged(files, kind, from, entry, isEnd) {
      const begun = begunAt(JSON.stringify(from), entry, isEnd);
      const namesNow = ({ looks, merged }: Kept) => {
        const parts = merged?.parts ?? [];
        const now = partLooks(files, parts);
        return now !== null && looks === begun.told + now ? namesOf(files, parts) : null;
      };
      const found = readKept(nameOf(firstKey(from), "merged", kind, begun.name), namesNow);
      const merged = found?.merged;
      return found === null || merged === undefined ? null : { ...found, merged };
    },
    keepMerged(files, from, entry, isEnd, stretch) {
      const begun = begunAt(JSON.stringify(from), entry, isEnd);
      const { parts } = stretch.merged;
      const looks = partLooks(files, parts);
      if (looks === null) return;
      const name = nameOf(firstKey(from), "merged", stretch.kind, begun.name);
      write(name, keptOf(stretch, namesOf(files, parts), begun.told + looks), stretch.cubes);
    },
  };
}

/** What begins at the end of a log is named by that alone, and by its window: once the log has grown, the next such stretch takes its place. */
function begunAt(
  from: number | string,
  entry: Entry,
  isEnd: boolean,
): { readonly name: string; readonly told: string } {
  const told = `${from} ${entry} `;
  const [, ...window] = entry.split(" ");
  return { name: isEnd ? ["end", ...window].join(" ") : told, told };
}

function fileOf({ file }: Sealed): string {
  return file;
}

function identityOf([first]: readonly Sealed[]): string {
  return first?.identity ?? "";
}

/** Of a file that is told by more, device and inode stand at the front. */
function firstKey(places: Places): string {
  const key = places.find((place) => place !== null)?.key ?? "";
  return key.split(":").slice(0, 2).join(":");
}

function stampOf(files: readonly Sealed[]): string {
  return files.map(({ stamp }) => stamp).join(" ");
}

/** `null` when there is none, when it is damaged, or when what it is about looks otherwise now. */
function readKept(
  name: string,
  namesNow: (kept: Kept) => readonly string[] | null,
): (Stretch & Partial<MergedStretch>) | null {
  try {
    const written = readFileSync(name);
    const body = written.subarray(DIGEST);
    if (digest(body) !== written.toString("latin1", 0, DIGEST)) return null;
    const [head, ...tables] = partsOf(body);
    const kept: Kept = JSON.parse(textOf(head));
    const files = namesNow(kept);
    if (files === null) return null;
    const { looks: _, files: before, cubes, answered, ...rest } = kept;
    const placeOf = renamed(before, files);
    const badLines = cubes.quality.badLines.map((line) => ({ ...line, at: placeOf(line.at) }));
    const quality = { ...cubes.quality, badLines };
    const unpacked = unpackTables((index) => textOf(tables[index]), placeOf);
    const packed = tables[CUBES.length];
    const counted = { ...cubes, quality, tables: unpacked };
    if (packed === undefined || answered === null) return { ...rest, isPacked: true, cubes: counted };
    const gaps = lazyGaps(answered, () => unpackGaps(textOf(packed), placeOf));
    return { ...rest, isPacked: true, cubes: { ...counted, gaps } };
  } catch {
    return null;
  }
}

function keptOf(
  { cubes, isPacked: _, ...rest }: Stretch & Partial<MergedStretch>,
  files: readonly string[],
  looks: string,
): Kept {
  const { tables: __, gaps, ...totals } = cubes;
  return { ...rest, cubes: totals, answered: gaps?.answered ?? null, looks, files };
}

/** A stretch as it is written, behind a digest of it and before its tables. */
interface Kept extends Omit<Stretch & Partial<MergedStretch>, "cubes" | "isPacked"> {
  readonly cubes: Omit<Cubes, "tables" | "gaps">;
  /** Calls of its gaps that somebody said yes or no to; `null`: gaps were not counted. */
  readonly answered: number | null;
  readonly looks: string;
  /** Names of its files then. */
  readonly files: readonly string[];
}

/** Each text compressed by itself, behind its length. */
function joined(texts: readonly string[]): Buffer {
  const parts = texts.flatMap((text) => {
    const bytes = deflateRawSync(text, { level: 3 });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(parts);
}

function partsOf(body: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 4 + body.readUInt32LE(at);
    parts.push(body.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

function textOf(part: Buffer | undefined): string {
  return part === undefined ? "[]" : inflateRawSync(part).toString("utf8");
}

const DIGEST = 40;

function digest(text: string | Buffer): string {
  return createHash("sha1").update(text).digest("hex");
}

function namesOf(files: PartFiles, parts: readonly Part[]): readonly string[] {
  return parts.map(({ key }) => files.name(key) ?? "");
}

/** A log that was full has another name by now: places in it are told by the new one. */
function renamed(before: readonly string[], now: readonly string[]): (at: string) => string {
  const names = new Map(before.map((name, index) => [name, now[index] ?? name]));
  if ([...names].every(([old, name]) => old === name)) return (at) => at;
  return (at) => {
    const end = at.lastIndexOf(":");
    const name = names.get(at.slice(0, end));
    return name === undefined ? at : `${name}${at.slice(end)}`;
  };
}
