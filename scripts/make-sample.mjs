#!/usr/bin/env node
/**
 * Makes `fixtures/sample/audit.jsonl`: one real week of public Claude Code sessions, as claude-permit's hook would have
 * logged it under the starter policy. Each call goes through the real transcript reader and the real hook; its outcome
 * is the one its transcript tells. The same rows, policy and code give the same bytes. Needs a build (`npm run build`).
 *
 *   node scripts/make-sample.mjs <folder with claude_toolcalls.jsonl.gz, MANIFEST.json and LICENSES/> [output folder]
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileLines } from "../dist/analyze/import/file-lines.js";
import { homeOf } from "../dist/analyze/import/home-of.js";
import { observeDecision } from "../dist/analyze/import/observed-decision.js";
import { readTranscriptCalls } from "../dist/analyze/import/transcript-calls.js";
import { findTranscripts } from "../dist/analyze/import/transcript-files.js";
import { encodeRecord } from "../dist/core/audit/encode.js";
import { protectRecord } from "../dist/core/audit/protect.js";
import { newRecordId } from "../dist/core/audit/record-id.js";
import { redactText } from "../dist/core/audit/redact.js";
import { formatProblem } from "../dist/core/errors.js";
import { compilePolicy } from "../dist/core/policy/compile.js";
import { evaluate } from "../dist/core/policy/evaluate.js";
import { parsePolicyFile } from "../dist/core/policy/parse-policy-file.js";
import { analyzeShell } from "../dist/core/shell/analyze.js";
import { runHook } from "../dist/hook/run-hook.js";
import { readRows, writeTranscripts } from "./transcripts-from-shared.mjs";

/** A busy week of the collection, Monday to Sunday, UTC, in which the starter policy denies something. */
const WEEK = { since: "2026-01-26", until: "2026-02-02" };
const CALLS_A_DAY = 240;
const HOME = "/Users/user";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Whole sessions of the week, those with most denied, asked and refused calls first, until each day has enough. */
function chooseSessions(rows, policy) {
  const sessions = new Map();
  for (const row of rows) sessions.set(row.session_id, [...(sessions.get(row.session_id) ?? []), row]);
  const inWeek = (row) => row.timestamp !== null && row.timestamp >= WEEK.since && row.timestamp < WEEK.until;
  const candidates = [...sessions]
    .filter(([, calls]) => calls.every(inWeek) && calls.length <= CALLS_A_DAY)
    .map(([id, calls]) => ({
      id,
      calls,
      day: calls
        .map((row) => row.timestamp)
        .sort()[0]
        .slice(0, 10),
      interest: calls.filter((row) => row.rejected !== null || isHeld(row, calls[0].cwd, policy)).length,
    }))
    .sort((a, b) => b.interest - a.interest || b.calls.length - a.calls.length || (a.id < b.id ? -1 : 1));
  const left = new Map();
  return candidates.filter(({ day, calls }) => {
    const room = left.get(day) ?? CALLS_A_DAY;
    if (calls.length > room) return false;
    left.set(day, room - calls.length);
    return true;
  });
}

function isHeld(row, project, policy) {
  const call = {
    tool: row.tool_name,
    input: row.tool_input,
    cwd: row.cwd,
    home: HOME,
    project,
    sessionId: row.session_id,
    permissionMode: row.permission_mode,
    attended: true,
  };
  const deps = { resolvePath: (absolute) => absolute, parseShell: analyzeShell, now: 0 };
  return ["deny", "ask"].includes(evaluate(policy, call, deps).decision);
}

/** What Claude Code would have sent to the hook, in the order of the clock. */
function eventsOf(projectsFolder) {
  const events = [];
  const spans = new Map();
  const order = {
    SessionStart: 0,
    PreToolUse: 1,
    PermissionRequest: 2,
    PostToolUse: 3,
    PostToolUseFailure: 3,
    SessionEnd: 4,
  };
  const add = (timeMs, event, project) => {
    events.push({ timeMs, rank: order[event.hook_event_name], event, project });
    const span = spans.get(event.session_id) ?? { first: timeMs, last: timeMs, event, project };
    spans.set(event.session_id, { ...span, first: Math.min(span.first, timeMs), last: Math.max(span.last, timeMs) });
  };
  const projects = new Map();
  for (const file of findTranscripts([projectsFolder]).files) {
    const projectOf = (folder) => projects.get(file.sessionId) ?? folder;
    const context = { sessionId: file.sessionId, projectOf, homeOf: (cwd) => homeOf(cwd, HOME) };
    for (const item of readTranscriptCalls(readFileLines(file.path), context)) {
      if (item.kind !== "call") continue;
      const { call, timeMs, result } = item;
      projects.set(call.sessionId, call.project);
      const common = {
        session_id: call.sessionId,
        cwd: call.cwd,
        permission_mode: call.permissionMode,
        agent_id: call.agentId,
        tool_name: call.tool,
        tool_input: call.input,
      };
      const named = { ...common, tool_use_id: item.toolUseId };
      const observed = observeDecision(result);
      add(timeMs, { ...named, hook_event_name: "PreToolUse", observed }, call.project);
      add(timeMs, { ...common, hook_event_name: "PermissionRequest", call: item.toolUseId, observed }, call.project);
      if (result === undefined || observed.decision === "deny") continue;
      const outcome = result.isError
        ? { hook_event_name: "PostToolUseFailure", error: result.text.split("\n", 1)[0].slice(0, 200) }
        : { hook_event_name: "PostToolUse", tool_response: result.text };
      add(result.timeMs, { ...named, ...outcome }, call.project);
    }
  }
  for (const { first, last, event, project } of spans.values()) {
    const moment = { session_id: event.session_id, cwd: project };
    events.push({ timeMs: first, rank: 0, event: { ...moment, hook_event_name: "SessionStart" }, project });
    events.push({ timeMs: last, rank: 4, event: { ...moment, hook_event_name: "SessionEnd" }, project });
  }
  return events.sort((a, b) => a.timeMs - b.timeMs || a.rank - b.rank);
}

/** The log the hook writes for these events. */
function runWeek(events, policy, engine) {
  const lines = [];
  const decided = new Map();
  for (const { timeMs, event, project } of events) {
    const { observed, call, ...sent } = event;
    const id = event.tool_use_id ?? call;
    const decision = decided.get(id);
    // A refused call has no outcome; one that we allow raises no question.
    if (event.hook_event_name.startsWith("PostToolUse") && decision === "deny") continue;
    const isAsked = decision === "ask" || (decision === "passthrough" && observed?.asked);
    if (event.hook_event_name === "PermissionRequest" && !isAsked) continue;
    const text = JSON.stringify(sent);
    runHook(text, true, {
      env: {},
      unattendedFlag: false,
      engine,
      userHome: HOME,
      now: () => timeMs,
      // Nobody measured it.
      elapsedUs: () => undefined,
      newId: () => newRecordId(timeMs, createHash("sha256").update(`${timeMs} ${id} ${text}`).digest()),
      projectOf: () => project,
      readPolicy: () => ({ policy, changedFrom: null }),
      inputHash: () => undefined,
      resolvePath: (absolute) => absolute,
      parseShell: analyzeShell,
      append: (record) => {
        if (record.event === "PreToolUse") decided.set(id, record.decision);
        lines.push(encodeRecord(protectRecord(record, redactText)));
        return "";
      },
      unseen: () => new Set(),
      addToTally: () => {},
      removeTally: () => {},
      takeSummary: () => "",
      takeNotices: () => "",
    });
  }
  return lines;
}

function starterPolicy(engine) {
  const file = "policies/starter.toml";
  const text = readFileSync(join(root, file), "utf8");
  const { policyFile, problems } = parsePolicyFile(text, {
    file,
    layer: "user",
    baseFolder: `${HOME}/.claude`,
    trusted: true,
  });
  const errors = problems.filter((one) => one.severity === "error");
  if (policyFile === null || errors.length > 0) return fail(errors.map(formatProblem).join("\n"));
  const home = `${HOME}/.claude/claude-permit`;
  return compilePolicy([policyFile], {
    engine,
    guarded: { folders: [home], files: [`${HOME}/.claude/settings.json`] },
  });
}

function attribution(sessions, sources) {
  const byRepo = new Map();
  for (const { calls } of sessions) {
    const repo = byRepo.get(calls[0].source_repo) ?? { sessions: 0, calls: 0 };
    byRepo.set(calls[0].source_repo, { sessions: repo.sessions + 1, calls: repo.calls + calls.length });
  }
  const rows = [...byRepo]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([repo, { sessions: count, calls }]) => {
      const { licence, commit } = sources[repo];
      const text = `LICENSES/${repo.replace("/", "__")}.txt`;
      return `| [${repo}](https://github.com/${repo}) | ${commit} | [${licence}](${text}) | ${count} | ${calls} |`;
    });
  return { repos: [...byRepo.keys()], text: `${ATTRIBUTION}${rows.join("\n")}\n` };
}

const ATTRIBUTION = `# The sample week

\`audit.jsonl\` tells real Claude Code sessions that these repositories published, ${WEEK.since} to ${WEEK.until} (UTC, the
last day not included), as claude-permit's hook would have logged them under \`policies/starter.toml\`:

- **real**: sessions, times, tools, inputs, working directories, permission modes, results and a person's refusals.
- **computed**: decisions, rules, commands, paths and effects, by this version of claude-permit. A call that the policy
  denies has no outcome here, although it ran then; one that the policy asks about has a question.
- **left out**: what nobody recorded (the hook's own duration), results and prompts (only a result's length is kept).
- **changed by the collection**: home folders are named \`user\`, keys and addresses are replaced, long inputs are cut.

\`node scripts/make-sample.mjs\` makes it again, byte for byte, from the collected rows.

| repository | commit read | licence | sessions | calls |
| --- | --- | --- | --- | --- |
`;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
  return null;
}

function main([data, output = join(root, "fixtures", "sample")]) {
  if (data === undefined) return fail("usage: make-sample.mjs <folder with the rows> [output folder]");
  const engine = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  const policy = starterPolicy(engine);
  if (policy === null) return null;
  const sessions = chooseSessions(readRows(join(data, "claude_toolcalls.jsonl.gz")), policy);
  const folder = mkdtempSync(join(tmpdir(), "sample-"));
  try {
    writeTranscripts(
      sessions.flatMap(({ calls }) => calls),
      folder,
    );
    const lines = runWeek(eventsOf(folder), policy, engine);
    const { repos, text } = attribution(
      sessions,
      JSON.parse(readFileSync(join(data, "MANIFEST.json"), "utf8")).sources,
    );
    rmSync(join(output, "LICENSES"), { recursive: true, force: true });
    mkdirSync(join(output, "LICENSES"), { recursive: true });
    for (const repo of repos) {
      const name = `${repo.replace("/", "__")}.txt`;
      writeFileSync(join(output, "LICENSES", name), readFileSync(join(data, "LICENSES", name)));
    }
    writeFileSync(join(output, "ATTRIBUTION.md"), text);
    writeFileSync(join(output, "audit.jsonl"), lines.join(""));
    process.stdout.write(`${lines.length} records of ${sessions.length} sessions\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return null;
}

main(process.argv.slice(2));
