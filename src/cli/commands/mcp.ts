/** `mcp`: the queries as tools of an MCP server over standard input and output; changes only where writing is switched on. */

import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { cachedPolicyFor } from "../judge.js";
import { serve } from "../mcp/serve.js";
import { writeRefusal } from "../write-switch.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags } = invocation;
  if (io.stdin.isTTY === true) {
    throw new CliError(
      "bad_usage",
      "`mcp` speaks to a program over standard input",
      "register it: claude mcp add claude-permit -- claude-permit mcp",
    );
  }
  if (flags.list("audit").includes("-"))
    throw new CliError("bad_usage", "standard input cannot be protocol and log at once");
  const refusal = writeRefusal(invocation, cachedPolicyFor(invocation, io.cwd));
  if (refusal !== null && flags.on("allowWrites")) throw new CliError("refused", refusal.message, refusal.hint);
  await serve(invocation, refusal === null);
  return EXIT.fine;
}
