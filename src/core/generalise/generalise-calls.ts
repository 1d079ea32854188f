/**
 * One or several calls -> closed allow rules that cover them: one for each command name, folder, host or tool. A call
 * of which some part may not be proposed gives none at all, with the reason.
 */
import type { EvaluateDeps } from "../policy/evaluation.js";
import { type Facts, readFacts, type Subject } from "../policy/facts.js";
import type { Policy } from "../policy/policy.js";
import { type ToolCall, toolShape } from "../tool-call.js";
import { commandRule, draftName } from "./command-rule.js";
import { type CommandShape, shapeOfPart } from "./command-shape.js";
import type { RuleDraft } from "./rule-draft.js";
import { toolRule, toolSubject } from "./tool-rule.js";

/** Fewer different arguments of a kind stay themselves (rule-mining: at least three children before widening). */
export const DIFFERENT = 3;

export type CallShapes =
  | { readonly kind: "shapes"; readonly shapes: readonly CommandShape[] }
  | { readonly kind: "none"; readonly why: string };

export type Generalised =
  | { readonly kind: "drafts"; readonly drafts: readonly RuleDraft[] }
  | { readonly kind: "refused"; readonly why: string };

/** The parts of a shell call that a rule must cover, in order. @param policy for its wrappers. */
export function judgedParts(policy: Policy, call: ToolCall, deps: EvaluateDeps) {
  return judgedPartsOf(readFacts(policy, call, deps));
}

/** The same of facts that were read. */
export function judgedPartsOf(facts: Facts) {
  if (facts.unknown !== null) return { kind: "none", why: facts.unknown } as const;
  const subjects = facts.subjects.filter(({ part }) => part !== null && part.certainty === "certain" && !isIdle(part));
  return { kind: "parts", subjects } as const;
}

/** Runs nothing by itself. */
function isIdle(part: NonNullable<Subject["part"]>): boolean {
  return part.transparent || (part.argv.length === 0 && part.assigns.length > 0);
}

export function shapesOfCall(policy: Policy, call: ToolCall, deps: EvaluateDeps): CallShapes {
  const judged = judgedParts(policy, call, deps);
  if (judged.kind === "none") return judged;
  const shapes: CommandShape[] = [];
  for (const subject of judged.subjects) {
    const result = shapeOfPart(subject, call.project);
    if (result.kind === "none") return { kind: "none", why: `\`${subject.text.slice(0, 80)}\` ${result.why}` };
    shapes.push(result.shape);
  }
  return shapes.length === 0 ? { kind: "none", why: "it runs no command" } : { kind: "shapes", shapes };
}

/** @param project absolute root the rules hold below. @param policy for its wrappers. */
export function generaliseCalls(
  calls: readonly ToolCall[],
  project: string,
  policy: Policy,
  deps: EvaluateDeps,
): Generalised {
  const byHead = new Map<string, CommandShape[]>();
  const drafts = new Map<string, RuleDraft>();
  for (const call of calls) {
    if (toolShape(call.tool)?.command === undefined) {
      const subject = toolSubject(call);
      if (subject === null) return { kind: "refused", why: `no rule is proposed for ${call.tool} with such an input` };
      drafts.set(JSON.stringify(subject), toolRule(subject, project));
      continue;
    }
    if (call.tool !== "Bash") return { kind: "refused", why: `no rule is proposed for ${call.tool}` };
    const found = shapesOfCall(policy, call, deps);
    if (found.kind === "none") return { kind: "refused", why: found.why };
    for (const shape of found.shapes) {
      const key = JSON.stringify([shape.head, shape.effect]);
      byHead.set(key, [...(byHead.get(key) ?? []), shape]);
    }
  }
  for (const [key, shapes] of byHead) {
    const name = draftName("allow", shapes[0]?.head.join(" ") ?? "");
    const draft = commandRule(name, shapes, { project, different: DIFFERENT, least: 1 });
    if (draft === null) return { kind: "refused", why: "it has too many words to close over" };
    drafts.set(key, draft);
  }
  return { kind: "drafts", drafts: [...drafts.values()] };
}
