/** One call from the command line judged as the hook would judge it: same policy files, same engine, same parser. */
import { resolve } from "node:path";
import { evaluate } from "../core/policy/evaluate.js";
import type { Evaluation } from "../core/policy/evaluation.js";
import type { Policy, Problem } from "../core/policy/policy.js";
import { analyzeShell } from "../core/shell/analyze.js";
import { currentToolName, type ToolCall, toolShape } from "../core/tool-call.js";
import { projectOf } from "../store/git-root.js";
import { readLastGood } from "../store/in-force.js";
import { type LoadedPolicy, loadPolicy } from "../store/load-policy.js";
import { resolvePath } from "../store/resolve-path.js";
import { keepWholePolicy, readWholePolicy } from "../store/whole-policy.js";
import type { Invocation } from "./command.js";
import { policyKey } from "./current-policy.js";
import { CliError } from "./exit.js";
import { hookLocations } from "./where.js";

/** The policy in force for a folder, read from its files now. */
export function policyFor(invocation: Pick<Invocation, "io" | "flags">, folder: string): LoadedPolicy {
  const key = policyKey(invocation, folder);
  return loadPolicy(key, () => readLastGood(key));
}

/** The same, from the cache when nothing it depends on has changed; for answers that must be quick. */
export function cachedPolicyFor(invocation: Pick<Invocation, "io" | "flags">, folder: string): Policy {
  return policyWithFaults(invocation, folder).policy;
}

/** The same with the problems that make it broken. INVARIANT: a policy that has any is never kept. */
export function policyWithFaults(
  invocation: Pick<Invocation, "io" | "flags">,
  folder: string,
): { readonly policy: Policy; readonly faults: readonly Problem[] } {
  const key = policyKey(invocation, folder);
  const kept = readWholePolicy(key);
  if (kept !== null) return { policy: kept, faults: [] };
  const loaded = loadPolicy(key, () => readLastGood(key));
  if (!invocation.flags.on("readOnly")) keepWholePolicy(key, loaded, invocation.io.now());
  return { policy: loaded.policy, faults: loaded.problems.filter(({ severity }) => severity === "error") };
}

/** The folder the call is made in: `--cwd`, else here. */
export function folderOf({ io, flags }: Pick<Invocation, "io" | "flags">): string {
  return resolve(io.cwd, flags.text("cwd") ?? ".");
}

/** The call that `test` and `explain` are asked about: a command, a path, or the whole input as a JSON object or by `--input`. */
export function callFrom(invocation: Invocation, text: string | undefined): ToolCall {
  const { flags } = invocation;
  const tool = currentToolName(flags.text("tool") ?? "Bash");
  const input = flags.text("input");
  const given = input === undefined ? objectIn(text) : parseInput(input);
  if (given === undefined && text === undefined) {
    throw new CliError("bad_usage", "no call to judge", "give a command, or --tool NAME '{…}'");
  }
  const main = toolShape(tool)?.main;
  if (given === undefined && main === undefined) {
    throw new CliError("bad_usage", `\`${tool}\` has no main field`, "give the whole input: '{…}'");
  }
  return callIn(folderOf(invocation), hookLocations(invocation).osHome, {
    tool,
    input: given ?? { [main ?? "command"]: text },
    mode: flags.text("mode"),
    attended: !flags.on("headless"),
  });
}

export interface CallText {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly mode?: string | undefined;
  readonly attended: boolean;
}

export function callIn(cwd: string, home: string, { tool, input, mode, attended }: CallText): ToolCall {
  return {
    tool,
    input,
    cwd,
    home,
    project: projectOf(cwd),
    sessionId: "",
    permissionMode: mode ?? "default",
    attended,
  };
}

export function judge(policy: Policy, call: ToolCall, now: number): Evaluation {
  return evaluate(policy, call, { resolvePath, parseShell: analyzeShell, now }, { detail: "full" });
}

/** What is no JSON object is a command, a path, an address. */
function objectIn(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text?.trimStart().startsWith("{") !== true) return undefined;
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function parseInput(text: string): Readonly<Record<string, unknown>> {
  try {
    const object = objectOf(JSON.parse(text));
    if (object !== undefined) return object;
  } catch (error) {
    throw new CliError("bad_usage", `--input is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new CliError("bad_usage", "--input must be a JSON object", `for example --input '{"file_path":"/etc/hosts"}'`);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
