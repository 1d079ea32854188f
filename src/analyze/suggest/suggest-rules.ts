/**
 * From answered calls to suggestions: mined on the older sessions, tried on the newest, weighed together with the policy
 * in force. The same calls give the same suggestions, byte for byte. It proposes; it applies nothing.
 */
import { type CompiledDraft, compileDraft, type RuleDraft, renderDraft } from "../../core/generalise/rule-draft.js";
import { matchRule } from "../../core/policy/evaluate.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy, Rule } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { toolShape } from "../../core/tool-call.js";
import { wilsonLower } from "../statistics.js";
import { AtomReader } from "./atoms.js";
import { breadthOf } from "./breadth.js";
import { examplesOf } from "./examples-of.js";
import { splitByTime } from "./hold-out.js";
import { type JudgedPast, judgePast, judgeUnder, judgeWith, oncePerCall } from "./judge-past.js";
import { type Candidate, mineRules, uniqueName } from "./mine.js";
import type { PastCall, PastCalls } from "./past-call.js";
import { mineRefusals, type RefusalNode } from "./refusals.js";
import type { Suggestion, Suggestions, Witness } from "./suggestion.js";

const WEEK_MS = 7 * 86_400_000;

export interface SuggestWorld {
  /** The policy in force, or an empty one. */
  readonly policy: Policy;
  /** Ordinary commands, to see what else a rule admits. */
  readonly commands: readonly string[];
  /** What the policy says of the calls, where it is known from before. */
  readonly judged?: JudgedPast;
}

export function suggestRules(found: PastCalls, world: SuggestWorld): Suggestions {
  const { calls } = found;
  const { policy, commands, judged = oncePerCall(policy, judgeUnder(policy)) } = world;
  const isOpen = (one: PastCall) => judged(one).isOpen;
  const { past, later } = splitByTime(calls);
  const reader = new AtomReader(policy, judged);
  const mined = mineRules(past.map((one) => reader.read(one)));
  const open = calls.filter(isOpen);
  const openLater = later === null ? null : later.filter(isOpen);
  const judgeMined = judgeWith(policy, mined.map(ruleOf));
  const tried = openLater === null ? null : replay(openLater, judgeMined);
  // A rule that a later refusal speaks against is withdrawn, unless it only reads.
  const kept = mined.filter(
    (candidate) => readsOnly(candidate) || (tried?.byRule.get(idOf(candidate))?.refused ?? []).length === 0,
  );
  const weeks = weeksOf(calls);
  const judgeKept = kept.length === mined.length ? judgeMined : judgeWith(policy, kept.map(ruleOf));
  const effect = replay(open, judgeKept);
  const heldOut = openLater === null ? null : replay(openLater, judgeKept);
  const seen = new Set(past.map(({ call }) => call.input["command"]));
  const taken = new Set(policy.rules.map(({ id }) => id));
  const allow = kept.flatMap((candidate): Suggestion[] => {
    const { approved, prompts, refused } = effect.byRule.get(idOf(candidate)) ?? NOTHING;
    if (approved === 0) return [];
    const { node, bound } = candidate;
    const covers = oncePerCall(candidate.compiled.policy, (one) => isCovered(candidate.compiled, one));
    const covered = past.filter((one) => one.answer === "approved" && covers(one));
    const draft = finished(candidate.draft, taken, examplesOf(candidate, covered, past));
    return [
      {
        kind: "allow",
        name: draft.table.name,
        draft,
        toml: renderDraft(draft),
        project: node.project,
        effect: node.effect,
        calls: approved,
        prompts,
        promptsPerWeek: prompts / weeks,
        support: {
          approved: node.approved,
          refused: node.refused,
          sessions: node.sessions.size,
          projects: node.projects.size,
          days: node.days.size,
        },
        precision: node.approved / (node.approved + node.refused),
        bound,
        overridden: refused.map(witnessOf),
        breadth: breadthOf(candidate, commands, seen),
        holdOut: heldOut === null ? null : heldOutFor(heldOut.byRule.get(idOf(candidate)) ?? NOTHING),
      },
    ];
  });
  return {
    suggestions: [...allow.toSorted(mostPrompts), ...againstRefusals(mineRefusals(past, judged), policy, taken, weeks)],
    calls: calls.length,
    unknowable: found.unknowable,
    isCut: found.isCut,
    open: effect.open,
    openAfter: effect.openAfter,
    isValidated: later !== null,
    weeks,
  };
}

/** What a rule does over some calls, the others beside it. */
interface Used {
  approved: number;
  prompts: number;
  readonly refused: PastCall[];
}

const NOTHING: Used = { approved: 0, prompts: 0, refused: [] };

function ruleOf({ compiled }: Candidate): Rule {
  return compiled.rule;
}

function idOf(candidate: Candidate): string {
  return ruleOf(candidate).id;
}

function heldOutFor({ approved, refused }: Used): Suggestion["holdOut"] {
  return { allowed: approved + refused.length, approved, refused: refused.length };
}

function mostPrompts(a: Suggestion, b: Suggestion): number {
  return b.prompts - a.prompts || b.calls - a.calls || (a.name < b.name ? -1 : 1);
}

function readsOnly({ node }: Candidate): boolean {
  return node.effect === "reads" || node.effect === "read";
}

function isCovered({ rule, policy }: CompiledDraft, { call, resolvePath, timeMs }: PastCall): boolean {
  // One program, one tool: most calls need no look.
  const program = rule.shell?.program?.[0];
  const command = toolShape(call.tool)?.command === undefined ? undefined : call.input["command"];
  if (program !== undefined && !(typeof command === "string" && command.includes(program))) return false;
  if (program === undefined && command !== undefined) return false;
  return matchRule(policy, rule, call, { resolvePath, parseShell: analyzeShell, now: timeMs }) === "yes";
}

/**
 * Which rule spares or overrides what: a call of several commands counts for each rule it needs.
 * @param calls open ones. @param judge `null`: still open.
 */
function replay(calls: readonly PastCall[], judge: (past: PastCall) => Evaluation | null) {
  const byRule = new Map<string, Used>();
  let [open, openAfter] = [0, 0];
  for (const one of calls) {
    const { call, answer, isPrompted } = one;
    const judged = judge(one);
    if (answer === "approved") open++;
    if (judged?.decision !== "allow") {
      if (answer === "approved") openAfter++;
      continue;
    }
    const { ruleIds, effect } = judged;
    for (const id of ruleIds) {
      const met = byRule.get(id) ?? { approved: 0, prompts: 0, refused: [] };
      byRule.set(id, met);
      if (answer === "refused") met.refused.push(one);
      else {
        met.approved++;
        if (isPrompted || wouldAsk(call.permissionMode, effect)) met.prompts++;
      }
    }
  }
  return { byRule, open, openAfter };
}

/** As the estimate of prompts saved has it (SPEC section 9); calls without a mode count as in the default one. */
function wouldAsk(mode = "default", effect: string | undefined): boolean {
  if (mode !== "default" && mode !== "acceptEdits" && mode !== "plan") return false;
  return effect !== undefined && effect !== "reads" && !(mode === "acceptEdits" && effect === "writes-project");
}

function weeksOf(calls: readonly PastCall[]): number {
  const [first, last] = [calls[0], calls.at(-1)];
  return first === undefined || last === undefined ? 1 : Math.max(1, (last.timeMs - first.timeMs) / WEEK_MS);
}

function witnessOf({ timeMs, call, at, subject }: PastCall): Witness {
  return { timeMs, session: call.sessionId, at, subject };
}

/** A free name, and the examples that become tests of the policy file. */
function finished(draft: RuleDraft, taken: Set<string>, examples: Readonly<Record<string, unknown>>): RuleDraft {
  const name = uniqueName(draft.table.name, taken);
  taken.add(name);
  const { name: _, ...conditions } = draft.table;
  const named: RuleDraft = { ...draft, table: { name, ...conditions, ...examples } };
  return compileDraft(named).kind === "rule" ? named : { ...draft, table: { ...draft.table, name } };
}

function againstRefusals(
  nodes: readonly RefusalNode[],
  policy: Policy,
  taken: Set<string>,
  weeks: number,
): readonly Suggestion[] {
  return nodes.flatMap(({ draft, refused, approved }): Suggestion[] => {
    const decided = refused.every((one) => {
      const { decision } = judgePast(policy, one);
      return decision === "deny" || decision === "ask";
    });
    if (decided) return [];
    const match = [...new Set(refused.map(({ subject }) => subject))].filter((one) => one.length <= 200).slice(0, 3);
    const whole = finished(draft, taken, match.length === 0 ? {} : { match });
    const prompts = refused.filter(({ isPrompted }) => isPrompted).length;
    const sessions = (calls: readonly PastCall[]) => new Set(calls.map(({ call }) => call.sessionId)).size;
    return [
      {
        kind: whole.kind === "deny" ? "deny" : "ask",
        name: whole.table.name,
        draft: whole,
        toml: renderDraft(whole),
        project: "",
        effect: "",
        calls: refused.length,
        prompts,
        promptsPerWeek: prompts / weeks,
        support: {
          approved,
          refused: refused.length,
          sessions: sessions(refused),
          projects: new Set(refused.map(({ call }) => call.project)).size,
          days: new Set(refused.map(({ timeMs }) => Math.floor(timeMs / 86_400_000))).size,
        },
        precision: refused.length / (refused.length + approved),
        bound: wilsonLower(refused.length, refused.length + approved) ?? 0,
        overridden: [],
        breadth: { unseen: 0, scary: [] },
        holdOut: null,
      },
    ];
  });
}
