/**
 * One rule against one call: which of its conditions apply, and what they say together. Deny and ask look for any part
 * that could be meant; allow asks about one part at a time and wants proof.
 */

import { CALL_CONDITIONS, type Condition, SHELL_CONDITIONS, TEXT_CONDITIONS } from "./conditions.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { isTool } from "./match-pattern.js";
import { lowerCase } from "./match-shell.js";
import type { Stance } from "./match-text.js";
import { mostOfPattern } from "./places-to-ask.js";
import type { Policy, Regex, Rule } from "./policy.js";
import { rulesAbout } from "./rules-about.js";

/** A rule with only the conditions it has. */
export interface ReadyRule {
  readonly rule: Rule;
  readonly stance: Stance;
  readonly call: readonly Condition[];
  readonly part: readonly Condition[];
  /** Lower-case names one of which must run, `null` when the rule does not say. */
  readonly programs: ReadonlySet<string> | null;
}

/** INVARIANT: conditions are gathered when they are first asked; of most rules of a call they never are. */
class Ready implements ReadyRule {
  readonly stance: Stance;
  readonly programs: ReadonlySet<string> | null;
  #call: readonly Condition[] | undefined;
  #part: readonly Condition[] | undefined;

  constructor(readonly rule: Rule) {
    this.stance = rule.kind === "allow" || rule.kind === "passthrough" ? "must" : "could";
    this.programs = rule.raw || rule.shell?.program === undefined ? null : lowerCase(rule.shell.program);
  }

  get call(): readonly Condition[] {
    this.#call ??= CALL_CONDITIONS.filter((condition) => condition.applies(this.rule));
    return this.#call;
  }

  get part(): readonly Condition[] {
    this.#part ??= [
      ...(this.rule.shell === undefined ? [] : SHELL_CONDITIONS.filter((condition) => condition.applies(this.rule))),
      ...TEXT_CONDITIONS.filter((condition) => condition.applies(this.rule)),
    ];
    return this.#part;
  }
}

const ready = new WeakMap<Rule, ReadyRule>();

export function readyRule(rule: Rule): ReadyRule {
  let found = ready.get(rule);
  if (found === undefined) {
    found = new Ready(rule);
    ready.set(rule, found);
  }
  return found;
}

/** Whether a rule can be about a tool at all. */
export function isForTool({ rule, stance }: ReadyRule, tool: string): boolean {
  if (rule.tool !== undefined && !accepts(rule.tool, tool, stance)) return false;
  return rule.pattern?.kind !== "tool" || accepts(rule.pattern.tool, tool, stance);
}

const accepted = new Map<string, Map<string, boolean>>();
const MAX_TOOLS = 100;
const MAX_SPELLINGS = 1_000;

/** Many rules spell the same few tools, each with a regex of its own that would have to be built. */
function accepts(regex: Regex, tool: string, stance: Stance): boolean {
  const answers = accepted.get(tool) ?? new Map<string, boolean>();
  if (accepted.size >= MAX_TOOLS) accepted.clear();
  if (answers.size >= MAX_SPELLINGS) answers.clear();
  accepted.set(tool, answers);
  const key = `${stance} ${regex.flags} ${regex.source}`;
  const answer = answers.get(key) ?? isTool(regex, tool, stance);
  answers.set(key, answer);
  return answer;
}

const byPolicy = new WeakMap<Policy, Map<string, readonly ReadyRule[]>>();

/** Rules that can apply to a tool, in the policy's order. */
function indexed(policy: Policy, tool: string): readonly ReadyRule[] {
  const tools = byPolicy.get(policy) ?? new Map<string, readonly ReadyRule[]>();
  byPolicy.set(policy, tools);
  const known = tools.get(tool);
  if (known !== undefined) return known;
  const found = rulesAbout(policy, tool)
    .map(readyRule)
    .filter((one) => isForTool(one, tool));
  if (tools.size < 100) tools.set(tool, found);
  return found;
}

const expiries = new WeakMap<readonly ReadyRule[], number>();

/** When the first of these rules ends to apply. */
function firstExpiry(rules: readonly ReadyRule[]): number {
  let first = expiries.get(rules);
  if (first === undefined) {
    first = Math.min(...rules.map(({ rule }) => rule.expires ?? Number.POSITIVE_INFINITY));
    expiries.set(rules, first);
  }
  return first;
}

/** Rules that can apply to a call's tool now. */
export function rulesFor({ policy, call, now }: Facts): readonly ReadyRule[] {
  const all = indexed(policy, call.tool);
  return now < firstExpiry(all) ? all : all.filter(({ rule }) => rule.expires === undefined || now < rule.expires);
}

/** ANDed: the first no ends it. */
function askAll(conditions: readonly Condition[], { rule, stance }: ReadyRule, subject: Subject, facts: Facts): Answer {
  let answer: Answer = "yes";
  for (const condition of conditions) {
    const one = condition.test(rule, subject, facts, stance);
    if (one === "no") return "no";
    if (one === "unknown") answer = "unknown";
  }
  return answer;
}

/** What a deny or ask rule says of a call, and the part that made it say so (`null`: the call as a whole). */
export interface Found {
  readonly answer: Answer;
  readonly subject: Subject | null;
}

const NOT_FOUND: Found = { answer: "no", subject: null };

/** False only when none of these programs is what a part runs; their names are in lower case. */
function mayRun(programs: ReadonlySet<string>, { part }: Subject): boolean {
  if (part === null) return true;
  const { program, programPath, argv } = part;
  if (program === null) return argv.length > 0;
  return programs.has(program.toLowerCase()) || (programPath !== null && programs.has(programPath.toLowerCase()));
}

/** INVARIANT: text that was not understood may hold a part that was not found, so its answer is never no here. */
export function findMatch(one: ReadyRule, facts: Facts): Found {
  const { programs, rule } = one;
  if (programs !== null && facts.programs?.some((program) => programs.has(program)) === false) return NOT_FOUND;
  const most = rule.pattern?.kind === "path" ? mostOfPattern(rule.pattern, facts, rule.kind === "deny") : "yes";
  if (most === "no" && facts.unknown === null) return NOT_FOUND;
  const first = askAll(one.call, one, facts.whole, facts);
  if (first === "no") return NOT_FOUND;
  if (one.part.length === 0) return { answer: first, subject: null };
  let best: Found = facts.unknown === null || rule.raw ? NOT_FOUND : { answer: "unknown", subject: null };
  if (most === "no") return best;
  for (const subject of rule.raw ? [facts.whole] : facts.subjects) {
    if (programs !== null && !mayRun(programs, subject)) continue;
    const answer = askAll(one.part, one, subject, facts);
    if (answer === "yes" && first === "yes") return { answer, subject };
    if (answer !== "no" && best.subject === null) best = { answer: "unknown", subject };
    if (best.subject !== null && most !== "yes") return best;
  }
  return best;
}

/** What an allow or passthrough rule says of one part. `raw` rules see the text, so they only judge a call of one part. */
export function covers(one: ReadyRule, subject: Subject, facts: Facts): Answer {
  const { programs, rule } = one;
  if (programs !== null && !mayRun(programs, subject)) return "no";
  const first = askAll(one.call, one, facts.whole, facts);
  if (first === "no") return "no";
  if (rule.raw && facts.commandField !== null && !isAlone(facts)) return "no";
  const second = askAll(one.part, one, rule.raw ? facts.whole : subject, facts);
  if (second === "no") return "no";
  return first === "yes" ? second : first;
}

function isAlone({ subjects }: Facts): boolean {
  return subjects.filter(({ part }) => part?.certainty === "certain").length <= 1;
}
