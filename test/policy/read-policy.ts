/** Policy text as tests use it: parsed and compiled in one step, with the origin of a user's file unless told. */
import { formatProblem } from "../../src/core/errors.js";
import { compilePolicy } from "../../src/core/policy/compile.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import type { Policy, Problem, Rule } from "../../src/core/policy/policy.js";
import type { FileOrigin, PolicyFile } from "../../src/core/policy/policy-file.js";

export const USER: FileOrigin = {
  file: "config.toml",
  layer: "user",
  baseFolder: "/home/user/.claude",
  trusted: true,
};

export const PROJECT: FileOrigin = { file: "claude-permit.toml", layer: "project", baseFolder: "", trusted: false };

export const OPTIONS = { engine: "0.0.0", guarded: { folders: [], files: [] } } as const;

export function read(
  text: string,
  origin: Partial<FileOrigin> = {},
): { file: PolicyFile; problems: readonly Problem[] } {
  const { policyFile, problems } = parsePolicyFile(text, { ...USER, ...origin });
  if (policyFile === null) throw new Error(problems.map(formatProblem).join("\n"));
  return { file: policyFile, problems };
}

export function compile(text: string, origin: Partial<FileOrigin> = {}): Policy {
  return compilePolicy([read(text, origin).file], OPTIONS);
}

/** The only rule of a text without problems. */
export function oneRule(text: string, origin: Partial<FileOrigin> = {}): Rule {
  const { file, problems } = read(text, origin);
  const [rule, ...others] = compilePolicy([file], OPTIONS).rules;
  if (problems.length > 0 || rule === undefined || others.length > 0) {
    throw new Error(`not one sound rule: ${problems.map(formatProblem).join("\n")}`);
  }
  return rule;
}

export function said(problems: readonly Problem[]): string[] {
  return problems.map(formatProblem);
}
