/**
 * The conditions a rule can have, as one table, and the answer of a whole rule about one call. Conditions are ANDed;
 * deny and ask need any part, allow needs every part (SPEC section 4). What follows from an answer is decided elsewhere.
 */

import { absolutePath, isInside } from "../path.js";
import { toolShape } from "../tool-call.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { matchPattern, scalarField } from "./match-pattern.js";
import {
  matchArgs,
  matchEffect,
  matchEnv,
  matchFlagsAll,
  matchFlagsAny,
  matchFlagsNone,
  matchPathsInside,
  matchPathsOutside,
  matchPipeline,
  matchProgram,
  matchRedirects,
  matchSubcommand,
  type PartSubject,
} from "./match-shell.js";
import { allOf, anyOf, matchText, not, type Stance } from "./match-text.js";
import { matchPartText } from "./match-words.js";
import type { FieldTest, Pattern, Rule, ShellTest } from "./policy.js";

export interface Condition {
  /** As in a policy file. */
  readonly name: string;
  readonly applies: (rule: Rule) => boolean;
  readonly test: (rule: Rule, subject: Subject, facts: Facts, stance: Stance) => Answer;
}

function yesIf(holds: boolean): Answer {
  return holds ? "yes" : "no";
}

function matchCwd(folders: readonly string[], facts: Facts, stance: Stance): Answer {
  const here = facts.atlas.folder("$CWD");
  if (here.length === 0) return "unknown";
  const isIn = (path: string): boolean =>
    folders.some((named) => facts.atlas.folder(named).some((folder) => isInside(path, folder, stance === "could")));
  return yesIf(stance === "could" ? here.some(isIn) : here.every(isIn));
}

function isSandboxOff(facts: Facts): boolean {
  const value = scalarField(facts.call.input, "dangerouslyDisableSandbox");
  return value !== undefined && value !== "false";
}

/** A path field as spelled and at its target, each in the texts a regex may mean; `null` for one that is not known. */
type PathForms = readonly (readonly string[] | null)[];

const formsByCall = new WeakMap<Facts, Map<string, PathForms>>();

/** The same for every rule, so worked out once a call. A relative path also counts from the working directory. */
function pathForms(value: string, facts: Facts): PathForms {
  const known = formsByCall.get(facts) ?? new Map<string, PathForms>();
  formsByCall.set(facts, known);
  const found = known.get(value);
  if (found !== undefined) return found;
  const { cwd, home } = facts.call;
  const absolute = absolutePath(value, { cwd, home });
  const place = facts.whole.places.find((one) => one.raw === value);
  const target = place === undefined ? absolute : place.target;
  const isRelative = cwd !== "" && !value.startsWith("/") && !/^~|^[A-Za-z]:[\\/]/.test(value);
  const textsOf = (path: string | null): readonly string[] | null => {
    if (path === null) return null;
    return isRelative && path.startsWith(`${cwd}/`) ? [path, path.slice(cwd.length + 1)] : [path];
  };
  const forms = (target === absolute ? [absolute] : [absolute, target]).map(textsOf);
  known.set(value, forms);
  return forms;
}

/** Deny and ask hear any form, as written too; allow needs all of them. */
function matchPathField({ regex }: FieldTest, value: string, facts: Facts, stance: Stance): Answer {
  const isMust = stance === "must";
  const answers = pathForms(value, facts).map((texts): Answer => {
    if (texts === null) return "unknown";
    return anyOf(texts.map((text) => matchText(regex, text, stance, !isMust)));
  });
  if (isMust) return allOf(answers);
  const isForm = pathForms(value, facts).some((texts) => texts?.includes(value) === true);
  return anyOf(isForm ? answers : [matchText(regex, value, stance, true), ...answers]);
}

function matchField(test: FieldTest, subject: Subject, facts: Facts, stance: Stance): Answer {
  if (test.field === facts.commandField)
    return matchPartText(test.regex, subject, facts, stance, { ignoreCase: false, isGlob: false });
  const value = scalarField(facts.call.input, test.field);
  if (value === undefined) return "no";
  if (value === null) return "unknown";
  const isPath = toolShape(facts.tool)?.paths?.some((path) => path.field === test.field) === true;
  return isPath ? matchPathField(test, value, facts, stance) : matchText(test.regex, value, stance);
}

/** INVARIANT: an exclude narrows. So it is asked the other way round, and only an allow hears what the raw text says. */
function matchExclude(rule: Rule, subject: Subject, facts: Facts, stance: Stance): Answer {
  const other: Stance = stance === "must" ? "could" : "must";
  const answers = rule.exclude.map((test) => {
    const own = matchField(test, subject, facts, other);
    const seesRaw = test.seesRaw && stance === "must" && test.field === facts.commandField;
    return seesRaw ? anyOf([own, matchText(test.regex, facts.whole.text, other)]) : own;
  });
  return not(anyOf(answers));
}

function testPattern(rule: Rule, subject: Subject, facts: Facts, stance: Stance): Answer {
  return rule.pattern === undefined ? "yes" : matchPattern(rule.pattern, rule, subject, facts, stance);
}

function isAboutParts(kind: Pattern["kind"]): boolean {
  return kind === "command" || kind === "path";
}

/** Conditions on the call, whatever its parts. The tool is no condition here: rules are indexed by it. */
export const CALL_CONDITIONS: readonly Condition[] = [
  {
    name: "pattern",
    applies: ({ pattern }) => pattern !== undefined && !isAboutParts(pattern.kind) && pattern.kind !== "tool",
    test: testPattern,
  },
  {
    name: "permission_mode",
    applies: (rule) => rule.permissionMode !== undefined,
    test: ({ permissionMode }, _subject, { call }) =>
      call.permissionMode === undefined ? "unknown" : yesIf(permissionMode?.includes(call.permissionMode) === true),
  },
  {
    name: "session",
    applies: (rule) => rule.session !== undefined,
    test: ({ session }, _subject, { call }) => yesIf((session === "interactive") === call.attended),
  },
  {
    name: "cwd",
    applies: (rule) => rule.cwd !== undefined,
    test: ({ cwd }, _subject, facts, stance) => matchCwd(cwd ?? [], facts, stance),
  },
  {
    name: "sandbox",
    applies: (rule) => rule.kind === "allow" && rule.sandbox !== "disabled-too",
    test: (_rule, _subject, facts) => yesIf(!isSandboxOff(facts)),
  },
];

function hasPart(subject: Subject): subject is PartSubject {
  return subject.part !== null;
}

function shellCondition<Key extends keyof ShellTest>(
  name: string,
  key: Key,
  test: (wanted: NonNullable<ShellTest[Key]>, subject: PartSubject, facts: Facts, stance: Stance) => Answer,
): Condition {
  return {
    name,
    applies: (rule) => rule.shell?.[key] !== undefined,
    test: ({ shell }, subject, facts, stance) => {
      const wanted = shell?.[key];
      if (wanted === undefined || wanted === null) return "yes";
      if (!hasPart(subject)) return facts.commandField === null ? "no" : "unknown";
      return test(wanted, subject, facts, stance);
    },
  };
}

/** What `shell` says of one part; quick ones first. */
export const SHELL_CONDITIONS: readonly Condition[] = [
  shellCondition("program", "program", matchProgram),
  shellCondition("subcommand", "subcommand", matchSubcommand),
  shellCondition("flags_all", "flagsAll", matchFlagsAll),
  shellCondition("flags_any", "flagsAny", matchFlagsAny),
  shellCondition("flags_none", "flagsNone", matchFlagsNone),
  shellCondition("effect", "effect", matchEffect),
  shellCondition("env", "env", matchEnv),
  shellCondition("in_pipeline_with", "inPipelineWith", matchPipeline),
  shellCondition("args", "args", matchArgs),
  shellCondition("redirects", "redirects", matchRedirects),
  shellCondition("paths_inside", "pathsInside", matchPathsInside),
  shellCondition("paths_outside", "pathsOutside", matchPathsOutside),
];

/** Conditions on the text and places of one part, or of a call that has none. */
export const TEXT_CONDITIONS: readonly Condition[] = [
  {
    name: "pattern",
    applies: ({ pattern }) => pattern !== undefined && isAboutParts(pattern.kind),
    test: testPattern,
  },
  {
    name: "fields",
    applies: (rule) => rule.fields.length > 0,
    test: (rule, subject, facts, stance) => allOf(rule.fields.map((test) => matchField(test, subject, facts, stance))),
  },
  {
    name: "exclude",
    applies: (rule) => rule.exclude.length > 0,
    test: matchExclude,
  },
];
