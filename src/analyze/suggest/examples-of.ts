/** Examples for a proposed rule out of the calls it was made from: what it must cover, and neighbours it must not. */
import { DANGEROUS_COMMANDS } from "../../core/generalise/dangerous-neighbours.js";
import { compileDraft } from "../../core/generalise/rule-draft.js";
import { matchRule } from "../../core/policy/evaluate.js";
import { checkExamples } from "../../core/policy/examples.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { Candidate } from "./mine.js";
import type { PastCall } from "./past-call.js";

const SHOWN = 3;
const LONGEST = 160;

/** `match` and `not_match` as they stand in TOML; each is checked, one that a policy file would refuse is left out. */
export function examplesOf(
  { draft, node }: Candidate,
  covered: readonly PastCall[],
  past: readonly PastCall[],
): Readonly<Record<string, readonly string[]>> {
  if (node.subject.kind !== "command") return {};
  const head = node.subject.head.join(" ");
  const match = shortest(covered.map(({ call }) => call.input["command"]));
  const texts = new Set(match);
  const refused = past
    .filter(({ answer }) => answer === "refused")
    .map(({ call }) => call.input["command"])
    .filter((command) => typeof command === "string" && command.startsWith(head));
  const dangers = DANGEROUS_COMMANDS.filter((command) => command.startsWith(head));
  const not = shortest([...refused, ...dangers].filter((command) => !texts.has(String(command))));
  const keep = (key: "match" | "not_match", list: readonly string[]) => list.filter((one) => isTrue(draft, key, one));
  const [kept, left] = [keep("match", match), keep("not_match", not)];
  return { ...(kept.length > 0 ? { match: kept } : {}), ...(left.length > 0 ? { not_match: left } : {}) };
}

function shortest(commands: readonly unknown[]): readonly string[] {
  const texts = [...new Set(commands.filter((one): one is string => typeof one === "string"))];
  return texts
    .filter((text) => text.length <= LONGEST && !/[\n\r]/.test(text))
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .slice(0, SHOWN);
}

function isTrue(draft: Candidate["draft"], key: "match" | "not_match", example: string): boolean {
  const compiled = compileDraft({ ...draft, table: { ...draft.table, [key]: [example] } });
  if (compiled.kind === "refused") return false;
  const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };
  const problems = checkExamples(compiled.policy, (rule, call) => matchRule(compiled.policy, rule, call, deps));
  return problems.length === 0;
}
