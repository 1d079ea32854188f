/**
 * What the rules and self-protection say of a call together: what stands against it, what covers it, and who therefore
 * decides (SPEC section 4). INVARIANT: deny > ask > allow > passthrough, whatever the layer; what is not understood is
 * never allowed.
 */
import type { GuardFinding } from "./builtin.js";
import { type Cover, coverCall, isCovered } from "./coverage.js";
import type { Facts } from "./facts.js";
import { covers, findMatch, type ReadyRule, rulesFor } from "./match-rule.js";
import { type Hit, type Judgement, LEFT_ALONE, type Outcome, undecided } from "./outcome.js";
import type { Rule } from "./policy.js";
import { askReason, brokenReason, denyReason, mentionsRule, unknownReason } from "./reasons.js";

/** `guard`: what self-protection found. `isFull`: also ask what could not change the decision any more. */
export function judgeByRules(facts: Facts, guard: GuardFinding | null, isFull: boolean): Judgement {
  const rules = facts.policy.rules.length === 0 ? [] : rulesFor(facts);
  const hits = findHits(rules, facts, isFull);
  const isRelaxed = guard !== null && isAllowedByManaged(facts, rules);
  const shown = isRelaxed ? null : guard;
  const objection = object(hits, shown, facts);
  const isBroken = facts.policy.state === "broken";
  const isAsked = isFull || (rules.length > 0 && objection === null && !isBroken);
  const found = isAsked ? coverCall(facts, allowRules(rules), rules) : null;
  const outcome = objection ?? (isBroken ? broken(facts) : agree(facts, rules, found));
  return { facts, hits, guard: shown, covers: found, outcome };
}

/** Deny rules first, then ask rules. INVARIANT: a sure deny ends the search only when nobody wants to see the rest. */
function findHits(rules: readonly ReadyRule[], facts: Facts, isFull: boolean): readonly Hit[] {
  const hits: Hit[] = [];
  for (const one of byKind(rules).against) {
    const { answer, subject } = findMatch(one, facts);
    if (answer === "no") continue;
    hits.push({ rule: one.rule, answer, subject });
    if (one.rule.kind === "deny" && answer === "yes" && !isFull) return hits;
  }
  return hits;
}

/** What stands against the call, `null` when nothing does. */
function object(hits: readonly Hit[], guard: GuardFinding | null, facts: Facts): Outcome | null {
  const { attended } = facts.call;
  const rest = { open: false, unknown: facts.unknown !== null };
  const denied = hits.find((hit) => hit.rule.kind === "deny" && hit.answer === "yes");
  if (denied !== undefined) {
    const reason = denyReason(denied.rule, denied.subject, facts);
    return { decision: "deny", tier: "deny", rules: [denied.rule], reason, ...rest };
  }
  const doubts = hits.filter((hit) => hit.answer === "unknown");
  const doubt = doubts.find((hit) => hit.subject !== null || mentionsRule(facts.whole.text, hit.rule)) ?? doubts[0];
  if (guard !== null) {
    const tier = attended ? "ask" : "deny";
    return { decision: tier, tier, rules: [guard.rule], reason: guard.reason, ...rest };
  }
  const asked = hits.find((hit) => hit.rule.kind === "ask" && hit.answer === "yes");
  if (asked !== undefined && (attended || doubt === undefined)) {
    const reason = askReason(asked.rule, asked.subject, facts);
    return {
      decision: "ask",
      tier: "ask",
      rules: [asked.rule],
      reason,
      ...rest,
      unknown: rest.unknown || doubt !== undefined,
    };
  }
  if (doubt === undefined) return null;
  const tier = attended ? "ask" : "deny";
  const reason = unknownReason(doubt.rule, doubt.subject, facts);
  return { decision: tier, tier, rules: [doubt.rule], reason, open: false, unknown: true };
}

interface ByKind {
  /** Deny rules, then ask rules. */
  readonly against: readonly ReadyRule[];
  /** Rules that a person wrote come before those that were promoted. */
  readonly allow: readonly ReadyRule[];
}

const kinds = new WeakMap<readonly ReadyRule[], ByKind>();

/** The same for every call of a tool. */
function byKind(rules: readonly ReadyRule[]): ByKind {
  const known = kinds.get(rules);
  if (known !== undefined) return known;
  const of = (kind: Rule["kind"]): readonly ReadyRule[] => rules.filter(({ rule }) => rule.kind === kind);
  const allow = of("allow");
  const found = {
    against: [...of("deny"), ...of("ask")],
    allow: [...allow.filter(({ rule }) => rule.layer !== "auto"), ...allow.filter(({ rule }) => rule.layer === "auto")],
  };
  kinds.set(rules, found);
  return found;
}

function allowRules(rules: readonly ReadyRule[]): readonly ReadyRule[] {
  return byKind(rules).allow;
}

function isAllowedByManaged(facts: Facts, rules: readonly ReadyRule[]): boolean {
  if (facts.policy.state === "broken") return false;
  const managed = rules.filter(({ rule }) => rule.layer === "managed");
  return isCovered(coverCall(facts, allowRules(managed), managed));
}

function broken(facts: Facts): Outcome {
  const { fail } = facts.policy.settings;
  const decision = facts.call.attended ? fail : "deny";
  return {
    decision,
    tier: "error",
    rules: [],
    reason: brokenReason(facts),
    open: false,
    unknown: facts.unknown !== null,
  };
}

/** In auto mode an allow would skip Claude Code's classifier (SPEC section 4). */
function holdsInAutoMode({ subject, rules }: Cover, facts: Facts): boolean {
  if (facts.call.permissionMode !== "auto" || facts.policy.settings.autoMode === "full") return true;
  return subject.effect === "reads" || rules.every((rule) => rule.permissionMode?.includes("auto") === true);
}

/** Nothing stands against the call: is it allowed, knowingly left alone, or open? */
function agree(facts: Facts, rules: readonly ReadyRule[], found: readonly Cover[] | null): Outcome {
  const open = undecided(facts);
  if (facts.unknown !== null) return open;
  if (isCovered(found)) {
    const used = [...new Set(found.flatMap((cover) => cover.rules))];
    const held = found.every((cover) => holdsInAutoMode(cover, facts)) ? found : coverForAutoMode(facts, rules);
    if (!isCovered(held)) return { ...LEFT_ALONE, rules: used, open: false };
    const kept = [...new Set(held.flatMap((cover) => cover.rules))];
    return {
      decision: "allow",
      tier: kept[0]?.layer === "auto" ? "auto" : "allow",
      rules: kept,
      reason: "",
      open: false,
      unknown: false,
    };
  }
  const left = passedThrough(facts, rules, found);
  return left === null ? open : { ...LEFT_ALONE, rules: left, open: false };
}

/** Another rule may name `auto` where the first one found did not. */
function coverForAutoMode(facts: Facts, rules: readonly ReadyRule[]): readonly Cover[] | null {
  const named = allowRules(rules).filter(({ rule }) => rule.permissionMode?.includes("auto") === true);
  const first = coverCall(facts, named, rules);
  const all = coverCall(facts, allowRules(rules), rules);
  if (first === null || all === null) return null;
  return first.map((cover, index) => {
    const other = all[index];
    return cover.missing !== "" && other !== undefined && holdsInAutoMode(other, facts) ? other : cover;
  });
}

/** The passthrough rules that, with the allow rules, account for every part; `null` when a part is left over. */
function passedThrough(
  facts: Facts,
  rules: readonly ReadyRule[],
  found: readonly Cover[] | null,
): readonly Rule[] | null {
  const declared = rules.filter(({ rule }) => rule.kind === "passthrough");
  const used: Rule[] = [];
  if (declared.length === 0) return null;
  for (const cover of found ?? []) {
    if (cover.missing === "") continue;
    const one = declared.find((rule) => covers(rule, cover.subject, facts) === "yes");
    if (one === undefined) return null;
    used.push(one.rule);
  }
  return used.length === 0 ? null : [...new Set(used)];
}
