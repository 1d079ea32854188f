/** The calls and the policy that the scripted sessions share. `zh` is a program of the stage that only prints. */
import type { Call } from "./mock-model.js";
import type { Json } from "./stage.js";

export const POLICY = `
[[deny]]
name = "no-denied"
reason = "denied is never run; use allowed"
pattern = "Bash(zh denied *)"

[[ask]]
name = "ask-asked"
reason = "asked needs a person"
pattern = "Bash(zh asked *)"

[[allow]]
name = "zh-allowed"
pattern = "Bash(zh allowed *)"
`;

export function call(id: string, name: string, input: Call["input"]): Call {
  return { id: `toolu_${id}`, name, input };
}

export function shell(id: string, command: string): Call {
  return call(id, "Bash", { command, description: id });
}

/** One line a record: event, call, decision, rule. */
export function storyOf(records: readonly Json[]): readonly string[] {
  return records.map((record) =>
    ["event", "tool_use_id", "decision", "rule_id"]
      .map((key) => record[key])
      .filter((field) => field !== undefined)
      .join(" "),
  );
}
