/** `analyze`: the report, to the terminal or as Markdown, HTML or JSON. */
import type { Invocation } from "../command.js";
import { deliver, deliveryOf } from "../deliver.js";
import type { ExitCode } from "../exit.js";
import { reportFor } from "../report-for.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const delivery = deliveryOf(invocation);
  const sections = invocation.flags.list("section").flatMap((name) => name.split(","));
  const { report } = await reportFor(invocation, { sections });
  return deliver(invocation, report, delivery, "report");
}
