/**
 * Proves that a `jq` or `yq` program, or a list of columns of `ps`, only looks at its input: it names no other file, no module and no environment, and
 * runs nothing. The names are looked for in strings too: hiding them there is no use to anyone.
 */
import type { ScriptFinding } from "./sed-script.js";

/** Comments may stand between a function and its parentheses, so names alone are looked for, where they are no keys. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [
    /\$(?:ENV|__prog_args)\b|(?<![.\w$"])(?:(?:str)?env(?:iron)?|envsubst)\b/,
    "the query reads the environment, secrets included",
  ],
  [
    /(?<![.\w$"])(?:import|include|(?:str|xml|props|base64|yaml|json)?load(?:_\w+)?|get_search_list|modulemeta|from_file)\b/,
    "the query reads other files",
  ],
  [/(?<![.\w$"])eval\b/, "the query runs what it puts together, or is the word after `eval`"],
  [/^(?:e|ea|eval|eval-all)$/, "the query is the word after `eval`"],
  [/(?<![.\w$"])system\b/, "the query runs a command"],
];

export function checkQuery(script: string): ScriptFinding {
  const found = NAMED.find(([pattern]) => pattern.test(script));
  return found === undefined ? { effect: "reads", why: "" } : { effect: "unknown", why: found[1] };
}
