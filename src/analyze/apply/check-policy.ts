/** Whether a policy that is not written yet may be: every problem of its files, its rules' examples, and advice. */
import { matchRule } from "../../core/policy/evaluate.js";
import { checkExamples } from "../../core/policy/examples.js";
import { lintPolicy } from "../../core/policy/lint.js";
import type { Problem } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { LoadedPolicy } from "../../store/load-policy.js";
import { resolvePath } from "../../store/resolve-path.js";

export interface Checked {
  readonly errors: readonly Problem[];
  /** Only what the change brought: old advice is `validate`'s. */
  readonly warnings: readonly Problem[];
}

/** `before`: the policy as it stands. `now` in milliseconds. */
export function checkPolicy(after: LoadedPolicy, before: LoadedPolicy, now: number): Checked {
  const found = problemsOf(after, now);
  const known = new Set(problemsOf(before, now).map(keyOf));
  return {
    errors: found.filter(({ severity }) => severity === "error"),
    warnings: found.filter((one) => one.severity === "warning" && !known.has(keyOf(one))),
  };
}

function problemsOf({ policy, problems }: LoadedPolicy, now: number): readonly Problem[] {
  if (policy.state === "broken") return problems;
  const deps = { resolvePath, parseShell: analyzeShell, now };
  const examples = checkExamples(policy, (rule, call) => matchRule(policy, rule, call, deps));
  return [...problems, ...examples, ...lintPolicy(policy)];
}

/** Without its place, which moves with every line above it. */
function keyOf({ code, rule = "", file = "", message }: Problem): string {
  return [code, rule, file, message.replaceAll(/:\d+/g, "")].join("\0");
}
