/** `rules revoke`: a promoted rule is switched off and stays off. */
import type { Invocation } from "../command.js";
import type { ExitCode } from "../exit.js";
import { switchOne } from "./rules-switch.js";

export function run(invocation: Invocation): Promise<ExitCode> {
  return switchOne(invocation, "rule_revoked", "revoke");
}
