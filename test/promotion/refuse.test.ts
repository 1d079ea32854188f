/** Who may change the policy: the user, and Claude only where the managed file says so. */
import { expect, it } from "vitest";
import { mayWrite } from "../../src/cli/refuse.js";
import type { Layer } from "../../src/core/policy/policy.js";
import { compile } from "../policy/read-policy.js";

it.each<[boolean, string, Layer]>([
  [false, "", "managed"],
  [true, "settings.allow_writes = true\n", "managed"],
  [false, "settings.allow_writes = true\n", "user"],
  [false, "settings.allow_writes = false\n", "managed"],
])("Claude may: %s with %j in the %s file; the user always", (isAllowed, text, layer) => {
  const { settings } = compile(text, { layer });
  expect(mayWrite({ env: { CLAUDECODE: "1" } }, settings)).toBe(isAllowed);
  expect(mayWrite({ env: {} }, settings)).toBe(true);
});
