/**
 * `entitlements`: what may run now, for a program (with the subcommands that are known of it), a tool, or a topic. Each answer is a
 * judged example, not a promise: the call as it is made decides.
 */
import { join } from "node:path";
import { rulesAbout } from "../../../core/policy/rules-about.js";
import { findProgram } from "../../../core/shell/programs/index.js";
import { toolShape } from "../../../core/tool-call.js";
import { projectOf } from "../../../store/git-root.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { callsAbout } from "./entitlement-topics.js";
import { type AskedCall, judgeCall } from "./match-test.js";

/** How one call would be answered. */
export interface Entitled {
  /** Of a topic: in words, and the tool. */
  readonly what?: string;
  readonly tool?: string;
  readonly input: AskedCall["input"];
  readonly effect: string | null;
  /** Id of the rule that decides. */
  readonly rule: string | null;
}

export const ANSWERS = ["may_run", "asks", "denied", "left_to_claude_code"] as const;

export type Entitlements = Readonly<Record<(typeof ANSWERS)[number], readonly Entitled[]>> &
  Readonly<Record<string, unknown>>;

export function queryEntitlements(asked: QueryOf<"entitlements">, world: QueryWorld): Answer {
  return { result: entitlementsOf(asked, world) };
}

export function entitlementsOf(asked: QueryOf<"entitlements">, world: QueryWorld): Entitlements {
  const cwd = asked.cwd === undefined ? {} : { cwd: asked.cwd };
  const rules = new Map<string, { readonly id: string; readonly kind: string; readonly description: string | null }>();
  const groups: Record<(typeof ANSWERS)[number], Entitled[]> = {
    may_run: [],
    asks: [],
    denied: [],
    left_to_claude_code: [],
  };
  for (const probe of probesOf(asked, world)) {
    const { evaluation, decision } = judgeCall({ ...probe, ...cwd }, asked, world, "full");
    for (const { rule } of evaluation.detail?.matches ?? []) {
      rules.set(rule.id, { id: rule.id, kind: rule.kind, description: rule.description ?? null });
    }
    const what = probe.what === undefined ? {} : { what: probe.what, tool: probe.tool };
    const told = { ...what, input: probe.input, effect: evaluation.effect ?? null, rule: evaluation.rule?.id ?? null };
    groups[GROUPS[decision] ?? "left_to_claude_code"].push(told);
  }
  const { type: _, ...named } = asked;
  const tool = "tool" in asked ? asked.tool : "program" in asked ? "Bash" : null;
  return {
    ...named,
    ...groups,
    rules: [...rules.values()],
    ...(tool === null ? {} : { rules_for_tool: rulesAbout(world.policyFor(asked.cwd ?? world.cwd), tool).length }),
    note: "judged examples: arguments, folders and the permission mode can change the answer",
  };
}

const GROUPS: Readonly<Record<string, "may_run" | "asks" | "denied">> = {
  allow: "may_run",
  ask: "asks",
  deny: "denied",
};

interface Probed extends AskedCall {
  readonly what?: string;
}

function probesOf(asked: QueryOf<"entitlements">, world: QueryWorld): readonly Probed[] {
  if ("about" in asked) return callsAbout(asked.about, projectOf(asked.cwd ?? world.cwd), world.home);
  return "program" in asked ? programProbes(asked.program) : toolProbes(asked.tool, world);
}

function programProbes(program: string): readonly AskedCall[] {
  const known = Object.entries(findProgram(program)?.subcommands ?? {});
  const names = known.flatMap(([name, { subcommands }]) => [
    name,
    ...Object.keys(subcommands ?? {}).map((inner) => `${name} ${inner}`),
  ]);
  const texts = names.filter((name) => !name.includes("*")).map((name) => `${program} ${name}`);
  return [program, ...texts].map((command) => ({ tool: "Bash", input: { command } }));
}

/** A path in the project, one in the home folder and one of the system; else the call without anything. */
function toolProbes(tool: string, world: QueryWorld): readonly AskedCall[] {
  const shape = toolShape(tool);
  const field = shape?.paths?.[0]?.field;
  if (field !== undefined) {
    const paths = [join(world.cwd, "example.txt"), join(world.home, "example.txt"), "/etc/hosts"];
    return paths.map((path) => ({ tool, input: { [field]: path } }));
  }
  if (shape?.url !== undefined) return [{ tool, input: { [shape.url]: "https://example.com/" } }];
  return [{ tool, input: shape?.command === undefined ? {} : { [shape.command.field]: "true" } }];
}
