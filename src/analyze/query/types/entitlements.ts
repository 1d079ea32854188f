/**
 * `entitlements`: what may run now, for a program (with the subcommands that are known of it) or a tool. Each answer is a
 * judged example, not a promise: the call as it is made decides.
 */
import { join } from "node:path";
import { rulesAbout } from "../../../core/policy/rules-about.js";
import { findProgram } from "../../../core/shell/programs/index.js";
import { toolShape } from "../../../core/tool-call.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { type AskedCall, judgeCall } from "./match-test.js";

export function queryEntitlements(asked: QueryOf<"entitlements">, world: QueryWorld): Answer {
  const cwd = asked.cwd === undefined ? {} : { cwd: asked.cwd };
  const probes = "program" in asked ? programProbes(asked.program) : toolProbes(asked.tool, world);
  const rules = new Map<string, { readonly id: string; readonly kind: string; readonly description: string | null }>();
  const groups: Record<"may_run" | "asks" | "denied" | "left_to_claude_code", unknown[]> = {
    may_run: [],
    asks: [],
    denied: [],
    left_to_claude_code: [],
  };
  for (const probe of probes) {
    const { evaluation, decision } = judgeCall({ ...probe, ...cwd }, asked, world, "full");
    for (const { rule } of evaluation.detail?.matches ?? []) {
      rules.set(rule.id, { id: rule.id, kind: rule.kind, description: rule.description ?? null });
    }
    const told = { input: probe.input, effect: evaluation.effect ?? null, rule: evaluation.rule?.id ?? null };
    groups[GROUPS[decision] ?? "left_to_claude_code"].push(told);
  }
  const policy = world.policyFor(asked.cwd ?? world.cwd);
  const tool = "tool" in asked ? asked.tool : "Bash";
  return {
    result: {
      ...("tool" in asked ? { tool } : { program: asked.program }),
      ...groups,
      rules: [...rules.values()],
      rules_for_tool: rulesAbout(policy, tool).length,
      note: "judged examples: arguments, folders and the permission mode can change the answer",
    },
  };
}

const GROUPS: Readonly<Record<string, "may_run" | "asks" | "denied">> = {
  allow: "may_run",
  ask: "asks",
  deny: "denied",
};

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
