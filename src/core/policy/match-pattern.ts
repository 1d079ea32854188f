/**
 * Claude Code's own rule syntax against one subject (contract 8.2 and 8.3). Where its deny rules are known to be open
 * (shell strings, dynamic programs, other case), the parts make this stricter; allow never covers what is not written.
 */
import type { ShellPart, Word } from "../shell/shell.js";
import { stringField, toolNames } from "../tool-call.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { isJudgedBy, matchPlace } from "./match-path.js";
import { couldMatch, GAP, type Shape } from "./match-shape.js";
import { anyOf, matchesName, matchText, quantified, type Stance } from "./match-text.js";
import { wordShape } from "./places.js";
import type { Pattern, Regex, Rule } from "./policy.js";

/** Where programs of the system live: a full path there is the program itself. */
const SYSTEM_FOLDER = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$|^\/opt\/homebrew\/bin\/[^/]+$/;

/** Whether the program was called by its name, or by the path the system has it under. */
export function isPlainProgram(part: ShellPart): boolean {
  return part.programPath === null || SYSTEM_FOLDER.test(part.programPath);
}

/** Stands for what a dynamic word may become: no pattern names it, so only a wildcard covers it. */
const SOMETHING = "\uE000";

interface Texts {
  /** Texts that deny and ask look at. */
  readonly could: readonly string[];
  /** Texts of which allow needs one; the last word is a stand-in when `isOpen`. */
  readonly must: readonly string[];
  /** The static words before the first dynamic one. */
  readonly start: string;
  readonly isOpen: boolean;
  readonly shape: Shape;
}

const cache = new WeakMap<ShellPart, Texts>();

function joined(words: readonly (string | null)[]): string {
  return words.join(" ");
}

function shapeOfWords(words: readonly Word[], program: string | null): Shape {
  const tokens: (string | number)[] = [];
  words.forEach((word, index) => {
    if (index > 0 && tokens.at(-1) !== GAP) tokens.push(" ");
    tokens.push(...(index === 0 && program !== null ? program : wordShape(word)));
    if (word.splits) tokens.push(GAP);
  });
  return tokens;
}

function textsOf(part: ShellPart, spelled: string): Texts {
  const known = cache.get(part);
  if (known !== undefined) return known;
  const { argv, program, programPath } = part;
  const first = argv.findIndex((word) => word.value === null);
  const isOpen = first >= 0;
  const values = argv.map((word) => word.value ?? word.raw);
  const rest = values.slice(1);
  const could = [joined(values), spelled];
  if (program !== null) could.push(joined([program, ...rest]));
  if (program !== null && program !== program.toLowerCase()) could.push(joined([program.toLowerCase(), ...rest]));

  const fixed = isOpen ? argv.slice(0, first) : argv;
  const own = fixed.map((word) => (word.value ?? "").replace(/\s/g, "\u00a0"));
  const written = fixed.map((word) => word.raw);
  const tail = isOpen ? [`${argv[first]?.prefix ?? ""}${SOMETHING}`] : [];
  const must = [joined([...own, ...tail]), joined([...written, ...tail])];
  if (programPath !== null && isPlainProgram(part)) must.push(joined([program, ...own.slice(1), ...tail]));
  const texts: Texts = {
    could: [...new Set(could)],
    must: program === null ? [] : [...new Set(must)],
    start: joined(fixed.map((word) => word.value)),
    isOpen,
    shape: isOpen ? shapeOfWords(argv, program) : [],
  };
  cache.set(part, texts);
  return texts;
}

/** A match in what is static stays one whatever follows, when the regex looks neither ahead nor at the end. */
function isDecidedByStart(regex: Regex): boolean {
  return !/\(\?[=!<]|\$|\\b/i.test(regex.source);
}

/** A regex on the text of one part. `isGlob`: made from a pattern with wildcards, so a stand-in proves a wildcard. */
export function matchPartText(
  regex: Regex,
  subject: Subject,
  stance: Stance,
  ignoreCase: boolean,
  isGlob: boolean,
): Answer {
  const { part } = subject;
  if (part === null) return matchText(regex, subject.text, stance, ignoreCase);
  if (part.argv.length === 0 && stance === "must") return "no";
  const texts = textsOf(part, subject.text);
  if (stance === "could") {
    const answer = anyOf(texts.could.map((text) => matchText(regex, text, stance, ignoreCase)));
    if (answer !== "no" || !texts.isOpen) return answer;
    return couldMatch(regex, texts.shape, ignoreCase) ? "unknown" : "no";
  }
  if (!texts.isOpen || isGlob) return anyOf(texts.must.map((text) => matchText(regex, text, stance, ignoreCase)));
  if (texts.start === "" || !isDecidedByStart(regex)) return "unknown";
  return matchText(regex, texts.start, stance, ignoreCase) === "yes" ? "yes" : "unknown";
}

function hostOf(call: Facts["call"]): string | null {
  try {
    return new URL(stringField(call.input, "url") ?? "").hostname.replace(/\.$/, "");
  } catch {
    return null;
  }
}

/** A scalar as text; `undefined` when absent, `null` when it has structure. */
export function scalarField(input: Readonly<Record<string, unknown>>, field: string): string | null | undefined {
  const value = Object.hasOwn(input, field) ? input[field] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function matchScalar(regex: Regex, facts: Facts, field: string, stance: Stance): Answer {
  const value = scalarField(facts.call.input, field);
  if (value === undefined) return "no";
  return value === null ? "unknown" : matchText(regex, value, stance);
}

/** INVARIANT: a path pattern alone never allows a shell command; what the program does is another question. */
function matchPath(
  pattern: Extract<Pattern, { kind: "path" }>,
  rule: Rule,
  subject: Subject,
  facts: Facts,
  stance: Stance,
): Answer {
  if (subject.part !== null && stance === "must") return "no";
  const judged = subject.places.filter((place) => isJudgedBy(pattern, place, rule.kind === "deny"));
  if (judged.length === 0) return "no";
  return quantified(
    stance,
    judged.map((place) => matchPlace(pattern, place, facts, stance)),
  );
}

/** Names a rule may use for this call's tool. Monitor runs shell text too, so deny and ask rules for Bash hold for it. */
export function toolNamesFor(facts: Facts, stance: Stance): readonly string[] {
  const names = toolNames(facts.call.tool);
  return stance === "could" && facts.tool === "Monitor" ? [...names, "Bash"] : names;
}

export function matchPattern(pattern: Pattern, rule: Rule, subject: Subject, facts: Facts, stance: Stance): Answer {
  switch (pattern.kind) {
    case "tool":
      return toolNamesFor(facts, stance).some((name) => matchesName(pattern.tool, name)) ? "yes" : "no";
    case "command":
      if (facts.commandField === null || !toolNamesFor(facts, stance).includes(pattern.tool)) return "no";
      return matchPartText(pattern.command, subject, stance, pattern.ignoreCase, true);
    case "path":
      return matchPath(pattern, rule, subject, facts, stance);
    case "domain": {
      if (facts.tool !== "WebFetch") return "no";
      const host = hostOf(facts.call);
      return host === null ? "unknown" : matchText(pattern.host, host, stance, true);
    }
    case "parameter":
      return matchesName(pattern.tool, facts.tool) ? matchScalar(pattern.value, facts, pattern.field, stance) : "no";
    case "agent":
      if (facts.tool !== "Agent") return "no";
      return matchText(pattern.agent, stringField(facts.call.input, "subagent_type") ?? "general-purpose", stance);
    case "skill": {
      if (facts.tool !== "Skill") return "no";
      const words = [stringField(facts.call.input, "skill"), stringField(facts.call.input, "args")];
      return matchText(pattern.skill, words.filter((word) => word !== undefined && word !== "").join(" "), stance);
    }
  }
}
