/**
 * From the lines of one transcript to its tool calls, each joined with its result. Calls come out in the order of their
 * results; those without one come last. A call whose time nobody knows is told, not dated by guess.
 */
import { posix, win32 } from "node:path";
import { currentToolName, type ToolCall, toolShape } from "../../core/tool-call.js";
import type { FileLine } from "./file-lines.js";
import {
  definedOnly,
  parseTranscriptLine,
  type TranscriptLine,
  type TranscriptResult,
  type TranscriptToolUse,
} from "./transcript-line.js";

export interface TranscriptCall {
  readonly call: ToolCall;
  /** When Claude asked for the tool, milliseconds since the epoch. */
  readonly timeMs: number;
  readonly toolUseId: string;
  /** Claude Code's version. */
  readonly version?: string;
  /** Absent: the transcript ends before the call's result. */
  readonly result?: TranscriptResult & { readonly timeMs: number };
}

export type TranscriptProblem = "not-json" | "not-an-object" | "too-long" | "no-timestamp" | "result-without-call";

export type TranscriptItem =
  | ({ readonly kind: "call" } & TranscriptCall)
  | { readonly kind: "skipped"; readonly type: string }
  | {
      readonly kind: "problem";
      readonly problem: TranscriptProblem;
      readonly offset: number;
      readonly length: number;
      readonly toolUseId?: string;
    };

export interface TranscriptContext {
  /** Used where a line names none. */
  readonly sessionId: string;
  /** The folder the session started in -> its project root. */
  readonly projectOf: (startFolder: string) => string;
  /** Working directory -> home of the user who worked there, "" when not known. */
  readonly homeOf: (cwd: string) => string;
}

/** What is known at a line from the lines before it. */
interface Surroundings {
  timeMs?: number;
  startFolder?: string;
  project?: string;
  permissionMode?: string;
  promptId?: string;
}

export function* readTranscriptCalls(lines: Iterable<FileLine>, context: TranscriptContext): Generator<TranscriptItem> {
  const open = new Map<string, TranscriptCall>();
  const around: Surroundings = {};
  for (const line of lines) {
    const parsed = parseLine(line);
    if ("kind" in parsed) {
      yield parsed;
      continue;
    }
    observe(around, parsed, context);
    const place = { offset: line.offset, length: line.length };
    for (const use of parsed.toolUses) {
      const call = callOf(use, parsed, around, context);
      if (call === undefined) yield { kind: "problem", problem: "no-timestamp", ...place, toolUseId: use.id };
      // A resumed or compacted session may repeat a line; the first one has the right time.
      else if (!open.has(use.id)) open.set(use.id, call);
    }
    for (const result of parsed.results) {
      const call = open.get(result.toolUseId);
      if (call === undefined) {
        if (around.timeMs !== undefined) yield { kind: "problem", problem: "result-without-call", ...place };
        continue;
      }
      open.delete(result.toolUseId);
      yield { kind: "call", ...call, result: { ...result, timeMs: Math.max(around.timeMs ?? 0, call.timeMs) } };
    }
    if (parsed.toolUses.length === 0 && parsed.results.length === 0) yield { kind: "skipped", type: parsed.type };
  }
  for (const call of open.values()) yield { kind: "call", ...call };
}

function parseLine(line: FileLine): TranscriptLine | Extract<TranscriptItem, { kind: "problem" }> {
  const problem = (name: TranscriptProblem) =>
    ({ kind: "problem", problem: name, offset: line.offset, length: line.length }) as const;
  if (line.text === undefined) return problem("too-long");
  try {
    return parseTranscriptLine(JSON.parse(line.text)) ?? problem("not-an-object");
  } catch {
    return problem("not-json");
  }
}

/** A line without a time has the time of the nearest line before it. */
function observe(around: Surroundings, line: TranscriptLine, context: TranscriptContext): void {
  if (line.timeMs !== undefined) around.timeMs = line.timeMs;
  if (line.permissionMode !== undefined) around.permissionMode = line.permissionMode;
  if (line.promptId !== undefined) around.promptId = line.promptId;
  if (line.cwd !== undefined && line.cwd !== "" && around.startFolder === undefined) {
    around.startFolder = line.cwd;
    around.project = context.projectOf(line.cwd);
  }
}

function callOf(
  use: TranscriptToolUse,
  line: TranscriptLine,
  around: Surroundings,
  context: TranscriptContext,
): TranscriptCall | undefined {
  if (around.timeMs === undefined) return undefined;
  const cwd = line.cwd ?? around.startFolder ?? "";
  const tool = currentToolName(use.name);
  const call: ToolCall = {
    tool,
    input: withAbsolutePaths(tool, use.input, cwd),
    cwd,
    home: context.homeOf(cwd),
    project: around.project ?? "",
    sessionId: line.sessionId ?? context.sessionId,
    permissionMode: around.permissionMode,
    attended: line.entrypoint !== "sdk-cli",
    toolUseId: use.id,
    ...definedOnly({ agentId: line.agentId, promptId: around.promptId }),
  };
  return { call, timeMs: around.timeMs, toolUseId: use.id, ...definedOnly({ version: line.version }) };
}

/** The hook sees the paths of these tools made absolute, the transcript keeps the model's spelling (contract section 9). */
const ABSOLUTE_IN_HOOKS: ReadonlySet<string> = new Set(["Read", "Write", "Edit", "MultiEdit", "NotebookEdit"]);

function withAbsolutePaths(tool: string, input: ToolCall["input"], cwd: string): ToolCall["input"] {
  if (cwd === "" || !ABSOLUTE_IN_HOOKS.has(tool)) return input;
  const { isAbsolute, resolve } = /^[A-Za-z]:[\\/]/.test(cwd) ? win32 : posix;
  const absolute: Record<string, unknown> = { ...input };
  for (const { field } of toolShape(tool)?.paths ?? []) {
    const path = Object.hasOwn(absolute, field) ? absolute[field] : undefined;
    if (typeof path !== "string" || path === "" || path.startsWith("~") || isAbsolute(path)) continue;
    absolute[field] = resolve(cwd, path);
  }
  return absolute;
}
