/**
 * Rules that add nothing because another one covers everything they match. Decided only where it can be: command
 * patterns by their words, structure by its lists. A witness shows both, tried with the engine; without one nothing is
 * said.
 */
import { problem } from "../errors.js";
import { analyzeShell } from "../shell/analyze.js";
import { canonicalText } from "./canonical.js";
import { placeText } from "./compile.js";
import { matchRule } from "./evaluate.js";
import type { Policy, Problem, Rule, RuleKind, ShellTest } from "./policy.js";
import { conditionsOf } from "./rule-identity.js";

/** Strictest first, as decisions go. */
const STRICTNESS: readonly RuleKind[] = ["deny", "ask", "allow", "passthrough"];
const PROJECT = "/home/user/project";

/** More rules than these are not compared with each other. */
const COMPARED = 500;

/** @param known ids that are told of already. */
export function subsumedRules(policy: Policy, known: ReadonlySet<string>): readonly Problem[] {
  const rules = policy.rules.filter(({ layer, kind }) => layer !== "builtin" && STRICTNESS.includes(kind));
  if (rules.length > COMPARED) return [];
  const gone = new Set(known);
  return rules.flatMap((narrow) => {
    if (gone.has(narrow.id)) return [];
    for (const wide of rules) {
      if (wide === narrow || gone.has(wide.id) || STRICTNESS.indexOf(wide.kind) > STRICTNESS.indexOf(narrow.kind))
        continue;
      const witness = witnessOf(policy, wide, narrow);
      if (witness === null) continue;
      gone.add(narrow.id);
      const values = { by: wide.id, first: placeText(wide.source), witness };
      return [problem("lint-subsumed", values, { ...narrow.source, rule: narrow.id })];
    }
    return [];
  });
}

/** A command that both match, when the wide one matches everything the narrow one does; else `null`. */
function witnessOf(policy: Policy, wide: Rule, narrow: Rule): string | null {
  if (rest(wide) !== rest(narrow)) return null;
  const command = patternWitness(wide, narrow) ?? shellWitness(wide, narrow);
  if (command === null) return null;
  const call = {
    tool: "Bash",
    input: { command },
    cwd: PROJECT,
    home: "/home/user",
    project: PROJECT,
    sessionId: "",
    permissionMode: "default",
    attended: true,
  };
  const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };
  return [wide, narrow].every((rule) => matchRule(policy, rule, call, deps) === "yes") ? command : null;
}

/** Every condition but those that are compared: they must be the same. */
function rest(rule: Rule): string {
  const { kind: _kind, pattern: _pattern, shell: _shell, ...others } = conditionsOf(rule);
  return canonicalText(others);
}

/** `^git push(?: [^]*)?$` -> its words and whether more may follow; `null` for other wildcards. */
function stemOf({ pattern, shell }: Rule): { readonly words: string; readonly isOpen: boolean } | null {
  if (pattern?.kind !== "command" || pattern.tool !== "Bash" || shell !== undefined) return null;
  const found = /^\^((?:[^\\()[\]{}*+?.|^$]|\\[^\w\s])*)(\(\?: \[\^\]\*\)\?)?\$$/.exec(pattern.command.source);
  if (found === null) return null;
  return { words: (found[1] ?? "").replaceAll(/\\(.)/g, "$1"), isOpen: found[2] !== undefined };
}

function patternWitness(wide: Rule, narrow: Rule): string | null {
  const [above, below] = [stemOf(wide), stemOf(narrow)];
  if (above === null || below === null || !above.isOpen) return null;
  return below.words === above.words || below.words.startsWith(`${above.words} `) ? below.words : null;
}

/** A longer list of these matches more. */
const ANY_OF = ["program", "subcommand", "flagsAny", "effect", "inPipelineWith"] as const;
/** A longer list of these matches less. */
const ALL_OF = ["flagsAll", "flagsNone"] as const;
/** Compared as a whole: which is wider depends on the machine. */
const SAME = ["args", "pathsInside", "pathsOutside", "redirects", "env"] as const;

function shellWitness(wide: Rule, narrow: Rule): string | null {
  const [above, below] = [wide.shell, narrow.shell];
  if (above === undefined || below === undefined || wide.pattern !== undefined || narrow.pattern !== undefined)
    return null;
  const anyOf = ANY_OF.every((key) => above[key] === undefined || isWithin(below[key], above[key]));
  const allOf = ALL_OF.every((key) => above[key] === undefined || isWithin(above[key], below[key]));
  const same = SAME.every((key) => above[key] === undefined || canonicalText(above[key]) === canonicalText(below[key]));
  if (!anyOf || !allOf || !same) return null;
  return commandOf(below);
}

function isWithin(list: readonly string[] | undefined, longer: readonly string[] | undefined): boolean {
  return list !== undefined && longer !== undefined && list.every((one) => longer.includes(one));
}

function commandOf({ program, subcommand, flagsAll, flagsAny }: ShellTest): string | null {
  const [name] = program ?? [];
  if (name === undefined) return null;
  const words = [name, subcommand?.[0]?.replace(/\*$/, ""), ...(flagsAll ?? []), ...(flagsAny ?? []).slice(0, 1)];
  return words.filter((word) => word !== undefined && word !== "").join(" ");
}
