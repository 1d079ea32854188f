/**
 * An evaluation in plain words: its parts, what covered them or what is missing, the steps, and what to do next. It
 * only tells what was found; it decides nothing.
 */
import type { Cover } from "./coverage.js";

import type { Evaluation, EvaluationDetail, PartReport, RuleMatch, TraceStep } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { covers, findMatch, type ReadyRule, rulesFor } from "./match-rule.js";
import { nearMisses } from "./near-miss.js";
import type { Judgement } from "./outcome.js";
import type { RuleKind } from "./policy.js";
import { quoted, ruleTitle } from "./reasons.js";

const STRICTEST_FIRST: readonly RuleKind[] = ["deny", "ask", "allow", "passthrough", "deny_promote"];

function partReport(subject: Subject, cover: Cover | undefined, facts: Facts): PartReport {
  const { part } = subject;
  const isCandidate = part !== null && part.certainty === "candidate";
  const missing = isCandidate
    ? "it may run, so deny and ask rules look at it"
    : (cover?.missing ?? facts.unknown ?? "no allow rule was asked");
  return {
    text: subject.text,
    ...(part === null ? {} : { part }),
    normalised: part?.normalised ?? "",
    effect: subject.effect,
    effectReason: part?.effectReason ?? "",
    coveredBy: cover?.rules[0]?.id ?? null,
    missing,
  };
}

/** Every rule that answers yes or unknown, also those that could not change the decision. */
function matchesOf(rules: readonly ReadyRule[], facts: Facts): readonly RuleMatch[] {
  const found: RuleMatch[] = [];
  for (const one of rules) {
    if (one.stance === "could") {
      const { answer, subject } = findMatch(one, facts);
      if (answer !== "no") found.push({ rule: one.rule, answer, part: subject?.text ?? "" });
      continue;
    }
    for (const subject of facts.subjects) {
      if (subject.part?.certainty === "candidate") continue;
      const answer = covers(one, subject, facts);
      if (answer !== "no") found.push({ rule: one.rule, answer, part: subject.part === null ? "" : subject.text });
    }
  }
  return found.sort((a, b) => STRICTEST_FIRST.indexOf(a.rule.kind) - STRICTEST_FIRST.indexOf(b.rule.kind));
}

function traceOf({ facts, hits, guard, covers: found, outcome }: Judgement): readonly TraceStep[] {
  const steps: TraceStep[] = [];
  const add = (step: TraceStep["step"], text: string): void => {
    steps.push({ step, text });
  };
  const count = facts.subjects.length;
  if (facts.unknown !== null) add("parse", `not fully understood: ${facts.unknown}`);
  else if (facts.commandField !== null)
    add("parse", count === 1 ? "one command" : `${count} commands, wrappers counted`);
  add("self-protection", guard === null ? "nothing of claude-permit's own is touched" : guard.reason);
  for (const kind of ["deny", "ask"] as const) {
    const own = hits.filter((hit) => hit.rule.kind === kind);
    if (own.length === 0) add(kind, `no ${kind} rule applies`);
    for (const { rule, answer, subject } of own) {
      const text = subject === null ? "the call" : quoted(subject.text);
      add(kind, `${ruleTitle(rule)} ${answer === "yes" ? "applies to" : "may apply to"} ${text}`);
    }
  }
  if (facts.policy.state === "broken") add("allow", "the policy is broken: no rule allows anything");
  else for (const cover of found ?? []) add("allow", coverText(cover));
  const isHeld = outcome.decision === "passthrough" && outcome.rules[0]?.kind === "allow";
  if (isHeld)
    add(
      "mode",
      'covered, but in auto mode only reading is allowed (auto_mode = "reads"): Claude Code\'s classifier decides',
    );
  const [first] = outcome.rules;
  if (outcome.decision === "passthrough" && first?.kind === "passthrough")
    add("passthrough", `${ruleTitle(first)} leaves it to Claude Code`);
  add("result", `${outcome.decision}${first === undefined ? "" : ` by ${ruleTitle(first)}`}`);
  return steps;
}

function coverText({ subject, rules, missing }: Cover): string {
  const text = subject.text === "" ? "the call" : quoted(subject.text);
  if (missing !== "") return `${text}: ${missing}`;
  return rules.length === 0
    ? `${text} runs nothing by itself`
    : `${text} is covered by ${rules.map(ruleTitle).join(" and ")}`;
}

export function detailOf(judgement: Judgement): EvaluationDetail {
  const { facts, covers: found } = judgement;
  const rules = rulesFor(facts);
  return {
    parts: facts.subjects.map((subject) =>
      partReport(
        subject,
        found?.find((cover) => cover.subject === subject),
        facts,
      ),
    ),
    matches: matchesOf(rules, facts),
    nearMisses: nearMisses(rules, facts),
    trace: traceOf(judgement),
  };
}

function nextStep({ decision, rule, open, unknown }: Evaluation): string {
  if (decision === "allow") return "";
  if (rule !== null && rule.layer === "builtin") return "Run it yourself, outside the session.";
  if (unknown) return "Write it as plain commands without hidden parts, or add an exception to the rule named above.";
  if (decision === "deny" || decision === "ask") {
    return rule === null ? "" : `To change this, edit ${ruleTitle(rule)} at ${rule.source.file}:${rule.source.line}.`;
  }
  return open ? "No rule decided. To allow it, add an allow rule that covers every part listed above." : "";
}

/** So many lines of one step, or near misses, are told one by one. */
const TOLD_OF_EACH = 6;

/**
 * Lines for a person: decision, reason, parts, with `steps` the steps and near misses too, and what to do next. Needs
 * `detail: "full"` for all of them.
 */
export function explainEvaluation(evaluation: Evaluation, { steps = true } = {}): readonly string[] {
  const { decision, tier, rule, reason, detail } = evaluation;
  const by = rule === null ? "" : ` by ${ruleTitle(rule)}`;
  const lines = [`${decision}${tier === decision ? "" : ` (${tier})`}${by}`];
  if (reason !== "") lines.push(reason);
  for (const part of detail?.parts ?? []) {
    if (part.part === undefined && part.text === "") continue;
    const effect =
      part.effect === undefined ? "" : ` [${part.effect}${part.effectReason === "" ? "" : `: ${part.effectReason}`}]`;
    const state = stateOf(part, detail?.matches ?? []);
    lines.push(`  ${quoted(part.text)}${effect}${state === "" ? "" : `: ${state}`}`);
  }
  if (steps) lines.push(...stepLines(detail));
  const next = nextStep(evaluation);
  return next === "" ? lines : [...lines, next];
}

/** What speaks against a part comes first: that something would have allowed it does not help. */
function stateOf({ text, coveredBy, missing }: PartReport, matches: readonly RuleMatch[]): string {
  const against = matches.find(({ rule, answer, part }) => rule.kind in HELD && answer === "yes" && part === text);
  if (against !== undefined) return `${HELD[against.rule.kind]} by \`${against.rule.id}\``;
  return coveredBy === null ? missing : `covered by \`${coveredBy}\``;
}

const HELD: Readonly<Partial<Record<RuleKind, string>>> = { deny: "denied", ask: "asked about" };

function stepLines(detail: EvaluationDetail | undefined): readonly string[] {
  const told = [
    ...(detail?.trace ?? []),
    ...(detail?.nearMisses ?? []).map((miss) => ({
      step: "near miss",
      text: `${ruleTitle(miss.rule)}, ${miss.failed}`,
    })),
  ];
  return [...new Set(told.map(({ step }) => step))].flatMap((step) => {
    const own = told.filter((one) => one.step === step);
    const shown = own.length <= TOLD_OF_EACH ? own : own.slice(0, TOLD_OF_EACH - 1);
    const more = own.length === shown.length ? [] : [`  ${step}: and ${own.length - shown.length} more`];
    return [...shown.map(({ text }) => `  ${step}: ${text}`), ...more];
  });
}
