/**
 * The structure conditions of `[*.shell]` against one part (SPEC section 3), three-valued: what a dynamic word or an
 * unknown program may hide is unknown, never no.
 */

import { isSink } from "../path.js";
import type { ShellPart, Word } from "../shell/shell.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { insideAny, outsideAll } from "./match-path.js";
import { couldMatch } from "./match-shape.js";
import { allOf, anyOf, matchText, not, quantified, type Stance } from "./match-text.js";
import { isPlainProgram } from "./match-words.js";
import type { Place } from "./places.js";
import type { Regex, ShellTest } from "./policy.js";
import { wordShape } from "./word-shape.js";

/** A part of a shell call, certain to have one. */
export interface PartSubject extends Subject {
  readonly part: ShellPart;
}

type Test<Wanted> = (wanted: Wanted, subject: PartSubject, facts: Facts, stance: Stance) => Answer;

function yesIf(holds: boolean): Answer {
  return holds ? "yes" : "no";
}

const lowered = new WeakMap<readonly string[], ReadonlySet<string>>();

export function lowerCase(names: readonly string[]): ReadonlySet<string> {
  const known = lowered.get(names);
  if (known !== undefined) return known;
  const made = new Set(names.map((name) => name.toLowerCase()));
  lowered.set(names, made);
  return made;
}

export const matchProgram: Test<readonly string[]> = (wanted, { part }, _facts, stance) => {
  const { program, programPath } = part;
  if (program === null) return part.argv.length === 0 ? "no" : "unknown";
  if (programPath !== null && wanted.includes(programPath)) return "yes";
  if (stance === "must") return yesIf(isPlainProgram(part) && wanted.includes(program));
  return yesIf(lowerCase(wanted).has(program.toLowerCase()));
};

/**
 * `run test` also covers what follows it (`run test unit`); `run test*` covers `run test:unit` too. Of several tasks
 * (`make test deploy`) allow needs every one to be named.
 */
export const matchSubcommand: Test<readonly string[]> = (wanted, { part }, _facts, stance) => {
  const { subcommand, tasks, program, argv } = part;
  if (subcommand === null || (program === null && argv.length > 0)) return "unknown";
  const isNamed = (name: string): boolean =>
    wanted.some((one) =>
      one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one || name.startsWith(`${one} `),
    );
  if (tasks === undefined) return yesIf(isNamed(subcommand));
  return yesIf(stance === "must" ? tasks.every(isNamed) : isNamed(subcommand) || tasks.some(isNamed));
};

/** `-rf` in a rule is `-r` and `-f`, unless the program has a flag of that very name. */
function hasFlag(part: ShellPart, wanted: string): Answer {
  const has = (flag: string): boolean => part.flags.some((use) => use.name === flag || use.names.includes(flag));
  const isCluster = /^-[A-Za-z]{2,}$/.test(wanted);
  if (has(wanted) || (isCluster && [...wanted.slice(1)].every((letter) => has(`-${letter}`)))) return "yes";
  return part.flagsKnown || hasNoOption(part) ? "no" : "unknown";
}

/** Whatever a program's options are called, none of its words is one. */
function hasNoOption({ argv }: ShellPart): boolean {
  return argv.every(({ value }, index) => value !== null && (index === 0 || !/^[-+/]/.test(value)));
}

export const matchFlagsAny: Test<readonly string[]> = (wanted, { part }) =>
  anyOf(wanted.map((flag) => hasFlag(part, flag)));
export const matchFlagsAll: Test<readonly string[]> = (wanted, { part }) =>
  allOf(wanted.map((flag) => hasFlag(part, flag)));
export const matchFlagsNone: Test<readonly string[]> = (wanted, subject, facts, stance) =>
  not(matchFlagsAny(wanted, subject, facts, stance));

function matchWord(regex: Regex, word: Word, stance: Stance): Answer {
  if (word.value !== null) return matchText(regex, word.value, stance);
  // A glob is also what it is written as: `*` names everything there is.
  const isGlob = word.why.every((why) => why === "glob" || why === "tilde");
  if (stance === "could" && isGlob && matchText(regex, word.raw, stance) === "yes") return "yes";
  // A glob becomes several words, each of its shape.
  const isShaped = !word.splits || word.why.every((why) => why === "glob");
  return !isShaped || couldMatch(regex, wordShape(word)) ? "unknown" : "no";
}

/** Every regex matches some positional word; which words are positional is itself unknown when the flags are. */
export const matchArgs: Test<readonly Regex[]> = (wanted, { part }, _facts, stance) =>
  allOf(
    wanted.map((regex) => {
      const answer = anyOf(part.args.map((word) => matchWord(regex, word, stance)));
      if (answer !== "no" || part.flagsKnown) return answer;
      return anyOf(part.argv.slice(1).map((word) => matchWord(regex, word, stance))) === "no" ? "no" : "unknown";
    }),
  );

function isSinkPlace(place: Place): boolean {
  return place.absolute !== null && isSink(place.absolute);
}

function isStatic({ argv }: ShellPart): boolean {
  return argv.every((word) => word.value !== null);
}

type PlaceTest = (place: Place, folders: readonly string[], facts: Facts, stance: Stance) => Answer;

/** Deny and ask: some path is so. Allow: every path is, and all are known. */
function matchPlaces(test: PlaceTest): Test<readonly string[]> {
  return (folders, { part, places }, facts, stance) => {
    // What code touches is for the effect to tell; its words are all that can be asked for a proof.
    const byWords = stance === "must" && !part.accessesKnown && part.effect === "runs-code" && isStatic(part);
    const decisive: Answer = stance === "must" ? "no" : "yes";
    let answer: Answer = part.accessesKnown || byWords ? not(decisive) : "unknown";
    for (const place of places) {
      if (!(place.certain || byWords) || isSinkPlace(place)) continue;
      const one = test(place, folders, facts, stance);
      if (one === decisive) return one;
      if (one === "unknown") answer = one;
    }
    return answer;
  };
}

export const matchPathsInside = matchPlaces(insideAny);
export const matchPathsOutside = matchPlaces(outsideAll);

/** Whether a redirect place is in the lists of a rule: `write` covers appending too. */
export function matchRedirectPlace(
  wanted: NonNullable<ShellTest["redirects"]>,
  place: Place,
  facts: Facts,
  stance: Stance,
): Answer {
  const lists =
    place.mode === "read" ? [wanted.read] : place.mode === "append" ? [wanted.append, wanted.write] : [wanted.write];
  return anyOf(lists.map((list) => (list === undefined ? "no" : insideAny(place, list, facts, stance))));
}

/** Deny and ask: some redirect goes there. Allow: those that are listed at all go nowhere else. */
export const matchRedirects: Test<NonNullable<ShellTest["redirects"]>> = (wanted, { places }, facts, stance) => {
  const judged = places.filter((place) => place.from === "redirect" && !isSinkPlace(place));
  return quantified(
    stance,
    judged.map((place) => matchRedirectPlace(wanted, place, facts, stance)),
  );
};

/** Deny and ask: one of these is assigned. Allow: nothing else is. */
export const matchEnv: Test<readonly string[]> = (wanted, { part }, _facts, stance) =>
  quantified(
    stance,
    part.assigns.map((assign) => yesIf(wanted.includes(assign.name))),
  );

/** The effect is what is known of a program, so an unknown effect is no match, unless even the program is not known. */
export const matchEffect: Test<NonNullable<ShellTest["effect"]>> = (wanted, { part, effect }, _facts, stance) => {
  if (wanted.includes(effect)) return "yes";
  return stance === "could" && part.program === null && part.argv.length > 0 ? "unknown" : "no";
};

/** The part reads from, or is read by, one of these programs. */
export const matchPipeline: Test<readonly string[]> = (wanted, { part }, facts) => {
  const isWanted = (program: string | null | undefined): boolean =>
    typeof program === "string" && wanted.includes(program);
  if (part.pipeline.some(isWanted)) return "yes";
  if (!part.context.includes("pipe-out")) return "no";
  const readers = facts.subjects.filter((other) => other.part?.pipeline.includes(part.program ?? "") === true);
  return yesIf(readers.some((other) => isWanted(other.part?.program)));
};
