/** `gaps`: what no rule decided, and what made somebody be asked. */
import type { Invocation } from "../command.js";
import { deliver, deliveryOf } from "../deliver.js";
import type { ExitCode } from "../exit.js";
import { reportFor } from "../report-for.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const delivery = deliveryOf(invocation);
  const { report } = await reportFor(invocation, { sections: ["gaps"] });
  return deliver(invocation, report, delivery, "gaps");
}
