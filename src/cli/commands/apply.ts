/** `apply`: changes of rules and settings for programs. One JSON object in, one out; written only with the write switch. */
import { runApply } from "../../analyze/apply/run-apply.js";
import { applyWorld } from "../apply-world.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { answering, givenJson, writeJson } from "../json-text.js";

const EXAMPLE = `claude-permit apply '{"type":"toggle_rule","id":"no-force-push"}' --dry-run`;

export function run(invocation: Invocation): Promise<ExitCode> {
  return answering(invocation, async () => {
    const text = await givenJson(invocation, "change", EXAMPLE);
    const world = applyWorld(invocation);
    try {
      const answer = await runApply(text, world, invocation.flags.on("dryRun"));
      writeJson(invocation, answer);
      return "error" in answer ? EXIT.failed : EXIT.fine;
    } finally {
      world.close();
    }
  });
}
