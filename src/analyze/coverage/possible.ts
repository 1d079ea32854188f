/**
 * What is possible under a policy: a list of ordinary commands, each judged as a plain call in a project nobody has
 * seen. It says what the policy would answer, not what anybody did.
 */
import { evaluate } from "../../core/policy/evaluate.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { Sample } from "../cubes/fact.js";

export interface Possible {
  readonly program: string;
  readonly commands: number;
  readonly allowed: number;
  readonly asked: number;
  readonly denied: number;
  /** A passthrough rule leaves them to Claude Code. */
  readonly left: number;
  /** No rule decides. */
  readonly open: number;
  /** The first command that no rule decides, "" when there is none. */
  readonly example: Sample["subject"];
}

const HOME = "/home/user";
const PROJECT = "/home/user/project";

/** One command a line; lines that begin with `#` say where they come from. */
export function parseCommands(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

export function whatIsPossible(policy: Policy, commands: readonly string[], now: number): readonly Possible[] {
  const programs = new Map<string, { -readonly [Field in keyof Possible]: Possible[Field] }>();
  const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now };
  for (const command of commands) {
    const program = command.split(" ", 1)[0] ?? "";
    const call = {
      tool: "Bash",
      input: { command },
      cwd: PROJECT,
      home: HOME,
      project: PROJECT,
      sessionId: "",
      permissionMode: "default",
      attended: true,
    };
    const { decision, rule } = evaluate(policy, call, deps);
    const empty = { program, commands: 0, allowed: 0, asked: 0, denied: 0, left: 0, open: 0, example: "" };
    const met = programs.get(program) ?? empty;
    programs.set(program, met);
    met.commands++;
    if (decision === "allow") met.allowed++;
    else if (decision === "ask") met.asked++;
    else if (decision === "deny") met.denied++;
    else if (rule !== null) met.left++;
    else {
      met.open++;
      met.example ||= command;
    }
  }
  return [...programs.values()];
}
