/** A hook with a policy from text and no machine: what it would write is kept in a list. */
import { resolve } from "node:path";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { compilePolicy } from "../../src/core/policy/compile.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { HookResult } from "../../src/hook/answer.js";
import { runHook } from "../../src/hook/run-hook.js";
import type { HookEffects } from "../../src/hook/scene.js";

export function policyOf(text: string): Policy {
  const origin = { file: "/home/u/config.toml", layer: "user", baseFolder: "/home/u/.claude", trusted: true } as const;
  const { policyFile, problems } = parsePolicyFile(text, origin);
  if (policyFile === null || problems.length > 0) throw new Error(JSON.stringify(problems));
  return compilePolicy([policyFile], { engine: "0.0.0-test", guarded: { folders: [], files: [] } });
}

export interface Ran extends HookResult {
  readonly records: readonly AuditRecord[];
  /** The answer as Claude Code reads it. */
  readonly output: Readonly<Record<string, unknown>> | null;
}

export function run(event: object | string, policy: Policy | Error, more: Partial<HookEffects> = {}): Ran {
  const records: AuditRecord[] = [];
  let ids = 0;
  const effects: HookEffects = {
    env: { CLAUDE_CODE_SESSION_ATTENDED: "1" },
    unattendedFlag: false,
    engine: "0.0.0-test",
    userHome: "/home/u",
    now: () => Date.UTC(2026, 10, 21),
    elapsedUs: () => 7,
    newId: () => `id-${++ids}`,
    projectOf: () => "/work/p",
    resolvePath: resolve,
    parseShell: analyzeShell,
    readPolicy: () => {
      if (policy instanceof Error) throw policy;
      return { policy, changedFrom: null };
    },
    inputHash: () => "hash",
    append: (record) => {
      records.push(record);
      return "";
    },
    unseen: (ids) => new Set(ids),
    summary: () => "",
    remember: () => Promise.resolve({}),
    awaitsOutcome: () => false,
    probation: () => null,
    confirm: () => Promise.resolve({}),
    consult: () => Promise.reject(new Error("no model here")),
    takeNotices: () => "",
    isFirstEvent: () => false,
    ...more,
  };
  const text = typeof event === "string" ? event : JSON.stringify(event);
  const result = runHook(text, true, effects);
  if (result instanceof Promise) throw new Error("a model was asked");
  return { ...result, records, output: result.stdout === "" ? null : JSON.parse(result.stdout) };
}

/** A PreToolUse event as Claude Code sends it. */
export function calling(tool: string, input: object, more: object = {}): object {
  return {
    session_id: "s-1",
    transcript_path: "/home/u/.claude/projects/p/s-1.jsonl",
    cwd: "/work/p",
    prompt_id: "p-1",
    permission_mode: "default",
    effort: { level: "medium" },
    hook_event_name: "PreToolUse",
    tool_name: tool,
    tool_input: input,
    tool_use_id: "toolu_1",
    ...more,
  };
}
