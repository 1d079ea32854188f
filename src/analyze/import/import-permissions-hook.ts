/**
 * Logs of claude-code-permissions-hook -> `imported-permissions-hook.jsonl`. Their lines are read as the log reader reads
 * them, then told once a call. Both logs must be given in one go to be put together; a log is held in memory, as these
 * are small.
 */

import { type Bounds, DEFAULT_BOUNDS } from "../../core/audit/bounds.js";
import { decodeRecord } from "../../core/audit/decode.js";
import { encodeRecord } from "../../core/audit/encode.js";
import { protectRecord, type RedactText } from "../../core/audit/protect.js";
import type { AuditRecord } from "../../core/audit/record.js";
import { currentToolName } from "../../core/tool-call.js";
import { errorCode } from "../../store/error-code.js";
import { type DescribeCall, describedFields } from "./call-records.js";
import { readFileLines } from "./file-lines.js";
import { homeOf } from "./home-of.js";
import {
  type ImportedLine,
  type ImportedLogResult,
  importedLine,
  readImportedLog,
  writeImportedLog,
} from "./imported-log.js";
import { joinOlderLines, type OlderLine } from "./older-hook-calls.js";
import { definedOnly } from "./transcript-line.js";

export const IMPORTED_PERMISSIONS_HOOK = "imported-permissions-hook.jsonl";
const PERMISSIONS_HOOK_SOURCE = "permissions-hook";

export interface PermissionsHookImport {
  readonly files: readonly string[];
  /** Absolute path of the file to write. */
  readonly output: string;
  readonly describeCall: DescribeCall;
  readonly projectOf: (folder: string) => string;
  /** Home of the user who imports. */
  readonly home: string;
  readonly redact: RedactText;
  readonly bounds?: Bounds;
}

export interface PermissionsHookAccount {
  readonly files: readonly { readonly path: string; readonly lines: number; readonly fault?: string }[];
  /** Calls; lines that tell the same call count once. */
  readonly calls: number;
  readonly problems: readonly {
    readonly problem: string;
    readonly file: string;
    readonly offset: number;
    readonly length: number;
  }[];
  readonly written: ImportedLogResult;
}

/** Throws only what writing the output throws; the output is then as it was. */
export function importPermissionsHookLogs(options: PermissionsHookImport): PermissionsHookAccount {
  const files: { path: string; lines: number; fault?: string }[] = [];
  const problems: { problem: string; file: string; offset: number; length: number }[] = [];
  const lines: OlderLine[] = [];
  for (const path of options.files) {
    const account: (typeof files)[number] = { path, lines: 0 };
    try {
      for (const { text, offset, length } of readFileLines(path)) {
        account.lines++;
        const decoded = text === undefined ? ({ kind: "bad", problem: "too-long" } as const) : decodeRecord(text);
        if (decoded.kind === "record") lines.push(decoded);
        else problems.push({ problem: decoded.problem, file: path, offset, length });
      }
    } catch (error) {
      account.fault = errorCode(error);
      if (account.fault === "") throw error;
    }
    files.push(account);
  }
  const records = joinOlderLines(lines);
  const written = writeImportedLog(
    options.output,
    records.map((record) => lineOf(record, options)),
    () => earlierLines(options.output),
  );
  return { files, calls: records.length, problems, written };
}

function lineOf(record: AuditRecord, options: PermissionsHookImport): ImportedLine {
  const { tool_name, cwd } = record;
  const full: AuditRecord = {
    ...record,
    v: 1,
    imported_from: PERMISSIONS_HOOK_SOURCE,
    ...definedOnly({
      tool_name: tool_name === undefined ? undefined : currentToolName(tool_name),
      project: record.project ?? (cwd === undefined ? undefined : options.projectOf(cwd) || undefined),
      home: record.home ?? (homeOf(cwd ?? "", options.home) || undefined),
    }),
    ...describe(record, options),
  };
  const safe = protectRecord(full, options.redact, options.bounds ?? DEFAULT_BOUNDS);
  return importedLine(safe, encodeRecord(safe));
}

/** Nothing is said of an input that the older hook cut. */
function describe(record: AuditRecord, options: PermissionsHookImport): Partial<AuditRecord> {
  const input = record.tool_input;
  if (record.tool_name === undefined || record.input_truncated || !isFields(input)) return {};
  const cwd = record.cwd ?? "";
  const call = {
    tool: currentToolName(record.tool_name),
    input,
    cwd,
    home: homeOf(cwd, options.home),
    project: cwd === "" ? "" : options.projectOf(cwd),
    sessionId: record.session_id,
    permissionMode: record.permission_mode,
    attended: true,
  };
  return describedFields(call, options.describeCall);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function* earlierLines(path: string): Generator<ImportedLine> {
  for (const earlier of readImportedLog(path)) {
    if (earlier.kind === "record") yield importedLine(earlier.record, earlier.text);
  }
}
