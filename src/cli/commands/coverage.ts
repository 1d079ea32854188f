/** `coverage`: who decided, by tool, project and day; and what common commands may do under the policy in force. */
import type { Invocation } from "../command.js";
import { deliver, deliveryOf } from "../deliver.js";
import type { ExitCode } from "../exit.js";
import { reportFor } from "../report-for.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const delivery = deliveryOf(invocation);
  const { report } = await reportFor(invocation, { sections: ["coverage"] });
  return deliver(invocation, report, delivery, "coverage");
}
