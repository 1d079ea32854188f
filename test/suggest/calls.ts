/** Calls and answers as a log tells them, made in a test. */
import { callKey } from "../../src/analyze/simulate/call-key.js";
import type { PastCall, PastCalls } from "../../src/analyze/suggest/past-call.js";
import { compileDraft, type RuleDraft } from "../../src/core/generalise/rule-draft.js";
import { compilePolicy } from "../../src/core/policy/compile.js";
import { matchRule } from "../../src/core/policy/evaluate.js";
import type { EvaluateDeps } from "../../src/core/policy/evaluation.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";

export const PROJECT = "/home/u/p";
export const NO_POLICY: Policy = compilePolicy([], { engine: "", guarded: { folders: [], files: [] } });
export const DEPS: EvaluateDeps = { resolvePath: (path) => path, parseShell: analyzeShell, now: 0 };

export function toolCall(
  tool: string,
  input: Readonly<Record<string, unknown>>,
  more: Partial<ToolCall> = {},
): ToolCall {
  return {
    tool,
    input,
    cwd: PROJECT,
    home: "/home/u",
    project: PROJECT,
    sessionId: "s",
    permissionMode: "default",
    attended: true,
    ...more,
  };
}

export function bash(command: string, more: Partial<ToolCall> = {}): ToolCall {
  return toolCall("Bash", { command }, more);
}

const DAY = 86_400_000;
export const START = Date.UTC(2026, 0, 5);

export interface Answered {
  readonly command: string;
  readonly answer?: PastCall["answer"];
  /** Which session; one begins a day. */
  readonly session: number;
  readonly project?: string;
}

export function answered(list: readonly Answered[]): PastCalls {
  const calls = list.map(({ command, answer = "approved", session, project = PROJECT }, index): PastCall => {
    const call = bash(command, { sessionId: `session-${session}`, project, cwd: project });
    const timeMs = START + session * DAY + index;
    return {
      call,
      resolvePath: (path) => path,
      key: callKey(call, {}),
      answer,
      isPrompted: true,
      timeMs,
      at: `log:${index}`,
      subject: command,
    };
  });
  return { calls: calls.toSorted((a, b) => a.timeMs - b.timeMs), unknowable: 0, isCut: false };
}

/** The same commands in each of so many sessions. */
export function often(
  commands: readonly string[],
  sessions: number,
  more: Partial<Answered> = {},
): readonly Answered[] {
  return Array.from({ length: sessions }, (_, session) =>
    commands.map((command) => ({ command, session, ...more })),
  ).flat();
}

/** What a draft alone says of a call. */
export function covers(draft: RuleDraft, call: ToolCall): boolean {
  const compiled = compileDraft(draft);
  if (compiled.kind === "refused") throw new Error(JSON.stringify(compiled.problems));
  return matchRule(compiled.policy, compiled.rule, call, DEPS) === "yes";
}
