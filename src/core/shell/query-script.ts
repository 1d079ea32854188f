/**
 * Proves that a `jq` or `yq` program, or a list of columns of `ps`, only looks at its input: it names no other file, no module and no environment, and
 * runs nothing. The names are looked for in strings too: hiding them there is no use to anyone.
 */
import type { ScriptFinding } from "./sed-script.js";

const NAMED: readonly (readonly [RegExp, string])[] = [
  [
    /\$ENV\b|\$__prog_args\b|(?<![.\w$"])env(?:iron)?\b|\b(?:str)?env\s*\(|\benvsubst\b/,
    "the query reads the environment, secrets included",
  ],
  [
    /(?<![.\w$"])(?:import|include)\b|(?:^|[^.\w])\w*load(?:_?\w+)?\s*\(|\bget_search_list\b|\bmodulemeta\b|\bfrom_file\b/,
    "the query reads other files",
  ],
  [/(?<![.\w])eval\s*\(/, "the query runs what it puts together"],
  [/^(?:e|ea|eval|eval-all)$/, "the query is the word after `eval`"],
  [/\bsystem\s*\(/, "the query runs a command"],
];

export function checkQuery(script: string): ScriptFinding {
  const found = NAMED.find(([pattern]) => pattern.test(script));
  return found === undefined ? { effect: "reads", why: "" } : { effect: "unknown", why: found[1] };
}
