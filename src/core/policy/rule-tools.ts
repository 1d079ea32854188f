/** Which tools a rule can only be about, where its regex or pattern tells. */
import { READING_TOOLS, SHELL_TOOLS, WRITING_TOOLS } from "./pattern-tools.js";
import type { Pattern, Regex } from "./policy.js";

/** Names that a `tool` like `Read|Grep` can only mean, `undefined` for a regex. */
export function literalTools(tool: string): readonly string[] | undefined {
  return /^[A-Za-z_]\w*(?:\|[A-Za-z_]\w*)*$/.test(tool) ? tool.split("|") : undefined;
}

/** Tools a pattern can be about, `undefined` when its own regex says so. */
export function toolsOfPattern(pattern: Pattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case "command":
      return pattern.tool === "Bash" ? ["Bash", "Monitor"] : [pattern.tool];
    case "path":
      return [...(pattern.access === "edit" ? WRITING_TOOLS : [...READING_TOOLS, ...WRITING_TOOLS]), ...SHELL_TOOLS];
    case "domain":
      return ["WebFetch"];
    case "agent":
      return ["Agent", "Task"];
    case "skill":
      return ["Skill"];
    case "tool":
    case "parameter":
      return undefined;
  }
}

/** Names of a whole-name regex that is a list of names, `undefined` for any other. */
export function namesOf(regex: Regex): readonly string[] | undefined {
  const inner = /^\^(?:\(\?:)?([^()]*)\)?\$$/.exec(regex.source)?.[1];
  return inner === undefined || regex.flags !== "u" ? undefined : literalTools(inner);
}
