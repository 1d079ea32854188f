/** The published JSON Schema is the one in force. */
import { expect, it } from "vitest";
import { queryJsonSchema } from "../../src/analyze/query/query.schema.js";

it("is published as it is (run vitest --update on this file to publish anew)", async () => {
  await expect(`${JSON.stringify(queryJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    "../../docs/schemas/query.schema.json",
  );
});
