/**
 * What a past call did, in the engine's own words: commands, paths and effect as the hook would have recorded them. It
 * judges nothing, and looks at no file: the paths of a past call may be gone, so spellings stand for their targets.
 */
import { evaluate } from "../../core/policy/evaluate.js";
import type { Policy } from "../../core/policy/policy.js";
import type { ParseShell } from "../../core/shell/shell.js";
import type { DescribeCall } from "./call-records.js";

/** `policy`: for its wrappers; its rules do not matter here. */
export function describeBy(policy: Policy, parseShell: ParseShell): DescribeCall {
  const deps = { resolvePath: (absolute: string) => absolute, parseShell, now: 0 };
  const bare: Policy = { ...policy, rules: [], byTool: {}, anyTool: [] };
  return (call) => {
    const { commands, paths, effect } = evaluate(bare, call, deps);
    return {
      ...(commands.length > 0 ? { commands } : {}),
      ...(paths.length > 0 ? { paths } : {}),
      ...(effect === undefined ? {} : { effect }),
    };
  };
}
