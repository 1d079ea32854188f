/** What `validate --lint` says of the policy that `init` writes: nothing. */
import { expect, it } from "vitest";
import { lintPolicy } from "../../src/core/policy/lint.js";
import { starter } from "./starter-world.js";

it("finds nothing in the starter policy", () => {
  expect(lintPolicy(starter).map(({ message }) => message)).toEqual([]);
  expect(starter.rules.length).toBeGreaterThan(190);
});
