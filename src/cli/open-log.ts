/** From an invocation to its log: which files, which session `last` means, and a progress bar when the reading is long. */
import { type FoundSession, findSession } from "../analyze/scan/find-session.js";
import { openScan, type Scan } from "../analyze/scan/open-scan.js";
import type { RecordFilter, Scanned } from "../analyze/scan/scan.js";
import type { ScanOptions } from "../analyze/scan/scan-backward.js";
import { newScanStats } from "../analyze/scan/scan-source.js";
import type { Invocation } from "./command.js";
import { CliError } from "./exit.js";
import { startProgress } from "./progress.js";
import { locationsOf } from "./where.js";

/** What `--source` names instead of a log. */
export function sourceOf({ flags }: Pick<Invocation, "flags">): string | undefined {
  const source = flags.text("source");
  if (source === undefined || flags.list("audit").length === 0) return source;
  throw new CliError("bad_usage", "--audit names a log and --source an engine", "give one of them");
}

/** Throws a CliError when there is no log to read. The caller closes it. */
export async function openLog({ io, flags }: Pick<Invocation, "io" | "flags">): Promise<Scan> {
  const source = sourceOf({ flags });
  if (source !== undefined) return (await import("./source-reading.js")).openSourceScan(source, {});
  const given = flags.list("audit");
  if (given.includes("-") && io.stdin.isTTY === true) {
    throw new CliError("bad_usage", "`--audit -` reads standard input, and that is a terminal", "pipe a log into it");
  }
  const opened = await openScan(given.length > 0 ? given : [locationsOf({ io, flags }).home], io);
  if (opened.kind === "scan") return opened.scan;
  const hint =
    given.length > 0
      ? opened.hint
      : "register the hook, or start from your transcripts: claude-permit import transcripts";
  throw new CliError(opened.code, opened.message, hint);
}

/** Runs `read` and closes the log whatever happens. */
export async function withLog<T>(invocation: Pick<Invocation, "io" | "flags">, read: (scan: Scan) => T): Promise<T> {
  const scan = await openLog(invocation);
  try {
    return read(scan);
  } finally {
    scan.close();
  }
}

/**
 * The records of a filter, newest first, with a bar on stderr when it takes more than a moment. `isLazy`: to be counted,
 * not copied or printed.
 */
export function* readRecords(
  { io, quiet }: Pick<Invocation, "io" | "quiet">,
  scan: Scan,
  filter: RecordFilter,
  { isLazy = false }: Pick<ScanOptions, "isLazy"> = {},
): Generator<Scanned, void> {
  const stats = newScanStats();
  const progress = startProgress(io, quiet, scan.bytes);
  try {
    for (const scanned of scan.backward(filter, { stats, isLazy })) {
      progress.reached(stats.bytesRead);
      yield scanned;
    }
  } finally {
    progress.stop();
  }
}

/** A session as typed (an id, the beginning of one, `last`, `last-1`) -> its id. */
export function resolveSession(scan: Scan, text: string): string {
  const found = findSession(scan, text);
  if (found.kind === "session") return found.id;
  throw sessionNotFound(found, text);
}

export function sessionNotFound(found: Extract<FoundSession, { kind: "none" }>, text: string): CliError {
  return new CliError(
    "session_not_found",
    found.isBack
      ? `the log has ${found.sessions} sessions, too few for \`${text}\``
      : `no session \`${text}\` in the log`,
    found.newest.length > 0 ? `the newest are ${found.newest.map((id) => `\`${id}\``).join(", ")}` : undefined,
  );
}
