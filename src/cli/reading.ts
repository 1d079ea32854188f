/** Where a report's numbers come from: the log of this machine, counted here, or an engine that holds what machines shipped (`--source`). */
import type { Cubes } from "../analyze/cubes/fold.js";
import type { FoldLogOptions } from "../analyze/cubes/fold-log.js";
import type { Completeness } from "../analyze/engine/completeness.js";
import type { RecordFilter, Scanned, Window } from "../analyze/scan/scan.js";
import type { Invocation } from "./command.js";
import { countLog } from "./count-log.js";
import { openLog, readRecords, resolveSession, sourceOf } from "./open-log.js";

export interface Reading {
  /** What is read, as named to the user. */
  readonly files: readonly string[];
  /** A session as typed -> its id. Throws a CliError. */
  session(text: string): Promise<string>;
  count(options: Omit<FoldLogOptions, "rollups">): Promise<Cubes>;
  /** What is counted tells of gaps and answered calls too. */
  readonly tellsCalls: boolean;
  /** Newest first; `null` when the calls themselves are not there. */
  records(read: RecordFilter): Promise<Iterable<Scanned> | null>;
  /** `null` for a log: its quality says it. */
  completeness(window: Window): Promise<Completeness | null>;
  close(): Promise<void>;
}

/** Throws a CliError when there is nothing to read. The caller closes it. */
export async function openReading(invocation: Invocation): Promise<Reading> {
  const source = sourceOf(invocation);
  if (source !== undefined) return (await import("./source-reading.js")).openSourceReading(source);
  const scan = await openLog(invocation);
  return {
    files: scan.files,
    session: async (text) => resolveSession(scan, text),
    count: async (options) => countLog(invocation, scan, options),
    tellsCalls: true,
    records: async (read) => readRecords(invocation, scan, read, { isLazy: true }),
    completeness: async () => null,
    close: async () => scan.close(),
  };
}

/** Runs `read` and closes what was opened whatever happens. */
export async function withReading<T>(invocation: Invocation, read: (reading: Reading) => Promise<T>): Promise<T> {
  const reading = await openReading(invocation);
  try {
    return await read(reading);
  } finally {
    await reading.close();
  }
}

/** A log or source named on the command line may be other machines': this one's rules and history say nothing about it. */
export function isElsewhere({ flags }: Pick<Invocation, "flags">): boolean {
  return flags.list("audit").length > 0 || flags.text("source") !== undefined;
}
