/**
 * Running typical events without leaving a trace, so that V8's code cache holds what most calls need and not only what
 * the first one happened to use.
 */
import type { Policy } from "../core/policy/policy.js";
import type { Launch } from "./answer-event.js";
import type * as HookRun from "./hook-run.js";
import type { HookEffects } from "./scene.js";

const CALLS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["Read", { file_path: "/nowhere/a.txt" }],
  ["Edit", { file_path: "/nowhere/a.txt", old_string: "a", new_string: "b" }],
  ["Bash", { command: "cd src && git status --short | head -n 5 > /dev/null" }],
  ["Bash", { command: 'for f in *.txt; do echo "$f $(wc -l < "$f")"; done; sudo rm -rf ./build' }],
  ["WebFetch", { url: "https://example.com/", prompt: "a" }],
];

/**
 * `run`: the bundle whose cache is to be made; its functions are what must have run. `project`: one whose policy is
 * compiled.
 */
export function rehearse(run: typeof HookRun, launch: Launch, project: string): void {
  const base = { session_id: "rehearsal", cwd: project, permission_mode: "default", tool_use_id: "rehearsal" };
  // The rules that these calls do not meet are asked as well: other calls will meet them.
  for (const isEveryRule of [false, true]) {
    const effects = withoutTrace(run, launch, isEveryRule);
    for (const [tool, input] of CALLS) {
      const call = { ...base, tool_name: tool, tool_input: input };
      for (const event of ["PreToolUse", "PostToolUse"]) {
        run.runHook(JSON.stringify({ ...call, hook_event_name: event, tool_response: "a" }), true, effects);
      }
    }
  }
}

/** INVARIANT: it compiles no policy: what a compilation finds is told once, and here nobody would hear it. */
function withoutTrace(run: typeof HookRun, launch: Launch, isEveryRule: boolean): HookEffects {
  const effects = run.effectsOf(launch);
  const { resolvePath, parseShell } = effects;
  return {
    ...effects,
    readPolicy: (project, judged) => {
      const policy = run.readCompiled(run.keyOf(launch, project), judged?.tool ?? "", ({ wrappers }) =>
        judged === null || isEveryRule ? null : run.hayOf(judged, { resolvePath, parseShell, wrappers }),
      );
      if (policy === null) throw new Error("the policy has changed");
      return { policy: quiet(policy), changedFrom: null };
    },
    append: (record, settings) => (run.lineOf(record, settings, launch.load) === "" ? "empty" : ""),
    summary: () => "",
    takeNotices: () => "",
  };
}

/** A rehearsal asks no model. */
function quiet(policy: Policy): Policy {
  const { settings } = policy;
  return { ...policy, settings: { ...settings, llm: { ...settings.llm, enabled: false } } };
}
