/**
 * What is allowed to be written but hardly meant: rules that another one always precedes, and allow rules that cover
 * very much. Advice, never an error; rules that were never hit need the log and are found by the analyzer.
 */
import { problem } from "../errors.js";
import { canonicalText } from "./canonical.js";
import { placeText } from "./compile.js";
import { dangerousRules } from "./lint-danger.js";
import { subsumedRules } from "./lint-subsumed.js";
import { namesOperator } from "./older-rule.js";
import type { Policy, Problem, Rule, RuleKind } from "./policy.js";
import { conditionsOf } from "./rule-identity.js";

/** Strictest first, as decisions go. */
const STRICTNESS: readonly RuleKind[] = ["deny", "ask", "allow", "passthrough"];

/** Programs that run whatever they are told, so that allowing them allows everything. */
const RUNNERS =
  /^(?:ba|z|da|fi|k)?sh$|^(?:python[\d.]*|node|deno|bun|ruby|perl|php|env|xargs|sudo|doas|eval|exec|ssh|npx|uvx|pwsh)$/;

export function lintPolicy(policy: Policy): readonly Problem[] {
  const wide = policy.rules.flatMap(broad);
  return [
    ...redundantRules(policy),
    ...wide,
    ...dangerousRules(policy, new Set(wide.flatMap(({ rule }) => rule ?? []))),
    ...policy.rules.flatMap((rule) => [...spanning(rule), ...unanchored(rule)]),
  ];
}

/** Rules that could go because others do all they do. */
export function redundantRules(policy: Policy): readonly Problem[] {
  const same = shadowed(policy.rules);
  return [...same, ...subsumedRules(policy, new Set(same.flatMap(({ rule }) => rule ?? [])))];
}

/** The same conditions under a stricter kind, or a tool's rule without conditions under one that is as strict. */
function shadowed(rules: readonly Rule[]): readonly Problem[] {
  const byConditions = new Map<string, Rule>();
  const wholeTools: Rule[] = [];
  const ranked = rules
    .filter(({ kind }) => STRICTNESS.includes(kind))
    .sort((a, b) => STRICTNESS.indexOf(a.kind) - STRICTNESS.indexOf(b.kind) || a.index - b.index);
  return ranked.flatMap((rule) => {
    const { kind: _, ...conditions } = conditionsOf(rule);
    const key = canonicalText(conditions);
    const by = byConditions.get(key) ?? wholeTools.find((whole) => whole.tool?.source === rule.tool?.source);
    if (by === undefined) byConditions.set(key, rule);
    if (rule.tool !== undefined && isWholeTool(rule)) wholeTools.push(rule);
    if (by === undefined) return [];
    return [problem("lint-shadowed", { by: by.id, first: placeText(by.source) }, { ...rule.source, rule: rule.id })];
  });
}

function isWholeTool(rule: Rule): boolean {
  const { tool, fields, exclude, raw } = conditionsOf(rule);
  const rest = Object.keys(conditionsOf(rule)).filter(
    (key) => !["kind", "tool", "fields", "exclude", "raw"].includes(key),
  );
  return tool !== undefined && rest.length === 0 && !raw && isEmpty(fields) && isEmpty(exclude);
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** A deny or ask regex that waits for an operator between commands, but is shown one command at a time. */
function spanning(rule: Rule): readonly Problem[] {
  const test = rule.fields.find(({ field, regex }) => field === "command" && namesOperator(regex.source));
  if (test === undefined || rule.raw || (rule.kind !== "deny" && rule.kind !== "ask")) return [];
  return [problem("lint-operator", { regex: test.regex.source }, { ...rule.source, rule: rule.id })];
}

/** An allow regex that is found anywhere in a command: `npm test` also covers `evil npm test`. */
function unanchored(rule: Rule): readonly Problem[] {
  if (rule.kind !== "allow") return [];
  const test = rule.fields.find(({ field, regex }) => field === "command" && !/^\(?(?:\?:)?\^/.test(regex.source));
  if (test === undefined || rule.shell?.program !== undefined) return [];
  return [problem("lint-unanchored", { regex: test.regex.source }, { ...rule.source, rule: rule.id })];
}

function broad(rule: Rule): readonly Problem[] {
  if (rule.kind !== "allow") return [];
  const why = broadness(rule);
  if (why === undefined) return [];
  const hint = "name the programs and subcommands, or the folders, that are meant";
  return [problem("lint-broad", { why, hint }, { ...rule.source, rule: rule.id })];
}

function broadness(rule: Rule): string | undefined {
  const runner = runnerOf(rule);
  if (runner !== undefined) return `\`${runner}\` runs any program or code it is given`;
  const accepts = (name: string) =>
    [rule.tool, rule.pattern?.kind === "tool" ? rule.pattern.tool : undefined].every(
      (regex) => regex === undefined || new RegExp(regex.source, regex.flags).test(name),
    );
  const hasMore =
    rule.fields.length > 0 || rule.shell !== undefined || (rule.pattern !== undefined && rule.pattern.kind !== "tool");
  if (hasMore) return undefined;
  if (accepts("Bash")) return "every shell command";
  if (accepts("Write")) return "writing any file";
  return undefined;
}

/** A runner that is allowed with whatever follows. */
function runnerOf(rule: Rule): string | undefined {
  const { pattern, shell } = rule;
  if (pattern?.kind === "command") {
    const program = /^\^([\w-]+) ?(?:\(\?: \[\^\]\*\)\?\$)?$/.exec(pattern.command.source)?.[1];
    return program !== undefined && RUNNERS.test(program) ? program : undefined;
  }
  const isNarrowed = shell?.subcommand ?? shell?.args ?? shell?.flagsNone ?? shell?.effect;
  return isNarrowed === undefined ? shell?.program?.find((program) => RUNNERS.test(program)) : undefined;
}
