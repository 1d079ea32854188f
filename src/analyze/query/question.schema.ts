/** What a model fills in when it turns a question into a query: one query of any type, or why there is none. */
import * as z from "zod";
import { QUERY_SCHEMAS } from "./query.schema.js";

/** JSON Schema of an object: a tool's input cannot be a union itself. */
export function questionJsonSchema(): Readonly<Record<string, unknown>> {
  const forms = Object.values(QUERY_SCHEMAS).flatMap((list) => list.map(({ schema }) => schema));
  const query = z.union(forms.map((form): z.ZodType => form)).describe("the one query that answers the question");
  const asked = z.strictObject({
    query: query.optional(),
    why_not: z.string().max(1000).describe("only without a query: what could be asked instead").optional(),
  });
  const { $schema: _, ...schema } = z.toJSONSchema(asked, { io: "input", target: "draft-7" });
  return schema;
}
