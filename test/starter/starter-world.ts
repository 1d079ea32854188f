/** The shipped starter policy on a pinned machine: commands in, evaluations out. No command is run. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compilePolicy } from "../../src/core/policy/compile.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { Evaluation } from "../../src/core/policy/evaluation.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";

const HOME = "/home/dev";
export const PROJECT = `${HOME}/project`;
const FILE = fileURLToPath(new URL("../../policies/starter.toml", import.meta.url));

export function compileText(text: string, file = FILE): Policy {
  const { policyFile, problems } = parsePolicyFile(text, { file, layer: "user", baseFolder: PROJECT, trusted: true });
  if (policyFile === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  const policy = compilePolicy([policyFile], {
    engine: "test",
    guarded: { folders: [`${HOME}/.claude/claude-permit`], files: [`${HOME}/.claude/settings.json`] },
  });
  const all = [...problems, ...policy.problems];
  if (all.length > 0) throw new Error(all.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return policy;
}

export const starter = compileText(readFileSync(FILE, "utf8"));

/** Programs of installed packages are links; nothing else is. */
function resolvePath(path: string): string {
  return path.replace(
    /^(\/home\/dev\/project\/node_modules)\/\.bin\/(tsc|vitest|eslint|jest|prettier)$/,
    "$1/$2/bin/cli.js",
  );
}

export function judge(call: Partial<ToolCall> & Pick<ToolCall, "tool" | "input">, policy = starter): Evaluation {
  const full = {
    cwd: PROJECT,
    home: HOME,
    project: PROJECT,
    sessionId: "s",
    permissionMode: "default",
    attended: true,
    ...call,
  };
  return evaluate(policy, full, {
    resolvePath,
    parseShell: analyzeShell,
    now: Date.UTC(2026, 10, 21),
  });
}

export const judgeCommand = (command: string, more: Partial<ToolCall> = {}, policy = starter): Evaluation =>
  judge({ tool: "Bash", input: { command }, ...more }, policy);

/** One line of an outcome table; a command is shown in one line and cut at 110 characters. */
export function outcomeLine({ decision, rule }: Evaluation, command: string): string {
  const shown = command.replaceAll("\n", "⏎").replaceAll("\r", "␍").replaceAll("\0", "␀");
  const cut = shown.length > 110 ? `${shown.slice(0, 109)}…` : shown;
  return `${decision.padEnd(12)}${(rule?.id ?? "-").padEnd(38)}${cut}`;
}

export function readRows<Row>(name: string): readonly Row[] {
  const text = readFileSync(new URL(`../../fixtures/starter/${name}`, import.meta.url), "utf8");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Row]));
}
