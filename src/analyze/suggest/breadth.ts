/** What else a rule admits: ordinary commands that nobody was seen to run, and those of them that do the most. */
import { matchRule } from "../../core/policy/evaluate.js";
import { readFacts } from "../../core/policy/facts.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { Candidate } from "./mine.js";
import type { Suggestion } from "./suggestion.js";

/** What a person would rather look at, the most first; reading is nothing to fear. */
const FEARED: readonly string[] = ["unknown", "network", "runs-code", "writes-outside", "writes-project"];
const SHOWN = 3;
const HOME = "/home/user";

/** @param seen commands that somebody ran. */
export function breadthOf(
  { compiled, node }: Candidate,
  commands: readonly string[],
  seen: ReadonlySet<unknown>,
): Suggestion["breadth"] {
  const { rule, policy } = compiled;
  const program = rule.shell?.program?.[0];
  if (program === undefined) return { unseen: 0, scary: [] };
  const project = node.project === "" ? `${HOME}/project` : node.project;
  const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };
  const admitted = commands.flatMap((command) => {
    if (!command.startsWith(program) || seen.has(command)) return [];
    const call = {
      tool: "Bash",
      input: { command },
      cwd: project,
      home: HOME,
      project,
      sessionId: "",
      permissionMode: "default",
      attended: true,
    };
    if (matchRule(policy, rule, call, deps) !== "yes") return [];
    return [{ command, effect: readFacts(policy, call, deps).whole.effect }];
  });
  const scary = admitted
    .filter(({ effect }) => FEARED.includes(effect))
    .toSorted((a, b) => FEARED.indexOf(a.effect) - FEARED.indexOf(b.effect) || (a.command < b.command ? -1 : 1));
  return { unseen: admitted.length, scary: scary.slice(0, SHOWN).map(({ command }) => command) };
}
