#!/usr/bin/env node
/**
 * Development only: lays the flat rows of a tool call collection (one call a row, see `fixtures/sample/ATTRIBUTION.md`)
 * out as the transcript files Claude Code would have left, so that the real import can be run on real sessions. Texts
 * that the rows do not hold (results, comments) become filler of the same length. It invents no time: a row without
 * one becomes lines without one.
 *
 *   node scripts/transcripts-from-shared.mjs <rows.jsonl.gz> <projects folder>
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** @typedef {Record<string, any>} Row */

/** @returns {Row[]} */
export function readRows(path) {
  return gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Writes one folder a start folder, one file a session and one a subagent; returns how many files. */
export function writeTranscripts(rows, projectsFolder) {
  const files = new Map();
  const startFolders = new Map();
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) {
    if (!startFolders.has(row.session_id)) startFolders.set(row.session_id, row.cwd);
    const path = join(projectsFolder, ...pathOf(row, startFolders.get(row.session_id)));
    files.set(path, [...(files.get(path) ?? []), row]);
  }
  for (const [path, fileRows] of files) {
    mkdirSync(dirname(path), { recursive: true });
    const lines = linesOf(fileRows);
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    // Files as old as their last line, as Claude Code leaves them.
    const last = lines.findLast((line) => line.timestamp !== undefined)?.timestamp ?? "2000-01-01T00:00:00Z";
    utimesSync(path, new Date(last), new Date(last));
  }
  return files.size;
}

function pathOf(row, startFolder) {
  const slug = startFolder.replaceAll(/[^A-Za-z0-9]/g, "-").slice(0, 200);
  if (row.caller) return [slug, row.session_id, "subagents", `agent-${row.caller}.jsonl`];
  return [slug, `${row.session_id}.jsonl`];
}

/** Lines in the order of their times; rows without times in the order of the session. */
function linesOf(rows) {
  const ordered = rows.toSorted((a, b) => a.seq - b.seq);
  const lines = [];
  let mode;
  for (const row of ordered) {
    const timeMs = row.timestamp ? Date.parse(row.timestamp) : undefined;
    if (row.permission_mode && row.permission_mode !== mode) {
      mode = row.permission_mode;
      lines.push({ timeMs, line: promptLine(row, mode) });
    }
    lines.push({ timeMs, line: callLine(row) });
    if (row.is_error === null) continue;
    const resultMs = timeMs === undefined ? undefined : timeMs + (row.duration_ms ?? 0);
    lines.push({ timeMs: resultMs, line: resultLine(row, resultMs) });
  }
  if (lines.every((entry) => entry.timeMs !== undefined)) lines.sort((a, b) => a.timeMs - b.timeMs);
  return lines.map((entry) => entry.line);
}

function common(row, part, timeMs) {
  return {
    parentUuid: null,
    isSidechain: row.sidechain === true,
    ...(row.caller ? { agentId: row.caller } : {}),
    userType: "external",
    cwd: row.cwd,
    sessionId: row.session_id,
    version: row.version,
    gitBranch: "",
    uuid: uuidOf(`${row.session_id} ${row.seq} ${part}`),
    ...(timeMs === undefined ? {} : { timestamp: new Date(timeMs).toISOString() }),
  };
}

function promptLine(row, mode) {
  const timeMs = row.timestamp ? Date.parse(row.timestamp) : undefined;
  return {
    ...common(row, "prompt", timeMs),
    type: "user",
    permissionMode: mode,
    message: { role: "user", content: "(prompt left out)" },
  };
}

function callLine(row) {
  const timeMs = row.timestamp ? Date.parse(row.timestamp) : undefined;
  const use = { type: "tool_use", id: row.tool_use_id, name: row.tool_name, input: row.tool_input };
  const message = { id: `msg_${row.seq}`, type: "message", role: "assistant", model: row.model, content: [use] };
  return { ...common(row, "call", timeMs), type: "assistant", message };
}

function resultLine(row, timeMs) {
  const text = resultText(row);
  const block = { tool_use_id: row.tool_use_id, type: "tool_result", content: text };
  return {
    ...common(row, "result", timeMs),
    type: "user",
    message: { role: "user", content: [row.is_error ? { ...block, is_error: true } : block] },
    ...(row.is_error ? { toolUseResult: errorSummary(row, text) } : {}),
    ...(hasDenialKind(row) && DENIAL_KINDS[row.rejected] ? { toolDenialKind: DENIAL_KINDS[row.rejected] } : {}),
  };
}

const DENIAL_KINDS = {
  user: "user-rejected",
  needs_grant: "user-rejected",
  permission_rule: "permission-rule",
  hook: "permission-rule",
  auto_mode_classifier: "automode-blocked",
};

/** Written by Claude Code from about 2.1.220 on. */
function hasDenialKind(row) {
  const [major, minor, patch] = row.version.split(".").map(Number);
  return major > 2 || (major === 2 && (minor > 1 || (minor === 1 && patch >= 220)));
}

function errorSummary(row, text) {
  return row.rejected === "user" && !row.rejected_with_feedback ? "User rejected tool use" : `Error: ${text}`;
}

function resultText(row) {
  const length = row.result_chars ?? 0;
  if (!row.is_error) return ".".repeat(length);
  const text = errorText(row);
  return text.endsWith(">") ? text : text + ".".repeat(Math.max(0, length - text.length));
}

const REJECTED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).";

const DENIED_FOLDER =
  "<tool_use_error>File is in a directory that is denied by your permission settings.</tool_use_error>";

/** The texts Claude Code gives the model, by what the row says happened. */
function errorText(row) {
  const kind = row.error_kind ?? "";
  if (kind.startsWith("tool_use_error:File is in a directory")) return DENIED_FOLDER;
  if (kind.startsWith("tool_use_error:")) return `<tool_use_error>${kind.slice(15)}</tool_use_error>`;
  switch (row.rejected) {
    case "user":
      return row.rejected_with_feedback
        ? `${REJECTED} To tell you how to proceed, the user said:\n`
        : `${REJECTED} STOP what you are doing and wait for the user to tell you how to proceed.`;
    case "hook":
      return `PreToolUse:${row.tool_name} hook error: `;
    case "permission_rule":
      return row.tool_input.command === undefined
        ? `Permission to use ${row.tool_name} has been denied.`
        : `Permission to use ${row.tool_name} with command ${row.tool_input.command} has been denied.`;
    case "auto_mode_classifier":
      return "Permission for this action was denied by the Claude Code auto mode classifier. Reason: ";
    case "needs_grant":
      return `Claude requested permissions to write to ${row.tool_input.file_path}, but you haven't granted it yet.`;
    case "permission_stream_closed":
      return "Tool permission request failed: Error: Tool permission stream closed before response received";
    default:
      if (kind.startsWith("exit:")) return `Exit code ${kind.slice(5)}\n`;
      return row.rejected === "interrupt" ? "[Request interrupted by user for tool use]" : "Error: ";
  }
}

function uuidOf(text) {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function main([rowsPath, projectsFolder]) {
  if (rowsPath === undefined || projectsFolder === undefined) {
    process.stderr.write("usage: transcripts-from-shared.mjs <rows.jsonl.gz> <projects folder>\n");
    process.exitCode = 2;
    return;
  }
  const rows = readRows(rowsPath);
  const files = writeTranscripts(rows, projectsFolder);
  process.stdout.write(`${rows.length} calls in ${files} files\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
