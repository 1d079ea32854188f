/**
 * What can be asked of many past calls, as plain data both ways, so that it can be asked on another thread. It judges by
 * the hook's engine and remembers nothing.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { evaluate } from "../../core/policy/evaluate.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { ParseShell } from "../../core/shell/shell.js";
import type { ToolCall } from "../../core/tool-call.js";
import type { Seen } from "../simulate/judge-once.js";
import { type Rejudged, rejudged } from "../simulate/rejudged.js";
import { resolvePathOf } from "../simulate/replayable.js";
import { watchedInput } from "../simulate/watched-input.js";
import { judgeOpen, type PastJudgement } from "../suggest/judge-past.js";

export interface AskedCall {
  readonly call: ToolCall;
  /** Where its paths led. */
  readonly resolved: AuditRecord["resolved"];
  /** When it was made: rules that had expired by then are gone. */
  readonly timeMs: number;
  readonly policy: Policy;
}

/** What is asked -> the answer. */
export interface Answers {
  /** What the policy says, and the fields of the input that it looked at. */
  readonly again: Seen<Rejudged>;
  /** Whether any rule decides, and which commands act. */
  readonly open: PastJudgement;
}

type Judge<Kind extends keyof Answers> = (asked: AskedCall) => Answers[Kind];

export function openJudge<Kind extends keyof Answers>(kind: Kind, parse: ParseShell = analyzeShell): Judge<Kind> {
  const judges: { readonly [Each in keyof Answers]: Judge<Each> } = {
    again({ call, resolved, timeMs, policy }) {
      const { input, read } = watchedInput(call.input);
      const found = rejudged(policy, evaluate(policy, { ...call, input }, depsOf(resolved, timeMs)));
      return { found, fields: read() };
    },
    open: ({ call, resolved, timeMs, policy }) => judgeOpen(policy, call, depsOf(resolved, timeMs)),
  };
  return judges[kind];

  function depsOf(resolved: AskedCall["resolved"], now: number) {
    return { resolvePath: resolvePathOf(resolved === undefined ? {} : { resolved }), parseShell: parse, now };
  }
}
