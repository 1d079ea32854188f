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

/** `run`: the bundle whose cache is to be made; its functions are what must have run. */
export function rehearse(run: typeof HookRun, launch: Launch, policy: Policy): void {
  const effects = withoutTrace(run, launch, policy);
  const base = { session_id: "rehearsal", cwd: process.cwd(), permission_mode: "default", tool_use_id: "rehearsal" };
  for (const [tool, input] of CALLS) {
    const call = { ...base, tool_name: tool, tool_input: input };
    for (const event of ["PreToolUse", "PostToolUse"]) {
      run.runHook(JSON.stringify({ ...call, hook_event_name: event, tool_response: "a" }), true, effects);
    }
  }
}

function withoutTrace({ effectsOf, lineOf }: typeof HookRun, launch: Launch, policy: Policy): HookEffects {
  const { load } = launch;
  const { settings } = policy;
  // A rehearsal asks no model.
  const quiet: Policy = { ...policy, settings: { ...settings, llm: { ...settings.llm, enabled: false } } };
  return {
    ...effectsOf(launch),
    readPolicy: () => ({ policy: quiet, changedFrom: null }),
    append: (record, settings) => (lineOf(record, settings, load) === "" ? "empty" : ""),
    summary: () => "",
    takeNotices: () => "",
  };
}
