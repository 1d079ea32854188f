/**
 * Claude Code's own rule syntax against one subject (contract 8.2 and 8.3). Where its deny rules are known to be open
 * (shell strings, dynamic programs, other case), the parts make this stricter; allow never covers what is not written.
 */
import { stringField, toolNames } from "../tool-call.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { isJudgedBy, matchPlace } from "./match-path.js";
import { matchesName, matchText, type Stance } from "./match-text.js";
import { matchPartText } from "./match-words.js";
import type { Place } from "./places.js";
import { placesToAsk } from "./places-to-ask.js";
import type { Pattern, Regex, Rule } from "./policy.js";

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

const PATH_FIELDS: ReadonlySet<string> = new Set(["file_path", "notebook_path", "path"]);

/** What a rule leaves out of a tool's paths it leaves out of a command's too, where both forms are known to be meant. */
function isExcluded({ absolute, target }: Place, { exclude }: Rule): boolean {
  if (absolute === null || target === null) return false;
  return exclude.some(
    ({ field, regex }) =>
      PATH_FIELDS.has(field) && [absolute, target].every((path) => matchText(regex, path, "must") === "yes"),
  );
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
  if (subject.places.length === 0) return "no";
  let answer: Answer | null = null;
  for (const place of stance === "could" ? placesToAsk(pattern, subject.places, facts) : subject.places) {
    if (!isJudgedBy(pattern, place, rule.kind === "deny")) continue;
    if (stance === "could" && subject.part !== null && isExcluded(place, rule)) continue;
    const one = matchPlace(pattern, place, facts, stance);
    if (one === (stance === "must" ? "no" : "yes")) return one;
    if (answer === null || one === "unknown") answer = one;
  }
  return answer ?? "no";
}

/** Monitor runs shell text too, so deny and ask rules for Bash hold for it. */
function alsoBash(tool: string, stance: Stance): boolean {
  return stance === "could" && tool === "Monitor";
}

/** Whether a whole-name regex accepts a tool by its current name, a former one, or the one it was called by. */
export function isTool(regex: Regex, tool: string, stance: Stance): boolean {
  const names = alsoBash(tool, stance) ? [...toolNames(tool), "Bash"] : toolNames(tool);
  return names.some((name) => matchesName(regex, name));
}

export function matchPattern(pattern: Pattern, rule: Rule, subject: Subject, facts: Facts, stance: Stance): Answer {
  switch (pattern.kind) {
    case "tool":
      return isTool(pattern.tool, facts.call.tool, stance) ? "yes" : "no";
    case "command":
      if (facts.commandField === null) return "no";
      if (pattern.tool !== facts.tool && !(pattern.tool === "Bash" && alsoBash(facts.tool, stance))) return "no";
      return matchPartText(pattern.command, subject, facts, stance, { ignoreCase: pattern.ignoreCase, isGlob: true });
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
