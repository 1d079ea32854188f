/** One headless session with every kind of call that hooks see, half see, or do not see at all. */
import { call, POLICY, shell } from "./calls.js";
import type { Script } from "./mock-model.js";
import { makeStage, type Stage } from "./stage.js";

const SCRIPT: Script = {
  turns: [
    [shell("lists", "ls"), shell("echoes", "echo hi"), shell("denied", "zh denied"), shell("allowed", "zh allowed")],
    [
      call("agent", "Agent", {
        description: "sub",
        prompt: "MARK-OF-SUBAGENT",
        subagent_type: "general-purpose",
        run_in_background: false,
      }),
    ],
    [
      call("rule-path", "Read", { file_path: "secret.txt" }),
      call("no-tool", "NoSuchTool", { a: 1 }),
      call("no-schema", "Read", { nothing: 1 }),
      shell("rule-shell", "zh ruled"),
      call("no-file", "Read", { file_path: "gone.txt" }),
    ],
    [shell("asked", "zh asked"), shell("left", "zh left"), shell("fails", "zh allowed badly")],
    [
      call("unasked", "Write", { file_path: "new.txt", content: "x" }),
      call("ruled", "Write", { file_path: "notes.md", content: "x" }),
      call("no-edit", "Edit", { file_path: "gone.txt", old_string: "a", new_string: "b" }),
    ],
  ],
  subagents: { "MARK-OF-SUBAGENT": [[shell("sub-allowed", "zh allowed sub")], [shell("sub-denied", "zh denied sub")]] },
};

export async function busySession(): Promise<Stage> {
  const permissions = { deny: ["Read(secret.txt)", "Bash(zh ruled *)"], allow: ["Edit(*.md)"] };
  const stage = makeStage({ policy: POLICY, settings: { permissions } });
  await stage.runHeadless(SCRIPT);
  return stage;
}
