/** Policies for engine tests from TOML, through the real reader and compiler. */
import { compilePolicy } from "../../src/core/policy/compile.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import type { Policy } from "../../src/core/policy/policy.js";
import type { FileOrigin } from "../../src/core/policy/policy-file.js";
import { HOME, policyOf } from "./world.js";

export function policyFrom(text: string, origin: Partial<FileOrigin> = {}): Policy {
  const where: FileOrigin = {
    file: "config.toml",
    layer: "user",
    baseFolder: `${HOME}/.claude`,
    trusted: true,
    ...origin,
  };
  const { policyFile, problems } = parsePolicyFile(text, where);
  const errors = problems.filter((problem) => problem.severity === "error");
  if (policyFile === null || errors.length > 0) throw new Error(JSON.stringify(errors));
  return compilePolicy([policyFile], { engine: "test", guarded: policyOf([]).guarded });
}
