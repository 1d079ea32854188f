/**
 * Suggestions as rules of Claude Code's own settings (contract 8.2): always narrower, because those rules cannot close
 * options or folders. What cannot be said that way is named, not approximated.
 */
import { TOUCHY_NAMES } from "../../core/generalise/never.js";
import { isTable } from "../../core/policy/toml.js";
import type { Suggestion } from "./suggestion.js";

export interface ClaudeSettings {
  readonly permissions: Readonly<Record<"allow" | "ask" | "deny", readonly string[]>>;
  /** Name of a suggestion and why it is not, or not wholly, among the rules. */
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

/** Characters that Claude Code's patterns or the shell read as more than themselves. */
const SPECIAL = /[*\\();|&<>$`\n]/;

/** @param project whose settings these are to be; rules of other projects are left out. "" for none. */
export function claudeSettings(suggestions: readonly Suggestion[], project: string): ClaudeSettings {
  const permissions = { allow: new Set<string>(), ask: new Set<string>(), deny: new Set<string>() };
  const left: { name: string; why: string }[] = [];
  for (const one of suggestions) {
    const { kind, name } = one;
    // A path says itself where it holds.
    const isBound = kind === "allow" && one.project !== "" && pathOf(one) === null;
    if (isBound && one.project !== project) {
      left.push({ name, why: `for \`${one.project}\` only: export it with --project ${one.project}` });
      continue;
    }
    const said = kind === "allow" ? allowRules(one) : refusalRules(one);
    for (const rule of said.rules) permissions[kind].add(rule);
    for (const rule of said.asks) permissions.ask.add(rule);
    if (said.why !== "") left.push({ name, why: said.why });
    if (isBound) left.push({ name, why: `for \`${one.project}\` only: put it into that project's settings` });
  }
  const sorted = (rules: ReadonlySet<string>) => [...rules].sort();
  return {
    permissions: { allow: sorted(permissions.allow), ask: sorted(permissions.ask), deny: sorted(permissions.deny) },
    left,
  };
}

interface Said {
  readonly rules: readonly string[];
  /** Questions that keep an allow rule as narrow as ours. */
  readonly asks: readonly string[];
  readonly why: string;
}

/** The command as far as its options, which must stand right behind it. */
function refusalRules({ draft: { table } }: Suggestion): Said {
  const { shell } = table;
  if (!isTable(shell)) return { rules: [], asks: [], why: "not about a command" };
  const flags = listOf(shell["flags_all"]);
  const words = [...listOf(shell["program"]), ...listOf(shell["subcommand"]), ...flags];
  const why = flags.length > 0 ? "only this spelling and order of its options" : "";
  return { rules: [`Bash(${words.join(" ")} *)`], asks: [], why };
}

function allowRules(one: Suggestion): Said {
  const { pattern, tool, shell, match } = one.draft.table;
  if (isTable(shell)) {
    const exact = listOf(match).filter((command) => !SPECIAL.test(command));
    const why = "only its examples, word for word: settings cannot close options, arguments or folders";
    return { rules: exact.map((command) => `Bash(${command})`), asks: [], why };
  }
  const path = pathOf(one);
  if (path !== null) {
    const { access, folder } = path;
    const asks = TOUCHY_NAMES.map((name) => `${access}(//**/${name})`);
    return { rules: [`${access}(${folder}/**)`], asks, why: "its exceptions are questions, for every folder" };
  }
  const rule = typeof pattern === "string" ? pattern : tool;
  return typeof rule === "string"
    ? { rules: [rule], asks: [], why: "" }
    : { rules: [], asks: [], why: "has no form there" };
}

/** `Read(//srv/app)` -> its folder. */
function pathOf({ draft }: Suggestion): { readonly access: string; readonly folder: string } | null {
  const { pattern } = draft.table;
  const found = typeof pattern === "string" ? /^(Read|Edit)\((\/\/[^*]*)\)$/.exec(pattern) : null;
  return found === null ? null : { access: found[1] ?? "", folder: found[2] ?? "" };
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
