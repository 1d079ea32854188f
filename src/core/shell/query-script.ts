/**
 * Proves that a `jq` or `yq` program, or a list of columns of `ps`, only looks at its input: it names no other file, no module and no environment, and
 * runs nothing. The names are looked for in strings too: hiding them there is no use to anyone.
 */
import type { ScriptFinding } from "./sed-script.js";

const NAMED: readonly (readonly [RegExp, string])[] = [
  [
    /\$ENV\b|(?<![.\w$"])env(?:iron)?\b|\b(?:str)?env\s*\(|\benvsubst\b/,
    "the query reads the environment, secrets included",
  ],
  [/\b(?:import|include)\s*"|\bload(?:_\w+)?\s*\(|\bget_search_list\b/, "the query reads other files"],
  [/^(?:e|ea|eval|eval-all)$/, "the query is the word after `eval`"],
  [/\bsystem\s*\(/, "the query runs a command"],
];

export function checkQuery(script: string): ScriptFinding {
  const found = NAMED.find(([pattern]) => pattern.test(script));
  return found === undefined ? { effect: "reads", why: "" } : { effect: "unknown", why: found[1] };
}
