/** Random queries out of the published schemas, form by form. */
import fc from "fast-check";
import * as z from "zod";
import { QUERY_SCHEMAS } from "../../src/analyze/query/query.schema.js";

export interface SchemaNode {
  readonly [key: string]: unknown;
}

export interface QueryForm {
  /** The type, with the key that tells its form where it has several. */
  readonly name: string;
  readonly schema: SchemaNode;
}

export const FORMS: readonly QueryForm[] = Object.entries(QUERY_SCHEMAS).flatMap(([type, forms]) =>
  forms.map((form) => ({
    name: "key" in form ? `${type} by ${form.key}` : type,
    schema: z.toJSONSchema(form.schema, { io: "input" }),
  })),
);

/** Values of a schema: examples where it gives some, else whatever its kind allows. */
export function valuesOf(root: SchemaNode, node: SchemaNode = root, depth = 0): fc.Arbitrary<unknown> {
  const { $ref: ref, anyOf, examples, enum: choices, type } = node;
  const below = (inner: SchemaNode) => valuesOf(root, inner, depth + 1);
  if (typeof ref === "string") return below(definition(root, ref));
  if (Array.isArray(examples)) return fc.constantFrom(...examples);
  if ("const" in node) return fc.constant(node["const"]);
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  if (Array.isArray(anyOf)) return fc.oneof(...(depth > 8 ? anyOf.slice(0, 1) : anyOf).map(below));
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => below({ ...node, type: one })));
  if (type === "boolean") return fc.boolean();
  if (type === "integer" || type === "number") return fc.integer({ min: Number(node["minimum"] ?? 0), max: 50 });
  if (type === "string") return fc.string({ minLength: Number(node["minLength"] ?? 0), maxLength: 20 });
  if (type === "array") {
    return fc.array(below(node["items"] as SchemaNode), { minLength: Number(node["minItems"] ?? 0), maxLength: 3 });
  }
  const requiredKeys = (node["required"] ?? []) as string[];
  return fc.record(Object.fromEntries(keysOf(node).map(([key, inner]) => [key, below(inner)])), { requiredKeys });
}

/** Of the form's own table, each with its schema. */
export function keysOf(node: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  return Object.entries((node["properties"] ?? {}) as Record<string, SchemaNode>);
}

function definition(root: SchemaNode, ref: string): SchemaNode {
  return ((root["$defs"] ?? {}) as Record<string, SchemaNode>)[ref.replace("#/$defs/", "")] ?? {};
}
