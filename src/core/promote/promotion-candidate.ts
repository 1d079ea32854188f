/**
 * From one judged call to the rule a verdict on it may become: the one command no rule covers, in its project, with the
 * options and kinds of arguments it had. What the model proposed is not asked: it may explain, it may not set scope.
 */
import { commandRule } from "../generalise/command-rule.js";
import { type CommandShape, shapeOfPart } from "../generalise/command-shape.js";
import { judgedParts } from "../generalise/generalise-calls.js";
import type { RuleDraft } from "../generalise/rule-draft.js";
import { toolRule, toolSubject } from "../generalise/tool-rule.js";
import type { EvaluateDeps, Evaluation } from "../policy/evaluation.js";
import { escapeRegex } from "../policy/glob.js";
import type { Policy } from "../policy/policy.js";
import { type ToolCall, toolShape } from "../tool-call.js";
import { type CandidateResult, compileCandidate } from "./candidate-rule.js";

/** @param evaluation of the call under the policy, with its detail. */
export function promotionCandidate(
  call: ToolCall,
  evaluation: Evaluation,
  policy: Policy,
  deps: EvaluateDeps,
): CandidateResult {
  if (call.project === "") return refused("it is not known in which project the call was made");
  const isShell = toolShape(call.tool)?.command !== undefined;
  return isShell ? commandCandidate(call, evaluation, policy, deps) : toolCandidate(call, evaluation);
}

function commandCandidate(call: ToolCall, evaluation: Evaluation, policy: Policy, deps: EvaluateDeps): CandidateResult {
  const judged = judgedParts(policy, call, deps);
  if (judged.kind === "none") return refused(judged.why);
  const reports = evaluation.detail?.parts ?? [];
  const covered = new Set(reports.flatMap(({ part, coveredBy }) => (coveredBy === null ? [] : [part?.pos])));
  const shapes: CommandShape[] = [];
  for (const subject of judged.subjects) {
    if (covered.has(subject.part?.pos)) continue;
    const result = shapeOfPart(subject, call.project);
    if (result.kind === "none") return refused(`\`${subject.text.slice(0, 80)}\` ${result.why}`);
    // Arguments of what only reads become their kinds at once; anything else stays word for word, in its order.
    const { effect, freedom } = result.shape;
    // What reaches another machine may only ask there: what it changes there is for a person to allow.
    if (effect === "network" && freedom === "none")
      return refused(`\`${title(result.shape)}\` may change something elsewhere`);
    shapes.push(effect === "reads" ? result.shape : { ...result.shape, freedom: "none" });
  }
  const [first] = shapes;
  if (first === undefined) return refused("rules cover every part of it");
  const name = title(first);
  if (shapes.some(({ head }) => head.join(" ") !== name)) return refused("several of its commands have no rule");
  const draft = commandRule("candidate", shapes, { project: call.project, different: 1, least: 1 });
  if (draft === null) return refused("it has too many words to name");
  return compiled(draft, call, name, shapes.map(whatOf).join(" and "));
}

const title = ({ head }: CommandShape): string => head.join(" ");

/** `git log` with the options and the kinds of arguments of `git log -5`. */
function whatOf({ part, head, freedom, effect }: CommandShape): string {
  const words = part.argv.map(({ value }) => value ?? "").join(" ");
  if (freedom === "none") return `exactly \`${words}\``;
  const like = words === head.join(" ") ? "alone" : `with the options and kinds of arguments of \`${words}\``;
  return `\`${head.join(" ")}\` ${like}${effect === "reads" ? ", reading files of the project only" : ""}`;
}

/** A folder for what reads, one file for what writes, one host. */
function toolCandidate(call: ToolCall, { paths }: Evaluation): CandidateResult {
  const subject = toolSubject(call);
  if (subject === null) return refused(`no rule is made of ${call.tool} with such an input`);
  if (subject.kind !== "folder" || subject.access === "read") {
    const draft = toolRule(subject, call.project);
    return compiled(draft, call, call.tool, `\`${String(draft.table["pattern"] ?? call.tool)}\``);
  }
  const [path] = paths;
  if (path === undefined) return refused("it is not known which file it changes");
  return compiled(toolRule({ ...subject, path }, call.project), call, call.tool, `${call.tool} of \`${path}\``);
}

/** One tool only: the verdict was about this one. */
function compiled(
  { table: { name: _, ...conditions } }: RuleDraft,
  call: ToolCall,
  name: string,
  what: string,
): CandidateResult {
  return compileCandidate("allow", { ...conditions, tool: escapeRegex(call.tool) }, name, what);
}

function refused(detail: string): CandidateResult {
  return { kind: "refused", detail };
}
