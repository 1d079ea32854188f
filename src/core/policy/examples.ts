/**
 * The examples that rules carry (`match`, `not_match`), run against the rule they stand in. Who judges is given, so
 * that this says what an example means and the engine says what it does.
 */
import { asWarning, problem } from "../errors.js";
import { isInside } from "../path.js";
import { currentToolName, type ToolCall, toolShape } from "../tool-call.js";
import type { Answer } from "./evaluation.js";
import type { Example, Policy, Problem, Rule } from "./policy.js";
import { namesOf, toolsOfPattern } from "./rule-tools.js";

export type JudgeExample = (rule: Rule, call: ToolCall) => Answer;

/** Where examples take place: absolute folders that no rule of a real machine names. */
export interface ExampleWorld {
  readonly home: string;
  readonly project: string;
}

const WORLD: ExampleWorld = { home: "/home/user", project: "/home/user/project" };

/** One problem for each example that does not hold, at its rule. */
export function checkExamples(policy: Policy, judge: JudgeExample, world: ExampleWorld = WORLD): readonly Problem[] {
  return policy.rules.flatMap((rule) => [
    ...(rule.match ?? []).flatMap((example) => checkOne(rule, example, "match", judge, world)),
    ...(rule.notMatch ?? []).flatMap((example) => checkOne(rule, example, "not_match", judge, world)),
  ]);
}

function checkOne(
  rule: Rule,
  example: Example,
  list: "match" | "not_match",
  judge: JudgeExample,
  world: ExampleWorld,
): readonly Problem[] {
  const place = { ...rule.source, rule: rule.id };
  const shown = typeof example === "string" ? example : JSON.stringify(example);
  const call = exampleCall(rule, example, world);
  if (call === undefined) return [severe(rule, problem("example-tool", { example: shown }, place))];
  const answer = judge(rule, call);
  if (answer === (list === "match" ? "yes" : "no")) return [];
  const expected = list === "match" ? "matches" : "does not match";
  return [severe(rule, problem("example-fails", { list, example: shown, expected, actual: ACTUAL[answer] }, place))];
}

const ACTUAL: Readonly<Record<Answer, string>> = {
  yes: "does",
  no: "does not",
  unknown: "cannot be told for sure",
};

/** A stranger's failing example must not break the user's policy. */
function severe(rule: Rule, found: Problem): Problem {
  return rule.layer === "project" ? asWarning(found) : found;
}

/**
 * The call an example stands for: a string is the main field of the rule's tool, a table the whole input. A rule bound
 * to a folder elsewhere is tried as if that folder were the project.
 */
export function exampleCall(rule: Rule, example: Example, world: ExampleWorld): ToolCall | undefined {
  const tool = exampleTool(rule, example);
  if (tool === undefined) return undefined;
  const [bound] = rule.cwd ?? [];
  const cwd = bound?.replace(/^~(?=\/|$)/, world.home).replace(/^\$(?:PROJECT|CWD)(?=\/|$)/, world.project);
  const isElsewhere = bound?.startsWith("/") === true && !isInside(bound, world.project, false);
  const project = isElsewhere ? bound : world.project;
  const input = typeof example === "string" ? mainInput(tool, example, { ...world, project }) : example;
  if (input === undefined) return undefined;
  return {
    tool,
    input,
    cwd: cwd ?? project,
    home: world.home,
    project,
    sessionId: "example",
    permissionMode: rule.permissionMode?.[0] ?? "default",
    attended: rule.session !== "headless",
  };
}

function exampleTool(rule: Rule, example: Example): string | undefined {
  const names = candidateTools(rule).map(currentToolName);
  const wanted = typeof example === "string" ? rule.fields.map(({ field }) => field) : Object.keys(example);
  const fits = names.find((name) => wanted.includes(toolShape(name)?.main ?? ""));
  return fits ?? names[0];
}

function candidateTools(rule: Rule): readonly string[] {
  const { tool, pattern, shell } = rule;
  const accepts = (name: string) => tool === undefined || new RegExp(tool.source, tool.flags).test(name);
  if (pattern !== undefined) return (patternTools(pattern) ?? []).filter(accepts);
  const named = tool === undefined ? undefined : namesOf(tool);
  if (named !== undefined) return named;
  if (shell !== undefined) return ["Bash", "PowerShell"].filter(accepts);
  const byField = MAIN_TOOLS.filter((name) => rule.fields.some(({ field }) => toolShape(name)?.main === field));
  return (byField.length > 0 ? byField : MAIN_TOOLS).filter(accepts);
}

/** The tool a person thinks of first comes first. */
function patternTools(pattern: NonNullable<Rule["pattern"]>): readonly string[] | undefined {
  if (pattern.kind === "tool" || pattern.kind === "parameter") return namesOf(pattern.tool);
  return toolsOfPattern(pattern);
}

const MAIN_TOOLS = [
  "Bash",
  "Read",
  "Edit",
  "Write",
  "WebFetch",
  "WebSearch",
  "Grep",
  "Glob",
  "Agent",
  "Skill",
] as const;

/** Claude Code sends absolute paths, so a relative example is one below the project. */
function mainInput(tool: string, text: string, world: ExampleWorld): Readonly<Record<string, unknown>> | undefined {
  const shape = toolShape(tool);
  if (shape === undefined) return undefined;
  const isPath = shape.paths?.some(({ field }) => field === shape.main) ?? false;
  if (!isPath) return { [shape.main]: text };
  if (text.startsWith("~/")) return { [shape.main]: `${world.home}${text.slice(1)}` };
  return { [shape.main]: text.startsWith("/") ? text : `${world.project}/${text.replace(/^\.\//, "")}` };
}
