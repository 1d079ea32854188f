import { describe, expect, it } from "vitest";
import * as z from "zod";
import { knownKeys, policyFileSchema, ruleSchema } from "../../src/core/policy/policy.schema.js";

describe("the schema of a policy file", () => {
  const published = z.toJSONSchema(policyFileSchema, { io: "input", unrepresentable: "any" });

  it("can be published as JSON Schema, closed to unknown keys", () => {
    expect(Object.keys(published.properties ?? {})).toEqual(knownKeys(policyFileSchema, []));
    expect(JSON.stringify(published).match(/"additionalProperties":false/g)?.length).toBeGreaterThan(10);
    expect(published.properties?.["settings"]).toMatchObject({
      properties: { fail: { enum: ["ask", "deny", "passthrough"] } },
    });
  });

  it("knows the keys at each place, and suggests none of the older dialect", () => {
    expect(knownKeys(ruleSchema, ["shell", "redirects"])).toEqual(["read", "write", "append"]);
    expect(knownKeys(policyFileSchema, ["deny", 3, "shell"])).toContain("flags_all");
    expect(knownKeys(ruleSchema, [])).not.toContain("command_regex");
    expect(knownKeys(ruleSchema, ["name"])).toEqual([]);
  });
});
