/**
 * Rules that add nothing because another one covers everything they match. Decided only where it can be: command
 * patterns by their words, paths and tools by how they are written, structure by its lists. A witness shows both, tried with the engine; without one nothing is
 * said.
 */
import { problem } from "../errors.js";
import { analyzeShell } from "../shell/analyze.js";
import { canonicalText } from "./canonical.js";
import { placeText } from "./compile.js";
import { matchRule } from "./evaluate.js";
import { callWithin, type WitnessCall } from "./lint-within.js";
import type { Policy, Problem, Rule, RuleKind, ShellTest } from "./policy.js";
import { conditionsOf } from "./rule-identity.js";

/** Strictest first, as decisions go. */
const STRICTNESS: readonly RuleKind[] = ["deny", "ask", "allow", "passthrough"];
const HOME = "/home/user";
const PROJECT = `${HOME}/project`;

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

/** A call that both match, when the wide one matches everything the narrow one does; else `null`. */
function witnessOf(policy: Policy, wide: Rule, narrow: Rule): string | null {
  if (rest(wide) !== rest(narrow)) return null;
  const commands = patternWitnesses(wide, narrow) ?? shellWitnesses(wide, narrow);
  const other = commands === null ? callWithin(wide, narrow, { home: HOME, project: PROJECT }) : null;
  const calls = other === null ? (commands ?? []).map(commandCall) : [other];
  const matches = (rule: Rule, { tool, input }: WitnessCall) =>
    matchRule(policy, rule, { ...WITNESS_WORLD, tool, input }, DEPS) === "yes";
  const both = calls.filter((call) => matches(narrow, call));
  return both.length > 0 && both.every((call) => matches(wide, call)) ? (both[0]?.text ?? null) : null;
}

const WITNESS_WORLD = {
  cwd: PROJECT,
  home: HOME,
  project: PROJECT,
  sessionId: "",
  permissionMode: "default",
  attended: true,
};
const DEPS = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };

function commandCall(command: string): WitnessCall {
  return { tool: "Bash", input: { command }, text: command };
}

const rests = new WeakMap<Rule, string>();

/** Every condition but those that are compared: they must be the same. */
function rest(rule: Rule): string {
  const known = rests.get(rule);
  if (known !== undefined) return known;
  const { kind: _kind, pattern: _pattern, shell: _shell, ...others } = conditionsOf(rule);
  const text = canonicalText(others);
  rests.set(rule, text);
  return text;
}

/** `^git push(?: [^]*)?$` -> its words and whether more may follow; `null` for other wildcards. */
function stemOf({ pattern, shell }: Rule): { readonly words: string; readonly isOpen: boolean } | null {
  if (pattern?.kind !== "command" || pattern.tool !== "Bash" || shell !== undefined) return null;
  const found = /^\^((?:[^\\()[\]{}*+?.|^$]|\\[^\w\s])*)(\(\?: \[\^\]\*\)\?)?\$$/.exec(pattern.command.source);
  if (found === null) return null;
  return { words: (found[1] ?? "").replaceAll(/\\(.)/g, "$1"), isOpen: found[2] !== undefined };
}

/** What may follow an option: an allow rule must name options that make a program do what is not known. */
const FOLLOWING = ["", " x", " /tmp/x", "=x", "=/tmp/x"];

function patternWitnesses(wide: Rule, narrow: Rule): readonly string[] | null {
  const [above, below] = [stemOf(wide), stemOf(narrow)];
  if (above === null || below === null || !above.isOpen) return null;
  const { words, isOpen } = below;
  if (words !== above.words && !words.startsWith(`${above.words} `)) return null;
  return isOpen ? FOLLOWING.map((more) => `${words}${more}`) : [words];
}

/** A longer list of these matches more. */
const ANY_OF = ["program", "subcommand", "flagsAny", "effect", "inPipelineWith"] as const;
/** A longer list of these matches less. */
const ALL_OF = ["flagsAll", "flagsNone"] as const;
/** Compared as a whole: which is wider depends on the machine. */
const SAME = ["args", "pathsInside", "pathsOutside", "redirects", "env"] as const;

/** What an allow rule covers because it says so; not saying it covers less. */
const SAID = ["flagsAny", "flagsAll", "effect", "pathsInside", "redirects", "env"] as const;

function shellWitnesses(wide: Rule, narrow: Rule): readonly string[] | null {
  const [above, below] = [wide.shell, narrow.shell];
  if (above === undefined || below === undefined || wide.pattern !== undefined || narrow.pattern !== undefined)
    return null;
  const anyOf = ANY_OF.every((key) => above[key] === undefined || isWithin(below[key], above[key]));
  const allOf = ALL_OF.every((key) => above[key] === undefined || isWithin(above[key], below[key]));
  const same = SAME.every((key) => above[key] === undefined || canonicalText(above[key]) === canonicalText(below[key]));
  if (!anyOf || !allOf || !same) return null;
  const isSaid = SAID.every(
    (key) => below[key] === undefined || canonicalText(above[key]) === canonicalText(below[key]),
  );
  if (narrow.kind === "allow" && wide.kind === "allow" && !isSaid) return null;
  const command = commandOf(below);
  return command === null ? null : [command];
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
