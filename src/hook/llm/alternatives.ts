/**
 * Which of the model's alternatives may stand: the first that the engine allows by rules a person wrote, for the same
 * tool, with nothing changed but the command or the path (SPEC section 6). The model's word counts for nothing here.
 */
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";
import { stringField, type ToolCall, toolShape } from "../../core/tool-call.js";
import type { SuggestedAlternative, Verdict } from "../../core/verdict.js";

export interface Alternative {
  /** The whole input: the original with the changed field. */
  readonly input: ToolCall["input"];
  /** The changed command or path. */
  readonly text: string;
  /** Ids of the rules that allow it. */
  readonly matchedRules: readonly string[];
  readonly rationale: string;
}

export type Judge = (policy: Policy, call: ToolCall, detail?: "full") => Evaluation;

export function firstAllowed(
  { suggestedAlternatives = [] }: Verdict,
  call: ToolCall,
  policy: Policy,
  judge: Judge,
): Alternative | null {
  for (const suggested of suggestedAlternatives) {
    const text = changedText(suggested, call);
    if (text === null) continue;
    const input = { ...call.input, ...suggested.toolInput };
    const { decision, ruleIds } = judge(policy, { ...call, input });
    if (decision === "allow" && ruleIds.length > 0 && ruleIds.every((id) => isHumanWritten(id, policy))) {
      return { input, text, matchedRules: ruleIds, rationale: suggested.rationale };
    }
  }
  return null;
}

/** The new command or path; `null` when another field would change, nothing would, or a secret's stand-in would run. */
function changedText({ toolInput }: SuggestedAlternative, { tool, input }: ToolCall): string | null {
  const shape = toolShape(tool);
  const fields = [shape?.command?.field, ...(shape?.paths ?? []).map(({ field }) => field)];
  const changed = Object.keys(toolInput).filter((key) => !isSame(toolInput[key], input[key]));
  const [field] = changed;
  if (field === undefined || changed.length > 1 || !fields.includes(field)) return null;
  const [before, after] = [stringField(input, field), stringField(toolInput, field)];
  if (before === undefined || after === undefined || after.trim() === "") return null;
  return after.includes("REDACTED_") && !before.includes("REDACTED_") ? null : after;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isHumanWritten(id: string, { rules }: Policy): boolean {
  return rules.some((rule) => rule.id === id && rule.kind === "allow" && rule.layer !== "auto");
}
