/**
 * Claude Code's own transcripts -> `imported-transcripts.jsonl`: every call with what was decided about it, by whom as
 * far as the transcript tells, and its outcome. A call the hook logged is not told twice. Lines that cannot be used are
 * counted and located; importing the same transcripts again changes nothing.
 */

import { type Bounds, DEFAULT_BOUNDS } from "../../core/audit/bounds.js";
import { encodeRecord } from "../../core/audit/encode.js";
import { protectRecord, type RedactText } from "../../core/audit/protect.js";
import type { AuditRecord } from "../../core/audit/record.js";
import type { Tier } from "../../core/decision.js";
import { errorCode } from "../../store/error-code.js";
import { type DescribeCall, recordsOfCall } from "./call-records.js";
import { readFileLines } from "./file-lines.js";
import { homeOf } from "./home-of.js";
import {
  type ImportedLine,
  type ImportedLogResult,
  importedLine,
  readImportedLog,
  writeImportedLog,
} from "./imported-log.js";
import type { LoggedCalls } from "./logged-calls.js";
import { readTranscriptCalls, type TranscriptCall, type TranscriptProblem } from "./transcript-calls.js";
import type { TranscriptFile } from "./transcript-files.js";

export const IMPORTED_TRANSCRIPTS = "imported-transcripts.jsonl";

export interface TranscriptImport {
  /** In the order they are read; of a call that stands in two files the first one counts. */
  readonly files: readonly TranscriptFile[];
  /** Absolute path of the file to write. */
  readonly output: string;
  readonly logged: LoggedCalls;
  readonly describeCall: DescribeCall;
  /** Start folder of a session -> root of its project. */
  readonly projectOf: (startFolder: string) => string;
  /** Home of the user who imports. */
  readonly home: string;
  readonly redact: RedactText;
  readonly bounds?: Bounds;
  /** Called after each file with the bytes read so far. */
  readonly progress?: (bytes: number, file: string) => void;
}

export interface TranscriptAccount {
  readonly files: readonly FileAccount[];
  /** Calls read, copies left out. */
  readonly calls: number;
  readonly byTier: Readonly<Partial<Record<Tier, number>>>;
  /** Calls with a result. */
  readonly results: number;
  /** Of the calls, those the hook had logged; of these, those that gained an outcome. */
  readonly alreadyLogged: number;
  readonly gainedOutcome: number;
  /** Calls met again, as a resumed session repeats them. */
  readonly copies: number;
  /** Lines that hold no call, by type. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly problemCounts: Readonly<Partial<Record<TranscriptProblem, number>>>;
  /** The first hundred, located. */
  readonly problems: readonly TranscriptFault[];
  /** Lines of the earlier import that could not be read and are left out now. */
  readonly lostEarlier: number;
  readonly written: ImportedLogResult;
}

interface FileAccount {
  readonly path: string;
  readonly calls: number;
  readonly problems: number;
  /** The system's code when the file could not be read, or not to its end. */
  readonly fault?: string;
}

interface TranscriptFault {
  readonly problem: TranscriptProblem;
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length: number;
}

const MAX_FAULTS = 100;

/** Throws only what writing the output throws; the output is then as it was. */
export function importTranscripts(options: TranscriptImport): TranscriptAccount {
  const tally = new Tally();
  const seen = new SeenCalls();
  for (const earlier of readImportedLog(options.output)) {
    if (earlier.kind === "bad") tally.lostEarlier++;
    else seen.remember(earlier.record);
  }
  const fresh = freshLines(options, tally, seen);
  const written = writeImportedLog(options.output, fresh, () => earlierLines(options));
  return { ...tally, written };
}

class Tally {
  files: FileAccount[] = [];
  calls = 0;
  byTier: Partial<Record<Tier, number>> = {};
  results = 0;
  alreadyLogged = 0;
  gainedOutcome = 0;
  copies = 0;
  skipped: Record<string, number> = {};
  problemCounts: Partial<Record<TranscriptProblem, number>> = {};
  problems: TranscriptFault[] = [];
  lostEarlier = 0;

  problem(fault: TranscriptFault): void {
    this.problemCounts[fault.problem] = (this.problemCounts[fault.problem] ?? 0) + 1;
    if (this.problems.length < MAX_FAULTS) this.problems.push(fault);
  }
}

/** A resumed session repeats its lines under a new session id: the same call at the same moment is one call. */
class SeenCalls {
  readonly #calls = new Map<string, { readonly sessionId: string; met: boolean }>();

  /** An earlier import said whose call it is. */
  remember(record: AuditRecord): void {
    if (record.event !== "PreToolUse" || record.tool_use_id === undefined) return;
    const key = `${record.tool_use_id} ${Date.parse(record.timestamp)}`;
    this.#calls.set(key, { sessionId: record.session_id, met: false });
  }

  isCopy(call: TranscriptCall): boolean {
    const key = `${call.toolUseId} ${call.timeMs}`;
    const known = this.#calls.get(key);
    if (known === undefined) {
      this.#calls.set(key, { sessionId: call.call.sessionId, met: true });
      return false;
    }
    const isCopy = known.met || known.sessionId !== call.call.sessionId;
    known.met = true;
    return isCopy;
  }
}

function* freshLines(options: TranscriptImport, tally: Tally, seen: SeenCalls): Generator<ImportedLine> {
  const projects = new Map<string, string>();
  let bytes = 0;
  for (const file of options.files) {
    let calls = 0;
    let problems = 0;
    let fault = "";
    const context = {
      sessionId: file.sessionId,
      homeOf: (cwd: string) => homeOf(cwd, options.home),
      // A subagent's file may start in a folder below the one its session started in.
      projectOf: (startFolder: string) => {
        const project = projects.get(file.sessionId) ?? options.projectOf(startFolder);
        projects.set(file.sessionId, project);
        return project;
      },
    };
    try {
      for (const item of readTranscriptCalls(readFileLines(file.path), context)) {
        if (item.kind === "skipped") tally.skipped[item.type] = (tally.skipped[item.type] ?? 0) + 1;
        else if (item.kind === "problem") {
          problems++;
          tally.problem({ problem: item.problem, file: file.path, offset: item.offset, length: item.length });
        } else if (seen.isCopy(item)) tally.copies++;
        else {
          calls++;
          yield* linesOfCall(item, options, tally);
        }
      }
    } catch (error) {
      fault = errorCode(error);
      if (fault === "") throw error;
    }
    tally.files.push({ path: file.path, calls, problems, ...(fault === "" ? {} : { fault }) });
    bytes += file.bytes;
    options.progress?.(bytes, file.path);
  }
}

function* linesOfCall(call: TranscriptCall, options: TranscriptImport, tally: Tally): Generator<ImportedLine> {
  const logged = options.logged.find(call.call.sessionId, call.toolUseId);
  const { observed, records } = recordsOfCall(call, logged, options.describeCall);
  tally.calls++;
  tally.byTier[observed.tier] = (tally.byTier[observed.tier] ?? 0) + 1;
  if (call.result !== undefined) tally.results++;
  if (logged !== undefined) tally.alreadyLogged++;
  if (logged !== undefined && records.length > 0) tally.gainedOutcome++;
  for (const record of records) {
    const safe = protectRecord(record, options.redact, options.bounds ?? DEFAULT_BOUNDS);
    yield importedLine(safe, encodeRecord(safe));
  }
}

/** What earlier imports wrote, but for what the hook's log has told since. */
function* earlierLines(options: TranscriptImport): Generator<ImportedLine> {
  for (const earlier of readImportedLog(options.output)) {
    if (earlier.kind === "bad") continue;
    const { session_id, tool_use_id, event } = earlier.record;
    const logged = tool_use_id === undefined ? undefined : options.logged.find(session_id, tool_use_id);
    const isDecision = event === "PreToolUse" || event === "PermissionRequest";
    if (logged === undefined || (!isDecision && !logged.hasOutcome)) yield importedLine(earlier.record, earlier.text);
  }
}
