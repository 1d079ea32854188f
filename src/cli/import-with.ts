/** What every import of calls shares: how a call is described, what is redacted, and the account for the user. */
import type { CallDescription, DescribeCall } from "../analyze/import/call-records.js";
import { compilePolicy } from "../core/policy/compile.js";
import { evaluate } from "../core/policy/evaluate.js";
import { analyzeShell } from "../core/shell/analyze.js";
import { VERSION } from "./version.js";

/** The engine's own description of a call, as the hook records it. Paths are taken as spelled: the machine may be another. */
export function describeCalls(now: number): DescribeCall {
  const policy = compilePolicy([], { engine: VERSION, guarded: { folders: [], files: [] } });
  const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now };
  return (call): CallDescription => {
    const { commands, paths, effect } = evaluate(policy, call, deps);
    return { commands, paths, ...(effect === undefined ? {} : { effect }) };
  };
}
