/**
 * Deny and ask rules that almost applied: same tool, same program or path root, and exactly one condition says no.
 * Only explanations ask for this; the hook never does.
 */

import type { Condition } from "./conditions.js";
import type { NearMiss } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { findMatch, type ReadyRule } from "./match-rule.js";
import type { Regex, Rule } from "./policy.js";

const LIMIT = 20;

/** Conditions that say which calls a rule is about; failing one of them is not near. */
const ABOUT = new Set(["tool", "program"]);

function list(values: readonly (string | null)[]): string {
  return values.map((value) => value ?? "?").join(", ");
}

/** The condition that said no, with what it wanted and what was there. */
function failedText({ name }: Condition, rule: Rule, { part, places, effect }: Subject, facts: Facts): string {
  const shell = rule.shell ?? {};
  const has = (flag: string): boolean => part?.flags.some((use) => use.names.includes(flag)) === true;
  switch (name) {
    case "flags_all":
      return `flags_all: ${list((shell.flagsAll ?? []).filter((flag) => !has(flag)))} is absent`;
    case "flags_any":
      return `flags_any: none of ${list(shell.flagsAny ?? [])} is there`;
    case "flags_none":
      return `flags_none: ${list((shell.flagsNone ?? []).filter(has))} is there`;
    case "subcommand":
      return `subcommand: it is \`${part?.subcommand ?? "?"}\``;
    case "effect":
      return `effect: it is ${effect}`;
    case "paths_inside":
    case "paths_outside":
      return `${name}: the paths are ${places.length === 0 ? "none" : list(places.map((place) => place.spelled))}`;
    case "permission_mode":
      return `permission_mode: it is ${facts.call.permissionMode ?? "not known"}`;
    case "session":
      return `session: it is ${facts.call.attended ? "interactive" : "headless"}`;
    case "cwd":
      return `cwd: it is ${facts.call.cwd}`;
    case "exclude":
      return "exclude: it is excluded";
    default:
      return `${name}: it does not match`;
  }
}

/** The first word of a command glob, or the first named folder of a path pattern. */
function rootOf(regex: Regex): string {
  return /^\^?(?:\(\?:\[\^\]\*\\\/\)\?)?((?:[\w@~ -]|\\[.@~-])+)/.exec(regex.source)?.[1]?.replaceAll("\\", "") ?? "";
}

/** A failed pattern is near only when it names this program, or a folder or file this path goes through. */
function isAboutPattern({ pattern }: Rule, { part, places }: Subject): boolean {
  if (pattern === undefined) return false;
  if (pattern.kind === "command")
    return part?.program !== null && part?.program === rootOf(pattern.command).split(" ")[0];
  if (pattern.kind !== "path") return pattern.kind === "parameter";
  const root = rootOf(pattern.path);
  return (
    /\w/.test(root) &&
    places.some((place) => place.absolute?.split("/").some((segment) => segment.startsWith(root)) === true)
  );
}

/** A rule that names no program, path or field is a condition away from every call of its tool: that is not near. */
function saysWhichCalls({ shell, pattern, fields }: Rule, failed: string): boolean {
  return shell?.program !== undefined || pattern !== undefined || (fields.length > 0 && failed !== "fields");
}

function missOf(one: ReadyRule, subject: Subject, facts: Facts): NearMiss | null {
  const answers = [...one.call, ...one.part].map((condition) => ({
    condition,
    answer: condition.test(one.rule, one.call.includes(condition) ? facts.whole : subject, facts, one.stance),
  }));
  const failed = answers.filter(({ answer }) => answer === "no");
  const [only] = failed;
  if (only === undefined || failed.length > 1 || ABOUT.has(only.condition.name)) return null;
  const { name } = only.condition;
  if (name === "pattern" && !isAboutPattern(one.rule, subject)) return null;
  if (!saysWhichCalls(one.rule, name)) return null;
  return { rule: one.rule, part: subject.text, failed: failedText(only.condition, one.rule, subject, facts) };
}

export function nearMisses(rules: readonly ReadyRule[], facts: Facts): readonly NearMiss[] {
  const found: NearMiss[] = [];
  for (const one of rules) {
    if (one.rule.kind !== "deny" && one.rule.kind !== "ask") continue;
    if (found.length >= LIMIT || findMatch(one, facts).answer !== "no") continue;
    for (const subject of facts.subjects) {
      const miss = missOf(one, subject, facts);
      if (miss === null) continue;
      found.push(miss);
      break;
    }
  }
  return found;
}
