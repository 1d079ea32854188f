/** Which rules a call of a given tool has to look at: the hook's first and cheapest question. */
import { SHELL_TOOLS } from "./pattern-tools.js";
import type { Policy, Rule } from "./policy.js";
import { namesOf, toolsOfPattern } from "./rule-tools.js";

/** Rules by the tools they can only apply to; the rest, in `anyTool`, is looked at for every call. */
export function indexRules(rules: readonly Rule[]): Pick<Policy, "byTool" | "anyTool"> {
  const byTool: Record<string, number[]> = Object.create(null);
  const anyTool: number[] = [];
  for (const [index, rule] of rules.entries()) {
    const tools = toolsOf(rule);
    if (tools === undefined) anyTool.push(index);
    else {
      for (const tool of tools) {
        byTool[tool] ??= [];
        byTool[tool].push(index);
      }
    }
  }
  return { byTool: { ...byTool }, anyTool };
}

function toolsOf(rule: Rule): readonly string[] | undefined {
  const { tool, pattern, shell } = rule;
  const named = tool === undefined ? undefined : namesOf(tool);
  if (named !== undefined) return named;
  if (tool !== undefined) return undefined;
  if (pattern !== undefined) {
    if (pattern.kind === "tool" || pattern.kind === "parameter") return namesOf(pattern.tool);
    return toolsOfPattern(pattern);
  }
  return shell === undefined ? undefined : SHELL_TOOLS;
}
