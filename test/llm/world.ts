/** A call as the assessor gets it, and settings that lead to the mock. */
import { resolve } from "node:path";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { Policy, Settings } from "../../src/core/policy/policy.js";
import { DEFAULT_SETTINGS } from "../../src/core/policy/settings.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { assessor } from "../../src/llm/assess.js";
import type { Assessment, AssessRequest } from "../../src/llm/assessment.js";
import { type ModelWorld, openModel } from "../../src/llm/open-model.js";
import { policyOf } from "../hook/scene.js";

export function callOf(input: object, tool = "Bash"): ToolCall {
  return {
    tool,
    input: { ...input },
    cwd: "/work/p",
    home: "/home/u",
    project: "/work/p",
    sessionId: "s-1",
    permissionMode: "default",
    attended: true,
  };
}

export function requestOf(input: object, policy: Policy = policyOf(""), policyText = ""): AssessRequest {
  const call = callOf(input);
  const evaluation = evaluate(policy, call, { resolvePath: resolve, parseShell: analyzeShell, now: 0 });
  return { call, evaluation, policy, policyText };
}

export const WORLD: ModelWorld = {
  env: { ANTHROPIC_API_KEY: "sk-ant-mock-key" },
  isPinned: true,
  userHome: "/home/u",
  claudeDir: "/home/u/.claude",
  cache: "/nonexistent",
  project: "/work/p",
};

export const settingsFor = (baseUrl: string, more: Partial<Settings["llm"]> = {}): Settings["llm"] => ({
  ...DEFAULT_SETTINGS.llm,
  enabled: true,
  baseUrl,
  ...more,
});

/** Asks as the hook does, in this process. */
export async function assessWith(
  settings: Settings["llm"],
  request: AssessRequest,
  { world = WORLD, deadlineMs = 5_000 }: { world?: ModelWorld; deadlineMs?: number } = {},
): Promise<Assessment> {
  const opened = await openModel(settings, world);
  if (opened.kind === "failure") return { ...opened, model: settings.model, latencyMs: 0 };
  const effects = {
    ask: opened.ask,
    redact: (text: string) => ({ text, count: 0 }),
    now: Date.UTC(2026, 10, 21),
    newFence: () => "f".repeat(32),
    clock: () => performance.now(),
  };
  return assessor(settings.model, deadlineMs, effects)(request);
}
