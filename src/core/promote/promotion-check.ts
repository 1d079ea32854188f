/**
 * May this rule come in force by itself? Every condition of SPEC section 5 under "Promotion", asked of the rule as
 * compiled and by what it answers, not by how it was made. In doubt no.
 */
import type { Effect } from "../decision.js";
import { admittedDangers } from "../generalise/dangerous-neighbours.js";
import { evaluate, matchRule } from "../policy/evaluate.js";
import type { EvaluateDeps, Evaluation } from "../policy/evaluation.js";
import { exampleCall } from "../policy/examples.js";
import { hasExpired } from "../policy/expired.js";
import type { Policy, Rule } from "../policy/policy.js";
import { stringField, type ToolCall, toolShape } from "../tool-call.js";
import { withRule } from "./candidate-rule.js";
import { probesOf } from "./probes.js";

export type PromotionRefusal =
  | "unknown"
  | "secret"
  | "effect"
  | "not-scoped"
  | "no-match"
  | "not-closed"
  | "dangerous"
  | "denied";

export type PromotionCheck =
  | { readonly kind: "passes" }
  | { readonly kind: "refused"; readonly code: PromotionRefusal; readonly detail: string }
  /** A `deny_promote` rule is about this call. */
  | { readonly kind: "blocked"; readonly by: Rule };

export interface PromotionQuestion {
  readonly rule: Rule;
  /** The call it was made from, whole and as it came. */
  readonly call: ToolCall;
  readonly evaluation: Evaluation;
  /** With at least the rules that calls of this tool look at. */
  readonly policy: Policy;
  readonly deps: EvaluateDeps;
  /** Whether a text holds a secret. */
  readonly holdsSecret: (text: string) => boolean;
  /** A person who was shown the rule may allow more than a verdict may: code that runs, writes outside. */
  readonly by: "verdict" | "person";
}

/** The `deny_promote` rule that is about this call, surely or perhaps; `null` when none is. */
export function blockingRule(policy: Policy, call: ToolCall, deps: EvaluateDeps): Rule | null {
  const found = policy.rules.find(
    (one) => one.kind === "deny_promote" && !hasExpired(one, deps.now) && matchRule(policy, one, call, deps) !== "no",
  );
  return found ?? null;
}

/** Total; the first thing that speaks against it. */
export function checkPromotion(question: PromotionQuestion): PromotionCheck {
  const { rule, call, evaluation, policy, deps, holdsSecret, by } = question;
  const { effect } = evaluation;
  if (evaluation.unknown) return refuse("unknown", "the call is not fully understood");
  if (holdsSecret(JSON.stringify(call.input))) return refuse("secret", "the call holds a secret");
  if (by === "verdict") {
    const blocking = blockingRule(policy, call, deps);
    if (blocking !== null) return { kind: "blocked", by: blocking };
    if (!evaluation.open) return refuse("unknown", "a rule decides it already");
    if (effect === undefined || !PROMOTED.has(effect)) return refuse("effect", `what it does is \`${effect}\``);
  }
  if (!isScoped(rule, call)) return refuse("not-scoped", "it would hold outside this project");
  const after = withRule(policy, rule);
  // In auto mode a rule that would allow may be held back (SPEC section 4); here its own answer is asked for.
  const allows = (one: ToolCall): boolean => {
    const { decision, ruleIds } = evaluate(after, { ...one, permissionMode: "default" }, deps);
    return decision === "allow" && ruleIds.includes(rule.id);
  };
  if (!allows(call)) return refuse("no-match", "it would not allow the call it came from");
  const opened = probesOf(call, effect).find(allows);
  if (opened !== undefined) return refuse("not-closed", `it would also allow ${shownCall(opened)}`);
  // What a person approved by name is no neighbour of itself.
  const approved = by === "person" ? commandOf(call) : undefined;
  const danger = admittedDangers(policy, rule, call.project, deps).find((one) => one !== approved);
  if (danger !== undefined) return refuse("dangerous", `it would also allow \`${danger}\``);
  return deniedNeighbour(question) ?? { kind: "passes" };
}

/** What a verdict alone may open (SPEC section 5). */
const PROMOTED: ReadonlySet<Effect> = new Set(["reads", "writes-project", "network"]);

function refuse(code: PromotionRefusal, detail: string): PromotionCheck {
  return { kind: "refused", code, detail };
}

/** One absolute folder, the project's or below it; a home folder or the root is no project. */
function isScoped({ cwd }: Rule, { project, home }: ToolCall): boolean {
  if (project === "" || project === "/" || project === home || home.startsWith(`${project}/`)) return false;
  return cwd !== undefined && cwd.length > 0 && cwd.every((one) => one === project || one.startsWith(`${project}/`));
}

/** What deny, ask and deny_promote rules say they are about, in their own examples, must not become allowed. */
function deniedNeighbour({ rule, call, policy, deps, by }: PromotionQuestion): PromotionCheck | null {
  const { home, project } = call;
  for (const other of policy.rules) {
    if (other.kind !== "deny" && other.kind !== "ask" && other.kind !== "deny_promote") continue;
    for (const example of other.match ?? []) {
      const made = exampleCall(other, example, { home, project });
      if (made === undefined || matchRule(policy, rule, { ...made, cwd: call.cwd }, deps) !== "yes") continue;
      if (other.kind === "deny_promote" && by === "person") continue;
      if (other.kind === "deny_promote") return { kind: "blocked", by: other };
      return refuse("denied", `it would allow what \`${other.id}\` is about: ${shownCall(made)}`);
    }
  }
  return null;
}

function commandOf({ tool, input }: ToolCall): string | undefined {
  const field = toolShape(tool)?.command?.field;
  return field === undefined ? undefined : stringField(input, field)?.trim();
}

function shownCall({ tool, input }: ToolCall): string {
  const main = toolShape(tool)?.main;
  const text = main === undefined ? undefined : stringField(input, main);
  return `\`${text ?? `${tool} ${JSON.stringify(input)}`}\``;
}
