/** `analyze`: the report, to the terminal or as Markdown, HTML or JSON. */
import type { Invocation } from "../command.js";
import { deliver, deliveryOf, sharedReport } from "../deliver.js";
import type { ExitCode } from "../exit.js";
import { summarise } from "../model/summarise.js";
import { rememberedReport } from "../remembered-report.js";
import { reportFor } from "../report-for.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const delivery = deliveryOf(invocation);
  const sections = invocation.flags.list("section").flatMap((name) => name.split(","));
  const report = await rememberedReport(invocation, "analyze", async () => {
    const made = await reportFor(invocation, { sections });
    return { ...made, report: sharedReport(invocation, made.report, delivery) };
  });
  const summarised = await summarise(invocation, report);
  if ("exit" in summarised) return summarised.exit;
  return deliver(invocation, summarised.report, delivery, "report");
}
