/** The policy in force for a folder, and a call as the hook would make it there, for programs that judge calls. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { EvaluateDeps } from "../core/policy/evaluation.js";
import type { Policy } from "../core/policy/policy.js";
import { analyzeShell } from "../core/shell/analyze.js";
import { currentToolName, type ToolCall } from "../core/tool-call.js";
import { projectOf } from "../store/git-root.js";
import { readLastGood } from "../store/in-force.js";
import { loadPolicy } from "../store/load-policy.js";
import { locations } from "../store/locations.js";
import { resolvePath } from "../store/resolve-path.js";
import { VERSION } from "./version.js";

export interface PolicyPlace {
  /** Where calls are made; default the working directory. */
  readonly cwd?: string;
  /** claude-permit's home; default as the command finds it. */
  readonly home?: string;
  /** A policy file in the place of the user's and the project's. */
  readonly config?: string;
}

/** Every layer, read now. A policy with errors comes as `state: "broken"` with its `problems`; nothing is thrown. */
export function readPolicy({ cwd = process.cwd(), home, config }: PolicyPlace = {}): Policy {
  const folder = resolve(cwd);
  const places = locations({
    homeFlag: home,
    configFlag: config,
    env: process.env,
    cwd: folder,
    osHome: homedir(),
    hook: false,
  });
  const key = { locations: places, project: projectOf(folder), engine: VERSION, programFolder: null };
  return loadPolicy(key, () => readLastGood(key)).policy;
}

export interface CallInput {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Default the working directory. */
  readonly cwd?: string;
  readonly permissionMode?: string;
  /** Somebody can answer a question; default true. */
  readonly attended?: boolean;
}

export function toolCall({
  tool,
  input,
  cwd = process.cwd(),
  permissionMode = "default",
  attended = true,
}: CallInput): ToolCall {
  const folder = resolve(cwd);
  return {
    tool: currentToolName(tool),
    input,
    cwd: folder,
    home: homedir(),
    project: projectOf(folder),
    sessionId: "",
    permissionMode,
    attended,
  };
}

/** What `evaluate` takes from this machine: links as they lead now, the shell parser, the clock. */
export function evaluateDeps(now = Date.now()): EvaluateDeps {
  return { resolvePath, parseShell: analyzeShell, now };
}
