/** From what the user names (`--audit PATH…`, a folder, `-`) to a log that can be scanned as often as needed. */
import { accessSync, constants, createReadStream, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { errorCode } from "../../store/append.js";
import { listSegments } from "../../store/segments.js";
import { type ByteSource, openPipe, openSource } from "./byte-source.js";
import type { RecordFilter, Scanned } from "./scan.js";
import { type Chain, type LogFile, type ScanOptions, type Sealed, scanBackward } from "./scan-backward.js";

export interface Scan {
  /** What it reads, as named. */
  readonly files: readonly string[];
  /** Of these files as they are stored, 0 for a pipe. */
  readonly bytes: number;
  readonly backward: (filter?: RecordFilter, options?: ScanOptions) => Generator<Scanned, void>;
  /** The logs it reads, each as its files, newest first; `null` when one of them is a pipe or a document. */
  readonly chains: () => readonly Chain[] | null;
  /** Gives back what pipes and documents were laid down in. */
  readonly close: () => void;
}

export type OpenedScan =
  | { readonly kind: "scan"; readonly scan: Scan }
  | {
      readonly kind: "failed";
      readonly code: "log_not_found" | "log_unreadable";
      readonly message: string;
      readonly hint: string;
    };

export interface OpenScanOptions {
  /** For `-`. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Where pipes and `.gz` files are laid down while they are read; default the system's folder for temporary files. */
  readonly spoolFolder?: string;
}

/** `paths`: files, `.gz` files, `.json` documents, folders, `-`. A path that does not exist and a folder without a log are error values. */
export async function openScan(paths: readonly string[], options: OpenScanOptions = {}): Promise<OpenedScan> {
  const spoolFolder = options.spoolFolder ?? tmpdir();
  const files: string[] = [];
  let bytes = 0;
  for (const path of paths.filter((one) => one !== "-")) {
    try {
      const segments = listSegments(path);
      if (segments.length === 0) return failed("log_not_found", `there is no log in \`${path}\``);
      for (const { file, size } of segments) {
        accessSync(file, constants.R_OK);
        files.push(file);
        bytes += size;
      }
    } catch (error) {
      const code = errorCode(error);
      if (code === "ENOENT") return failed("log_not_found", `\`${path}\` does not exist`);
      return failed("log_unreadable", `\`${path}\` cannot be read: ${code}`);
    }
  }
  const pipes: ByteSource[] = [];
  for (const path of paths.filter(isLaidDown)) {
    const input = path === "-" ? options.stdin : createReadStream(path);
    if (input === undefined) return failed("log_not_found", "there is no standard input to read");
    pipes.push(await openPipe(input, path, spoolFolder));
  }
  if (paths.includes("-")) files.push("-");

  const backward: Scan["backward"] = (filter, scanOptions) => {
    const seen = new Set<string>();
    const chains = paths.flatMap((path) => (isLaidDown(path) ? [] : chainsOf(path, seen, spoolFolder)));
    const kept = pipes.map((pipe) => [{ open: keptOpen(pipe) }]);
    return scanBackward([...chains, ...kept], filter, scanOptions);
  };
  const chains: Scan["chains"] = () => {
    const seen = new Set<string>();
    return pipes.length > 0 ? null : paths.flatMap((path) => chainsOf(path, seen, spoolFolder));
  };
  const close = () => {
    for (const pipe of pipes) pipe.close();
  };
  return { kind: "scan", scan: { files, bytes, backward, chains, close } };
}

/** Read once and kept: a pipe cannot be read again, a JSON document not from its end. */
function isLaidDown(path: string): boolean {
  return path === "-" || path.endsWith(".json");
}

/** Active and rotated files follow each other; every other file stands for itself. */
function chainsOf(path: string, seen: Set<string>, spoolFolder: string): Chain[] {
  const segments = listSegments(path);
  const alone = segments.filter(({ kind }) => kind === "imported" || kind === "other");
  const chains: Chain[] = alone.map(({ file, kind }) => {
    const one = logFile(file, seen, spoolFolder);
    return [kind === "imported" ? { ...one, sealed: () => sealedFile(file, seen, true) } : one];
  });
  if (alone.length < segments.length) chains.unshift(liveChain(path, segments[0]?.file ?? path, seen, spoolFolder));
  return chains;
}

/**
 * The active file is opened before the rotated ones are listed: when it is rotated in between, it is found again under
 * its new name and passed over; the other way round it would be missed.
 */
function* liveChain(path: string, newest: string, seen: Set<string>, spoolFolder: string): Generator<LogFile> {
  yield logFile(newest, seen, spoolFolder);
  if (newest === path) return;
  for (const { file, kind, firstMs, isCompressed } of listSegments(path)) {
    if (kind !== "rotated") continue;
    const sealed = () => sealedFile(file, seen, isCompressed);
    yield { ...logFile(file, seen, spoolFolder), sealed, ...(firstMs === undefined ? {} : { firstMs }) };
  }
}

function logFile(file: string, seen: Set<string>, spoolFolder: string): LogFile {
  // It may be closed and opened again.
  let own = "";
  const open = (): ByteSource | null => {
    const source = openIfThere(file, spoolFolder);
    if (source === null) return null;
    if (!seen.has(source.identity) || source.identity === own) {
      own = source.identity;
      seen.add(own);
      return source;
    }
    source.close();
    return null;
  };
  return { open };
}

/** Told by what the system says of it: a segment is written once, an import anew, and whatever changes one changes its times. */
function sealedFile(file: string, seen: Set<string>, isWhole: boolean): Sealed | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const identity = `${stat.dev}:${stat.ino}`;
  if (seen.has(identity)) return null;
  const stamp = [identity, stat.size, stat.mtimeMs, stat.ctimeMs].join(":");
  return { file, identity, stamp, isWhole };
}

/** `null` when it was removed meanwhile; when it was compressed meanwhile, that file. */
function openIfThere(file: string, spoolFolder: string): ByteSource | null {
  for (const name of [file, `${file}.gz`]) {
    try {
      return openSource(name, spoolFolder);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
    }
  }
  return null;
}

function keptOpen(pipe: ByteSource): () => ByteSource {
  return () => ({ ...pipe, close: () => {} });
}

function failed(code: "log_not_found" | "log_unreadable", message: string): OpenedScan {
  const hint =
    code === "log_not_found"
      ? "name a log with `--audit PATH`, or make one: `claude-permit import transcripts`"
      : "check the path and its permissions";
  return { kind: "failed", code, message, hint };
}
