/**
 * Whether allow rules cover a whole call: every part that runs something, every variable it assigns and every file a
 * redirect writes. Different rules may cover different parts; nothing is covered by not being mentioned.
 */

import type { ShellPart, Word } from "../shell/shell.js";
import { isLastingWrite, writeEffect } from "./call-effect.js";
import type { Facts, Subject } from "./facts.js";
import { insideAny, matchPlace } from "./match-path.js";
import { covers, type ReadyRule } from "./match-rule.js";
import { matchRedirectPlace } from "./match-shell.js";
import { namesAssignments, namesWord, type TextOptions } from "./match-words.js";
import type { Place } from "./places.js";
import type { Rule } from "./policy.js";

/** Assigning these changes how a program speaks, not what it runs or where it writes. */
const TAME_VARIABLE =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|CI|NO_COLOR|FORCE_COLOR|CLICOLOR|NODE_ENV|RUST_BACKTRACE|RUST_LOG|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|GOOS|GOARCH|CGO_ENABLED)$/;

export interface Cover {
  readonly subject: Subject;
  /** The rule about the part first, then those about files its redirects write; empty when nothing covers it. */
  readonly rules: readonly Rule[];
  /** In plain words what is missing, "" when covered. */
  readonly missing: string;
}

function isCertain(subject: Subject): boolean {
  return subject.part === null || subject.part.certainty === "certain";
}

/** Runs nothing by itself: a harmless wrapper of another part, or plain assignments. */
function isIdle({ part, effect }: Subject): boolean {
  if (part === null) return false;
  return part.transparent || (part.argv.length === 0 && part.assigns.length > 0 && effect === "reads");
}

/** Programs whose first argument is a script. */
const SCRIPTED = /^(?:g?sed|[gmn]?awk)$/;

/** Words that can turn a program that is known into one that is not: its options, and the script of sed and awk. */
function turningWords(part: ShellPart): readonly (Word | null)[] {
  const options = part.flags.map(
    ({ names }) =>
      part.argv.find(({ raw }) => names.some((name) => raw === name || raw.startsWith(`${name}=`))) ?? null,
  );
  return SCRIPTED.test(part.program ?? "") ? [...options, part.args[0] ?? null] : options;
}

/**
 * `rg *` does not cover `rg --pre sh x`: where a program that is known does what is not known, because of an option
 * that runs something or a script, a rule must name that word. A rule about the tool alone covers everything.
 */
function namesWhatIsUnusual(rule: Rule, { part }: Subject, facts: Facts): boolean {
  if (part === null || (part.bare ?? part.effect) !== "unknown" || !part.flagsKnown) return true;
  const { shell, pattern } = rule;
  if (shell?.effect?.includes("unknown") === true) return true;
  const regexes = rule.fields.filter((test) => test.field === facts.commandField).map((test) => test.regex);
  if (pattern?.kind === "command") regexes.push(pattern.command);
  if (regexes.length === 0 && shell === undefined) return true;
  const options: TextOptions = {
    ignoreCase: pattern?.kind === "command" && pattern.ignoreCase,
    isGlob: regexes.length === 1,
  };
  const flags = [...(shell?.flagsAny ?? []), ...(shell?.flagsAll ?? [])];
  return turningWords(part).every((word) => {
    if (word === null) return false;
    const index = part.argv.indexOf(word);
    const isListed = part.flags.some(
      ({ names }) => names.includes(word.raw.split("=")[0] ?? "") && names.some((name) => flags.includes(name)),
    );
    return isListed || (index > 0 && regexes.some((regex) => namesWord(regex, part, index, options)));
  });
}

function redirectWrites(subject: Subject): readonly Place[] {
  return subject.places.filter((place) => place.from === "redirect" && isLastingWrite(place));
}

function assignsAreCovered(rule: Rule, { part, effect }: Subject): boolean {
  if (part === null || effect === "reads") return true;
  const { pattern } = rule;
  if (pattern?.kind === "command" && namesAssignments(pattern.command, part, { ...pattern, isGlob: true })) return true;
  return part.assigns.every(({ name }) => TAME_VARIABLE.test(name) || rule.shell?.env?.includes(name) === true);
}

/** The rule itself speaks of where it may write. */
function writeIsOwn(rule: Rule, place: Place, facts: Facts): boolean {
  const { redirects, pathsInside, effect } = rule.shell ?? {};
  if (redirects !== undefined && matchRedirectPlace(redirects, place, facts, "must") === "yes") return true;
  if (pathsInside !== undefined && insideAny(place, pathsInside, facts, "must") === "yes") return true;
  const written = writeEffect([place], facts.atlas.folder("$PROJECT"));
  return effect?.includes(written) === true;
}

function writeByEditRule(place: Place, facts: Facts, rules: readonly ReadyRule[]): Rule | undefined {
  const found = rules.find(({ rule, call }) => {
    if (rule.kind !== "allow" || rule.pattern?.kind !== "path" || rule.pattern.access !== "edit") return false;
    const isHere = call.every((one) => one.test(rule, facts.whole, facts, "must") === "yes");
    return (
      isHere &&
      rule.fields.length + rule.exclude.length === 0 &&
      matchPlace(rule.pattern, place, facts, "must") === "yes"
    );
  });
  return found?.rule;
}

/** Rules that allow the files a subject's redirects write, or the first place that none does. */
function coverWrites(
  subject: Subject,
  own: Rule | null,
  facts: Facts,
  rules: readonly ReadyRule[],
): readonly Rule[] | Place {
  const used: Rule[] = [];
  for (const place of redirectWrites(subject)) {
    if (own !== null && writeIsOwn(own, place, facts)) continue;
    const rule = writeByEditRule(place, facts, rules);
    if (rule === undefined) return place;
    used.push(rule);
  }
  return used;
}

function coverOne(
  subject: Subject,
  candidates: readonly ReadyRule[],
  facts: Facts,
  rules: readonly ReadyRule[],
): Cover {
  let missing = "no allow rule covers it";
  for (const one of candidates) {
    if (covers(one, subject, facts) !== "yes") continue;
    if (!assignsAreCovered(one.rule, subject)) {
      missing = `rule \`${one.rule.id}\` does not cover the variables it assigns`;
      continue;
    }
    if (!namesWhatIsUnusual(one.rule, subject, facts)) {
      missing = `rule \`${one.rule.id}\` does not name what makes it unusual (${subject.part?.effectReason ?? ""})`;
      continue;
    }
    const writes = coverWrites(subject, one.rule, facts, rules);
    if (!("mode" in writes)) return { subject, rules: [one.rule, ...writes], missing: "" };
    missing = `rule \`${one.rule.id}\` does not cover writing to \`${writes.raw}\``;
  }
  return { subject, rules: [], missing };
}

/** Idle parts need no rule, but a file written by their redirect does, unless another part writes the same. */
function coverIdle(subject: Subject, facts: Facts, rules: readonly ReadyRule[]): Cover {
  const open = redirectWrites(subject).filter((place) => !isWrittenElsewhere(place, subject, facts));
  const writes = coverWrites({ ...subject, places: open }, null, facts, rules);
  if ("mode" in writes) return { subject, rules: [], missing: `no allow rule covers writing to \`${writes.raw}\`` };
  return { subject, rules: writes, missing: "" };
}

function isWrittenElsewhere(place: Place, subject: Subject, facts: Facts): boolean {
  return facts.subjects.some(
    (other) =>
      other !== subject &&
      isCertain(other) &&
      !isIdle(other) &&
      redirectWrites(other).some((written) => written.raw === place.raw && written.absolute === place.absolute),
  );
}

/** What covers each part of a call that must be covered, in order. `null`: there is nothing to cover, or not all is known. */
export function coverCall(
  facts: Facts,
  candidates: readonly ReadyRule[],
  rules: readonly ReadyRule[],
): readonly Cover[] | null {
  const certain = facts.subjects.filter(isCertain);
  if (facts.unknown !== null || certain.every(isIdle)) return null;
  return certain.map((subject) =>
    isIdle(subject) ? coverIdle(subject, facts, rules) : coverOne(subject, candidates, facts, rules),
  );
}

export function isCovered(covers: readonly Cover[] | null): covers is readonly Cover[] {
  return covers === null ? false : covers.every((cover) => cover.missing === "");
}
