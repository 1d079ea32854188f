/**
 * Allow rules that history speaks for: the shallowest nodes with enough sessions, days and approvals, no refusal, a
 * confident share and no unreliable refinement, each closed over what was seen and tried against the dangerous
 * neighbours. Statistics never make a rule safe: the closing and the guards do.
 */
import { type CommandRuleScope, commandRule, draftName } from "../../core/generalise/command-rule.js";
import { admittedDangers } from "../../core/generalise/dangerous-neighbours.js";
import { DIFFERENT } from "../../core/generalise/generalise-calls.js";
import { type CompiledDraft, compileDraft, type RuleDraft } from "../../core/generalise/rule-draft.js";
import { toolRule } from "../../core/generalise/tool-rule.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { wilsonLower } from "../statistics.js";
import type { CallAtoms } from "./atoms.js";
import { growTree, type Node, unexplained } from "./node.js";

export interface Thresholds {
  readonly sessions: number;
  readonly events: number;
  readonly days: number;
  /** Lower bound of the share of approvals, for what reads and for what does more. */
  readonly bound: number;
  readonly boundWriting: number;
  /** A refinement met at least so often must have this share of approvals. */
  readonly refinementEvents: number;
  readonly reliability: number;
  /** Projects that make a rule for all of them. */
  readonly projects: number;
  /** Different children before a folder stands for all of them. */
  readonly children: number;
}

/** Those of the reference pipeline (rule mining, step 4). */
export const THRESHOLDS: Thresholds = {
  sessions: 3,
  events: 8,
  days: 2,
  bound: 0.85,
  boundWriting: 0.95,
  refinementEvents: 4,
  reliability: 0.6,
  projects: 2,
  children: DIFFERENT,
};

export interface Candidate {
  readonly draft: RuleDraft;
  readonly compiled: CompiledDraft;
  readonly node: Node;
  /** Lower bound of the share of approvals. */
  readonly bound: number;
}

export function mineRules(calls: readonly CallAtoms[], thresholds: Thresholds = THRESHOLDS): readonly Candidate[] {
  const strong = growTree(calls).filter((node) => isStrong(node, thresholds));
  const wide = new Set(strong.filter(({ project }) => project === "").map(subjectKey));
  const names = new Set<string>();
  return strong
    .filter((node) => node.project === "" || !wide.has(subjectKey(node)))
    .filter((node) => !strong.some((above) => holdsFolder(above, node)))
    .toSorted((a, b) => b.approved - a.approved || (a.key < b.key ? -1 : 1))
    .flatMap((node) => candidateOf(node, names) ?? []);
}

function subjectKey({ subject, effect }: Node): string {
  return JSON.stringify([subject, effect]);
}

/** A rule for a folder covers what lies below it. */
function holdsFolder(above: Node, { subject, effect, project }: Node): boolean {
  if (above.subject.kind !== "folder" || subject.kind !== "folder") return false;
  return above.effect === effect && above.project === project && subject.path.startsWith(`${above.subject.path}/`);
}

export function isStrong(node: Node, thresholds: Thresholds): boolean {
  const { approved, refused, sessions, days, projects, children, refinements, subject, effect } = node;
  if (sessions.size < thresholds.sessions || days.size < thresholds.days || approved < thresholds.events) return false;
  if (node.project === "" && projects.size < thresholds.projects) return false;
  if (subject.kind === "folder" && children.size < thresholds.children) return false;
  // What only reads the project is hardly refused for what it is: there the bound alone decides, and refusals are listed.
  const readsOnly = effect === "reads" || effect === "read";
  if (!readsOnly && unexplained(node) > 0) return false;
  const writes = effect !== "network" || node.shapes.some(({ freedom }) => freedom === "none");
  const least = readsOnly || !writes ? thresholds.bound : thresholds.boundWriting;
  if ((wilsonLower(approved, approved + refused) ?? 0) < least) return false;
  return [...refinements.values()].every(
    (one) =>
      one.approved + one.refused < thresholds.refinementEvents ||
      one.approved / (one.approved + one.refused) >= thresholds.reliability,
  );
}

function candidateOf(node: Node, names: Set<string>): Candidate | null {
  const draft = draftOf(node);
  if (draft === null) return null;
  const named = { ...draft, table: { ...draft.table, name: uniqueName(draft.table.name, names) } };
  const compiled = compileDraft(named);
  if (compiled.kind === "refused") return null;
  const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };
  if (admittedDangers(compiled.policy, compiled.rule, node.project, deps).length > 0) return null;
  names.add(named.table.name);
  return { draft: named, compiled, node, bound: wilsonLower(node.approved, node.approved + node.refused) ?? 0 };
}

function draftOf({ subject, project, shapes }: Node): RuleDraft | null {
  if (subject.kind !== "command") return toolRule(subject, project);
  const scope: CommandRuleScope = { project, different: DIFFERENT, least: 2 };
  return commandRule(draftName("allow", subject.head.join(" ")), shapes, scope);
}

export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
