/**
 * Every change of rules and settings that a program may ask for, as zod schemas closed to unknown keys; the published
 * JSON Schema is made of these. What a rule may hold is the policy file's own schema.
 */
import * as z from "zod";
import { ruleSchema, settingsSchema } from "../../core/policy/policy.schema.js";

const table = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape);
const kind = z.enum(["deny", "ask", "allow", "passthrough", "deny_promote"]);
const id = z
  .string()
  .min(1)
  .max(200)
  .describe("of a rule, as `query` tells it")
  .meta({ examples: ["no-force-push"] });
const file = z
  .string()
  .min(1)
  .max(4096)
  .describe("one of your policy files (default: config.toml); `auto` is auto-rules.toml")
  .meta({ examples: ["auto"] })
  .exactOptional();
const reason = z
  .string()
  .max(1000)
  .describe("for the history")
  .meta({ examples: ["asked for by the user"] })
  .exactOptional();

/** Like the schema, but every key may also be `null`: that takes it away. */
const changesOf = (shape: Readonly<Record<string, z.ZodType>>) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(shape).map(([key, schema]) => [key, z.union([changeable(schema), z.null()]).optional()]),
    ),
  );

function changeable(schema: z.ZodType): z.ZodType {
  const inner = schema instanceof z.ZodExactOptional ? (schema.unwrap() as z.ZodType) : schema;
  return inner instanceof z.ZodObject ? changesOf(inner.shape) : inner;
}

const addRule = table({
  type: z.literal("add_rule"),
  kind,
  rule: ruleSchema.meta({ examples: [{ name: "new-rule", pattern: "Bash(git log *)" }] }),
  file,
  reason,
});
const updateRule = table({
  type: z.literal("update_rule"),
  id,
  changes: changesOf(ruleSchema.shape)
    .describe("key by key, also in `shell`, `fields` and `exclude`; null takes a key away")
    .meta({ examples: [{ description: "changed" }] }),
  reason,
});
const removeRule = table({ type: z.literal("remove_rule"), id, reason });
const toggleRule = table({
  type: z.literal("toggle_rule"),
  id,
  enabled: z.boolean().describe("without it: the other way").exactOptional(),
  reason,
});
const updateSettings = table({
  type: z.literal("update_settings"),
  settings: changesOf(settingsSchema.shape)
    .describe("key by key; null takes a key away")
    .meta({ examples: [{ report: { week_start: "sunday" } }] }),
  file,
  reason,
});

const OPERATION_SCHEMAS = {
  add_rule: addRule,
  update_rule: updateRule,
  remove_rule: removeRule,
  toggle_rule: toggleRule,
  update_settings: updateSettings,
} as const;

const operation = z.discriminatedUnion(
  "type",
  Object.values(OPERATION_SCHEMAS) as [typeof addRule, ...[typeof updateRule]],
);

export const MAX_OPERATIONS = 200;

const batch = table({
  type: z.literal("batch"),
  operations: z.array(z.unknown()).min(1).max(MAX_OPERATIONS).describe("all of them or none"),
  reason,
});
const rollback = table({
  type: z.literal("rollback"),
  id: z.string().min(1).max(200).describe("the rollback_id of a change"),
  reason,
});

export const APPLY_SCHEMAS = { ...OPERATION_SCHEMAS, batch, rollback } as const;

export type ApplyType = keyof typeof APPLY_SCHEMAS;
export type Operation = {
  [T in keyof typeof OPERATION_SCHEMAS]: z.infer<(typeof OPERATION_SCHEMAS)[T]>;
}[keyof typeof OPERATION_SCHEMAS];
export type Rollback = z.infer<typeof rollback>;

export function isOperationType(type: string): type is keyof typeof OPERATION_SCHEMAS {
  return Object.hasOwn(OPERATION_SCHEMAS, type);
}

/** Of one change, a batch or a rollback, for publishing. */
export function applyJsonSchema(): Readonly<Record<string, unknown>> {
  const one = operation.meta({ id: "Operation" });
  const whole = z.union([one, batch.extend({ operations: z.array(one).min(1).max(MAX_OPERATIONS) }), rollback]);
  return z.toJSONSchema(whole, { io: "input", unrepresentable: "any" });
}
