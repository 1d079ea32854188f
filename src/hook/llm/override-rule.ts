/**
 * The rule a person would write to allow exactly this call, as TOML. INVARIANT: it is shown only after the engine, asked
 * with that rule in the policy, allowed the call; so what is shown works as it stands.
 */
import type { PartReport } from "../../core/policy/evaluation.js";
import { escapeRegex } from "../../core/policy/glob.js";
import type { FieldTest, Policy, Rule } from "../../core/policy/policy.js";
import { stringField, type ToolCall, toolShape } from "../../core/tool-call.js";
import type { Judge } from "./alternatives.js";

const MAX_CHARS = 2_000;

/** "" when no such rule allows it: self-protection, or more than one rule is needed. */
export function overrideRule(call: ToolCall, policy: Policy, judge: Judge): string {
  const fields = exactFields(call, policy, judge);
  if (fields.length === 0) return "";
  for (const permissionMode of call.permissionMode === "auto" ? [undefined, ["auto"]] : [undefined]) {
    const rule = ruleOf(call, policy, fields, permissionMode);
    if (judge(withRule(policy, rule), call).decision !== "allow") continue;
    const text = tomlOf(call, fields, rule);
    return text.length > MAX_CHARS ? "" : text;
  }
  return "";
}

function exactFields(call: ToolCall, policy: Policy, judge: Judge): readonly FieldTest[] {
  const shape = toolShape(call.tool);
  if (shape?.command !== undefined) {
    const parts = judge(policy, call, "full").detail?.parts ?? [];
    const open = [...new Set(parts.filter(isOpen).map(({ text }) => text))];
    return open.length === 0 ? [] : [exactly(shape.command.field, open)];
  }
  const known = [shape?.main ?? "", ...(shape?.paths ?? []).map(({ field }) => field)];
  const names = shape === undefined ? Object.keys(call.input) : [...new Set(known)];
  return names.flatMap((name) => {
    const value = stringField(call.input, name);
    return value === undefined ? [] : [exactly(name, [value])];
  });
}

/** Parts that only may run need no rule. */
function isOpen({ coveredBy, part }: PartReport): boolean {
  return coveredBy === null && part?.certainty !== "candidate";
}

function exactly(field: string, texts: readonly string[]): FieldTest {
  const [first = ""] = texts;
  const inner = texts.length === 1 ? escapeRegex(first) : `(?:${texts.map(escapeRegex).join("|")})`;
  return { field, regex: { source: `^${inner}$`, flags: "u" } };
}

function ruleOf(
  { tool, project }: ToolCall,
  { rules }: Policy,
  fields: readonly FieldTest[],
  permissionMode: readonly string[] | undefined,
): Rule {
  return {
    index: rules.length,
    id: "override",
    kind: "allow",
    layer: "user",
    trusted: true,
    source: { file: "", line: 1, column: 1 },
    tool: { source: `^(?:${escapeRegex(tool)})$`, flags: "u" },
    fields,
    exclude: [],
    raw: false,
    ...(project === "" ? {} : { cwd: [project] }),
    ...(permissionMode === undefined ? {} : { permissionMode }),
  };
}

function withRule(policy: Policy, rule: Rule): Policy {
  return { ...policy, rules: [...policy.rules, rule], anyTool: [...policy.anyTool, rule.index] };
}

function tomlOf({ tool }: ToolCall, fields: readonly FieldTest[], { cwd, permissionMode }: Rule): string {
  return [
    "[[allow]]",
    `tool = ${quoted(escapeRegex(tool))}`,
    ...(cwd === undefined ? [] : [`cwd = [${cwd.map(quoted).join(", ")}]`]),
    ...(permissionMode === undefined ? [] : [`permission_mode = [${permissionMode.map(quoted).join(", ")}]`]),
    "[allow.fields]",
    ...fields.map(({ field, regex }) => `${/^[\w-]+$/.test(field) ? field : quoted(field)} = ${quoted(regex.source)}`),
  ].join("\n");
}

/** A literal string where the text allows one: regexes stay readable. */
function quoted(text: string): string {
  return /['\u0000-\u001f\u007f]/.test(text) ? JSON.stringify(text).replaceAll("\u007f", "\\u007f") : `'${text}'`;
}
