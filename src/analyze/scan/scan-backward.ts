/**
 * Several logs as one, newest first: the active file and its rotated segments one after the other, other files merged in
 * by time. A file is opened when its turn comes and not before; a scan that is left early opens and reads no more.
 */
import type { ByteSource } from "./byte-source.js";
import type { RecordFilter, Scanned } from "./scan.js";
import { newScanStats, type ScanStats, SLACK_MS, type SourceOptions, scanSource } from "./scan-source.js";

/** A file of the log, opened by the scan and closed by it. */
export interface LogFile {
  /** `null`: another name of a file that is read already, or gone. */
  readonly open: () => ByteSource | null;
  /** Nothing in it is older, give or take the slack. */
  readonly firstMs?: number;
  /** Of a file to which nothing is added any more; `null`: another name of one that is read already, or gone. */
  readonly sealed?: () => Sealed | null;
}

/** A file that need not be opened by who knows already what is in it. */
export interface Sealed {
  readonly file: string;
  /** Device and inode: two names of one file are one. */
  readonly identity: string;
  /** Another one for other content. */
  readonly stamp: string;
  /** It is only ever replaced as a whole; any other may have been counted in part while lines were still added to it. */
  readonly isWhole: boolean;
}

/** Files that follow each other in time, the newest first; asked for the next only when it has opened and read the last. */
export type Chain = Iterable<LogFile>;

export interface ScanOptions extends SourceOptions {
  readonly stats?: ScanStats;
}

/**
 * Records that match and every unusable line met on the way. INVARIANT: each file's lines come in reverse order; between
 * files by time, as far as each is in order itself.
 */
export function* scanBackward(
  chains: readonly Chain[],
  filter: RecordFilter = {},
  options: ScanOptions = {},
): Generator<Scanned, void> {
  const stats = options.stats ?? newScanStats();
  const streams = chains.map((chain) => scanChain(chain, filter, stats, options));
  try {
    if (streams.length === 1) yield* streams[0] ?? [];
    else yield* mergeNewestFirst(streams);
  } finally {
    for (const stream of streams) stream.return();
  }
}

function* scanChain(
  chain: Chain,
  filter: RecordFilter,
  stats: ScanStats,
  options: SourceOptions,
): Generator<Scanned, void> {
  for (const { open, firstMs } of chain) {
    if (firstMs !== undefined && filter.until !== undefined && firstMs >= filter.until + SLACK_MS) continue;
    const source = open();
    if (source === null) continue;
    try {
      const isPast = yield* scanSource(source, filter, stats, options);
      if (isPast) return;
    } finally {
      source.close();
    }
    if (firstMs !== undefined && filter.since !== undefined && firstMs < filter.since - SLACK_MS) return;
  }
}

/** Bad lines have no time and go on at once; of equal moments the earlier stream's goes first. */
function* mergeNewestFirst(streams: readonly Generator<Scanned, void>[]): Generator<Scanned, void> {
  const heads: { readonly stream: Generator<Scanned, void>; scanned: Extract<Scanned, { kind: "record" }> }[] = [];
  for (const stream of streams) {
    const scanned = yield* nextRecord(stream);
    if (scanned !== null) heads.push({ stream, scanned });
  }
  while (heads.length > 0) {
    const newest = heads.reduce((best, head) => (head.scanned.timeMs > best.scanned.timeMs ? head : best));
    yield newest.scanned;
    const scanned = yield* nextRecord(newest.stream);
    if (scanned === null) heads.splice(heads.indexOf(newest), 1);
    else newest.scanned = scanned;
  }
}

function* nextRecord(
  stream: Generator<Scanned, void>,
): Generator<Scanned, Extract<Scanned, { kind: "record" }> | null> {
  for (;;) {
    const next = stream.next();
    if (next.done) return null;
    if (next.value.kind === "record") return next.value;
    yield next.value;
  }
}
