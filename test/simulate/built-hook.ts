/** Calls through the built hook, one process each as Claude Code starts them, two at a time; nothing of a call is run. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, type World } from "../cli/run-cli.js";

export interface HookCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly cwd?: string;
  readonly mode?: string;
}

const AT_ONCE = 2;

/** What was written about each call, in the order of the calls. */
export async function throughTheHook(
  { home, osHome, project }: World,
  calls: readonly HookCall[],
): Promise<readonly { readonly decision: string; readonly rule_id?: string }[]> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let index = next++; index < calls.length; index = next++) {
      const call = calls[index];
      if (call === undefined) return;
      const event = {
        hook_event_name: "PreToolUse",
        session_id: "session-1",
        tool_use_id: `toolu_${index}`,
        cwd: call.cwd ?? project,
        permission_mode: call.mode ?? "default",
        tool_name: call.tool,
        tool_input: call.input,
      };
      await new Promise<void>((resolve, reject) => {
        const child = spawn(process.execPath, [join(ROOT, "dist", "hook.cjs"), "--home", home], {
          cwd: project,
          stdio: ["pipe", "ignore", "inherit"],
          env: { PATH: process.env["PATH"] ?? "", HOME: osHome, TZ: "UTC", CLAUDE_CODE_SESSION_ATTENDED: "1" },
        });
        child.on("error", reject);
        child.on("close", () => resolve());
        child.stdin.end(JSON.stringify(event));
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  const written = new Map(
    readFileSync(join(home, "audit.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === "PreToolUse")
      .map((record) => [record.tool_use_id, record]),
  );
  return calls.map((_, index) => {
    const record = written.get(`toolu_${index}`);
    if (record === undefined) throw new Error(`the hook wrote nothing about call ${index}`);
    return record;
  });
}
