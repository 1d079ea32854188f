/** The published JSON Schema is the one in force, and every query it allows is answered. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { queryJsonSchema } from "../../src/analyze/query/query.schema.js";
import { runQuery } from "../../src/analyze/query/run-query.js";
import { decisions, queryWorld } from "./world.js";

const schema = queryJsonSchema();

it("is published as it is (run vitest -u to publish anew)", async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot("../../docs/schemas/query.schema.json");
});

interface Node {
  readonly [key: string]: unknown;
}

/** Values of a schema: examples where it gives some, else whatever its kind allows. */
function valuesOf(node: Node, depth: number): fc.Arbitrary<unknown> {
  const { $ref: ref, anyOf, examples, enum: choices, type } = node;
  if (typeof ref === "string") return valuesOf(definition(ref), depth + 1);
  if (Array.isArray(examples)) return fc.constantFrom(...examples);
  if ("const" in node) return fc.constant(node["const"]);
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  if (Array.isArray(anyOf)) {
    const forms = depth > 8 ? anyOf.slice(0, 1) : anyOf;
    return fc.oneof(...forms.map((form: Node) => valuesOf(form, depth + 1)));
  }
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => valuesOf({ ...node, type: one }, depth + 1)));
  if (type === "boolean") return fc.boolean();
  if (type === "integer" || type === "number") return fc.integer({ min: Number(node["minimum"] ?? 0), max: 50 });
  if (type === "string") return fc.string({ minLength: Number(node["minLength"] ?? 0), maxLength: 20 });
  if (type === "array") {
    return fc.array(valuesOf(node["items"] as Node, depth + 1), {
      minLength: Number(node["minItems"] ?? 0),
      maxLength: 3,
    });
  }
  const entries = Object.entries((node["properties"] ?? {}) as Record<string, Node>);
  const required = (node["required"] ?? []) as string[];
  return fc.record(Object.fromEntries(entries.map(([key, inner]) => [key, valuesOf(inner, depth + 1)])), {
    requiredKeys: required,
  });
}

function definition(ref: string): Node {
  return (schema["$defs"] as Record<string, Node>)[ref.replace("#/$defs/", "")] ?? {};
}

it("allows no query that fails", async () => {
  const world = queryWorld(decisions(30));
  // Text is no input of a tool without a main field; which tool has one is not for a schema to say.
  const known = valuesOf(definition("#/$defs/Query"), 0).filter(
    (query) => !JSON.stringify(query).includes("mcp__tracker__search"),
  );
  await fc.assert(
    fc.asyncProperty(known, async (query) => {
      const answer = await runQuery(JSON.stringify(query), world);
      expect(answer).not.toHaveProperty("error");
    }),
    { numRuns: 200 },
  );
});
