/**
 * What is said with a decision. Claude reads the reason of a deny, the user that of an ask. INVARIANT: words of an
 * untrusted project file (its reasons and its rule names) never reach Claude.
 */
import type { Facts, Subject } from "./facts.js";
import type { Rule } from "./policy.js";

const EXCERPT = 160;
/** More than any excerpt needs, less than a long text costs. */
const LOOKED_AT = 4096;

/** One short line in backticks, without control characters. */
export function quoted(text: string): string {
  const line = text
    .slice(0, LOOKED_AT)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replaceAll("`", "'")
    .trim();
  const letters = [...line];
  return `\`${letters.length > EXCERPT || text.length > LOOKED_AT ? `${letters.slice(0, EXCERPT).join("")}…` : line}\``;
}

export function ruleTitle(rule: Rule): string {
  return rule.name === undefined
    ? `rule ${quoted(rule.id)} (${rule.source.file}:${rule.source.line})`
    : `rule ${quoted(rule.name)}`;
}

/** How a rule is named to Claude: an untrusted file's name for it could be a message. */
function titleForClaude(rule: Rule): string {
  return rule.trusted
    ? ruleTitle(rule)
    : `a rule of this project's policy file (line ${rule.source.line}, not trusted)`;
}

function sentence(text: string | undefined): string {
  const line = (text ?? "").trim();
  if (line === "") return "";
  return /[.!?]$/.test(line) ? ` ${line}` : ` ${line}.`;
}

function about(subject: Subject | null, facts: Facts): string {
  const text = subject === null ? facts.whole.text : subject.text;
  return text === "" ? facts.tool : quoted(text);
}

export function denyReason(rule: Rule, subject: Subject | null, facts: Facts): string {
  const why = rule.trusted ? sentence(rule.reason) : "";
  const next = why === "" ? " Find another way, or ask the user to run it." : "";
  return `Denied by ${titleForClaude(rule)}: ${about(subject, facts)}.${why}${next}`;
}

export function askReason(rule: Rule, subject: Subject | null, facts: Facts): string {
  const isForUser = facts.call.attended;
  const title = isForUser ? ruleTitle(rule) : titleForClaude(rule);
  const why = isForUser || rule.trusted ? sentence(rule.reason) : "";
  return `Asked by ${title}: ${about(subject, facts)}.${why}`;
}

export function unknownReason(rule: Rule, subject: Subject | null, facts: Facts): string {
  const what =
    subject === null && facts.unknown !== null ? facts.unknown : "it depends on what is only known when it runs";
  const title = facts.call.attended ? ruleTitle(rule) : titleForClaude(rule);
  const next = facts.call.attended ? "" : " Write it plainly, one known command at a time.";
  return `Not clear whether ${title} forbids ${about(subject, facts)}: ${what}.${next}`;
}

export function brokenReason(facts: Facts): string {
  const [problem] = facts.policy.problems.filter((one) => one.severity === "error");
  const at = problem?.file === undefined ? "" : ` at ${problem.file}:${problem.line ?? 1}`;
  const what = problem === undefined ? "" : ` (${problem.message}${at})`;
  return `The claude-permit policy is broken${what}, so nothing is allowed by a rule. Run \`claude-permit status\`.`;
}

/** Characters looked at for the name of a rule's program: the rest only changes which rule is named. */
const MOST_SEEN = 32_768;

/** Whether a text that was not understood shows what the rule is about: its program, or the plain start of its regex. */
export function mentionsRule(text: string, rule: Rule): boolean {
  const regexes = rule.fields.map((test) => test.regex);
  const { pattern } = rule;
  if (pattern?.kind === "command") regexes.push(pattern.command);
  if (pattern?.kind === "path") regexes.push(pattern.path);
  const names = [...(rule.shell?.program ?? []), ...regexes.map((regex) => regex.literal?.trim() ?? "")];
  const seen = text.slice(0, MOST_SEEN);
  return names.some((name) => name !== "" && seen.includes(name));
}
