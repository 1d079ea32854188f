/**
 * `prune`: compresses the log's sealed segments and removes those past `[settings.audit] retain_days`. What a removed
 * segment added up to, day by day, stays in `state/retired.jsonl`.
 */
import { basename, join } from "node:path";
import { type Cubes, count, foldRecords, rowsOf } from "../../analyze/cubes/fold.js";
import { openScan } from "../../analyze/scan/open-scan.js";
import { UTC } from "../../analyze/zone.js";
import { formatTimestamp } from "../../core/audit/timestamp.js";
import { appendLine } from "../../store/append.js";
import { compressSegment, removeUnfinished } from "../../store/compress-segment.js";
import { errorCode } from "../../store/error-code.js";
import { withLock } from "../../store/lock.js";
import { planUpkeep, type Upkeep } from "../../store/plan-upkeep.js";
import { removeSegment } from "../../store/remove-segment.js";
import { listSegments, type Segment } from "../../store/segments.js";
import type { Invocation } from "../command.js";
import { currentPolicy } from "../current-policy.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { safeText } from "../print.js";
import { refuseReadOnly, refuseUnderClaude } from "../refuse.js";
import { locationsOf } from "../where.js";

/** What became of one segment; `bytes`: on disk before and after. */
interface Done {
  readonly segment: string;
  readonly did: "compressed" | "removed" | "left";
  readonly bytes: { readonly before: number; readonly after: number };
  readonly why?: string;
}

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const isDry = flags.on("dryRun");
  if (!isDry) {
    refuseUnderClaude(invocation, "`prune`");
    refuseReadOnly(invocation, "`prune`");
  }
  const { home } = locationsOf(invocation);
  const { retainDays } = (await currentPolicy(invocation, io.cwd)).settings.audit;
  const plan = () => planUpkeep(segmentsOf(home), retainDays, io.now());
  const done = isDry ? planned(plan()) : await locked(home, () => carryOut(invocation, plan()));
  if (json) io.stdout.write(`${JSON.stringify({ dry_run: isDry, retain_days: retainDays, segments: done })}\n`);
  else io.stdout.write(told(done, isDry));
  return done.some(({ did }) => did === "left") ? EXIT.failed : EXIT.fine;
}

function segmentsOf(home: string): readonly Segment[] {
  try {
    return listSegments(home);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw new CliError("log_unreadable", `\`${home}\` cannot be read: ${errorCode(error)}`);
  }
}

async function locked<T>(home: string, act: () => Promise<T>): Promise<T> {
  try {
    return await withLock(join(home, "state", "prune"), act);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ELOCKED") throw new CliError("busy", "another `prune` is at work", "wait for it to end");
    if (["EACCES", "EROFS", "EPERM"].includes(code))
      throw new CliError("cannot_write", `\`${home}\` cannot be written: ${code}`);
    throw error;
  }
}

function planned({ compress, remove }: Upkeep): Done[] {
  const as = (did: Done["did"]) => (segment: Segment) => ({
    segment: basename(segment.file),
    did,
    bytes: { before: segment.size, after: did === "removed" ? 0 : segment.size },
  });
  return [...remove.map(as("removed")), ...compress.map(as("compressed"))];
}

async function carryOut(invocation: Invocation, { compress, remove }: Upkeep): Promise<Done[]> {
  const { home, state } = locationsOf(invocation);
  const done: Done[] = [];
  removeUnfinished(home);
  for (const segment of remove) {
    const kept = appendLine(join(state, "retired.jsonl"), await retiredLine(segment, invocation.io.now()));
    const why = kept.kind === "failed" ? kept.code : removeSegment(segment.file);
    done.push(outcome(segment, why === null ? { did: "removed", after: 0 } : { why }));
  }
  for (const segment of compress) {
    const result = await compressSegment(segment.file);
    const why = result.kind === "changed" ? "it was written to" : result.kind === "failed" ? result.code : "";
    done.push(outcome(segment, result.kind === "compressed" ? { did: "compressed", after: result.bytes } : { why }));
  }
  return done;
}

function outcome(
  { file, size }: Segment,
  became: { readonly did: "compressed" | "removed"; readonly after: number } | { readonly why: string },
): Done {
  const segment = basename(file);
  if ("why" in became) return { segment, did: "left", bytes: { before: size, after: size }, why: became.why };
  return { segment, did: became.did, bytes: { before: size, after: became.after } };
}

const FIGURES = ["calls", "approved", "asked", "blocked", "left_alone", "unsafe"] as const;

/** What the segment adds up to by days of UTC: written again when a removal was cut short, the last line counts. */
async function retiredLine({ file, size }: Segment, now: number): Promise<string> {
  const opened = await openScan([file]);
  if (opened.kind === "failed") throw new CliError(opened.code, opened.message, opened.hint);
  let cubes: Cubes;
  try {
    const records = opened.scan.backward({}, { isLazy: true });
    cubes = foldRecords(records, { window: {}, zone: UTC, now, cubes: ["days"] });
  } finally {
    opened.scan.close();
  }
  const days = rowsOf(cubes, "days")
    .map((row) => ({ day: row.keys.day ?? "", ...Object.fromEntries(FIGURES.map((name) => [name, count(row, name)])) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const moment = (timeMs: number | null) => (timeMs === null ? null : formatTimestamp(timeMs));
  const line = {
    segment: basename(file),
    bytes: size,
    first: moment(cubes.first),
    last: moment(cubes.last),
    removed_at: formatTimestamp(now),
    records: cubes.quality.records,
    unusable: cubes.quality.unusable,
    days,
  };
  return `${JSON.stringify(line)}\n`;
}

function told(done: readonly Done[], isDry: boolean): string {
  if (done.length === 0) return "nothing to compress, nothing past its time\n";
  const lines = done.map(({ segment, did, bytes, why }) => {
    const sizes =
      did === "compressed" && !isDry
        ? `${megabytes(bytes.before)} to ${megabytes(bytes.after)}`
        : megabytes(bytes.before);
    const verb = did === "left" ? `left as it is (${why})` : isDry ? `would be ${did}` : did;
    return `${safeText(segment)}  ${verb}, ${sizes}\n`;
  });
  return lines.join("");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
