/** Suggestions as TOML that can be pasted: each rule below comments that say what speaks for it and what against. */
import { localTimestamp, type Zone } from "../zone.js";
import type { Contradicted } from "./rule-lives.js";
import type { Removal, Suggestion, Suggestions, Witness } from "./suggestion.js";

const percent = (value: number): string => `${(Math.floor(value * 1000) / 10).toFixed(1)} %`;

/** What past answers say of the rules there are. */
export interface Afterthoughts {
  readonly contradicted: readonly Contradicted[];
  readonly removals: readonly Removal[];
}

/** Comments below the suggestions, "" when there is nothing to say. */
export function renderAfterthoughts({ contradicted, removals }: Afterthoughts, limit: number): string {
  const shown = removals.slice(0, limit);
  const lines = [
    ...(contradicted.length === 0 ? [] : ["Applied suggestions that later answers speak against:"]),
    ...contradicted.flatMap(({ rule, why, revoke }) => [`  ${rule}: ${why}`, `    ${revoke}`]),
    ...(removals.length === 0
      ? []
      : ["Rules that could go, as far as this log tells; think of work that comes once a quarter:"]),
    ...shown.map(({ rule, kind, why, detail, source }) => `  ${rule} (${kind}, ${source}): ${detail || why}`),
    ...(shown.length < removals.length ? [`  and ${removals.length - shown.length} more; --limit shows them`] : []),
  ];
  return lines.length === 0 ? "" : `\n${lines.map(comment).join("")}`;
}

export function renderSuggestions(found: Suggestions, zone: Zone, limit: number): string {
  const { suggestions, calls, open, openAfter, weeks, unknowable, isCut } = found;
  const shown = suggestions.slice(0, limit);
  const head = [
    `${suggestions.length} suggestions from ${calls} answered calls in ${weeks.toFixed(1)} weeks; nothing was changed.`,
    `Approved calls that no rule decides: ${open} now, ${openAfter} with all of them.`,
    ...(found.isValidated || calls === 0 ? [] : ["Not validated: too few sessions and days to keep any out."]),
    ...(isCut ? ["Only the newest answered calls were looked at."] : []),
    ...(unknowable > 0 ? [`${unknowable} answered calls were kept too little of to learn from.`] : []),
    ...(shown.length < suggestions.length ? [`The first ${shown.length} are shown; --limit shows more.`] : []),
    ...(shown.length > 0 ? ["Add one: claude-permit suggest --apply NAME --yes"] : []),
  ];
  return [head, ...shown.map((one) => factsOf(one, zone))]
    .map((lines, index) => `${lines.map(comment).join("")}${shown[index - 1]?.toml ?? ""}`)
    .join("\n");
}

/** INVARIANT: what a log holds never leaves the comment it stands in. */
function comment(line: string): string {
  return `# ${line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")}\n`;
}

function factsOf(one: Suggestion, zone: Zone): string[] {
  const { support, overridden, breadth, holdOut, kind } = one;
  const { approved, refused, sessions, projects, days } = support;
  const where = `${sessions} sessions, ${projects} projects, ${days} days`;
  if (kind !== "allow") return [`${one.name}: refused ${refused} times, approved ${approved} times (${where}).`];
  return [
    `${one.name}: about ${Math.round(one.promptsPerWeek)} prompts a week less; helps to decide ${one.calls} calls.`,
    `Approved ${approved} of ${approved + refused} (at least ${percent(one.bound)}), ${where}.`,
    ...(overridden.length === 0
      ? ["Would have overridden no refusal."]
      : ["Would have overridden these refusals:", ...overridden.map((witness) => `  ${witnessText(witness, zone)}`)]),
    breadth.scary.length === 0
      ? `Also admits ${breadth.unseen} unseen ordinary commands; none found that does more than read.`
      : `Also admits ${breadth.unseen} unseen ordinary commands, among them: ${breadth.scary.join(" · ")}`,
    holdOut === null
      ? "Hold-out: not validated."
      : `Hold-out: would have allowed ${holdOut.allowed} later calls, ${holdOut.approved} approved, ${holdOut.refused} refused.`,
  ];
}

function witnessText({ timeMs, session, subject }: Witness, zone: Zone): string {
  return `${localTimestamp(timeMs, zone)} ${session.slice(0, 8)} ${subject}`;
}
