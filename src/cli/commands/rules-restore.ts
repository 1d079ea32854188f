/** `rules restore`: a rule that was revoked or suspended comes in force again. */
import type { Invocation } from "../command.js";
import type { ExitCode } from "../exit.js";
import { switchOne } from "./rules-switch.js";

export function run(invocation: Invocation): Promise<ExitCode> {
  return switchOne(invocation, "rule_restored", "restore");
}
