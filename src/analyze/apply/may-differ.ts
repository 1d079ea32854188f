/**
 * Which calls a change of policy can be about at all: those that look at a rule which only one of the two policies has,
 * told by the texts that such a rule needs. It judges nothing, and where it cannot tell a call may be answered otherwise.
 */
import { fileNeedle, hayOf, isMeant, type Needle, shellNeedle } from "../../core/policy/needles.js";
import type { Policy, Rule } from "../../core/policy/policy.js";
import { rulesAbout } from "../../core/policy/rules-about.js";
import type { ParseShell } from "../../core/shell/shell.js";
import { currentToolName, type ToolCall } from "../../core/tool-call.js";

export type PolicyOf = (project: string) => Policy;

export interface JudgedCall {
  readonly call: ToolCall;
  readonly resolvePath: (absolute: string) => string | null;
}

/** Needles of the rules that differ; `null`: more than rules differs. */
type Change = readonly Needle[] | null;

/** Whether a call may be answered otherwise after than before. */
export function mayDiffer(before: PolicyOf, after: PolicyOf, parseShell: ParseShell): (one: JudgedCall) => boolean {
  const changes = new Map<string, Change>();
  return ({ call, resolvePath }) => {
    const tool = currentToolName(call.tool);
    const policy = before(call.project);
    const key = `${call.project}\0${tool}`;
    const known = changes.get(key);
    const change = known === undefined ? changeFor(policy, after(call.project), tool) : known;
    changes.set(key, change);
    if (change === null) return true;
    if (change.length === 0) return false;
    const hay = hayOf(call, { resolvePath, parseShell, wrappers: policy.wrappers });
    return hay === null || change.some((needle) => isMeant(needle, hay));
  };
}

function changeFor(before: Policy, after: Policy, tool: string): Change {
  if (frameOf(before) !== frameOf(after)) return null;
  const [was, is] = [rulesByText(before, tool), rulesByText(after, tool)];
  const lost = [...was].filter(([text]) => !is.has(text));
  const gained = [...is].filter(([text]) => !was.has(text));
  const needleOf = tool === "Bash" ? shellNeedle : fileNeedle;
  return [...lost, ...gained].map(([, rule]) => needleOf(rule));
}

/** All that decides beside the rules, as text. */
function frameOf({ state, settings, wrappers, guarded }: Policy): string {
  return JSON.stringify([state, settings, wrappers, guarded]);
}

/** What decides calls of a tool, without the place it stands at. */
function rulesByText(policy: Policy, tool: string): ReadonlyMap<string, Rule> {
  return new Map(
    rulesAbout(policy, tool).map((rule) => {
      const { index: _, source: __, ...rest } = rule;
      return [JSON.stringify(rest), rule];
    }),
  );
}
