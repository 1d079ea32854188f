/** `analyze`: the report, to the terminal or as Markdown, HTML or JSON. */
import type { Invocation } from "../command.js";
import { deliver, deliveryOf } from "../deliver.js";
import type { ExitCode } from "../exit.js";
import { summarise } from "../model/summarise.js";
import { reportFor } from "../report-for.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const delivery = deliveryOf(invocation);
  const sections = invocation.flags.list("section").flatMap((name) => name.split(","));
  const { report } = await reportFor(invocation, { sections });
  const summarised = await summarise(invocation, report);
  if ("exit" in summarised) return summarised.exit;
  return deliver(invocation, summarised.report, delivery, "report");
}
