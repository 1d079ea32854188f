/** Two things that keep a command from writing: --read-only, and Claude being the one who runs it. */
import type { Invocation } from "./command.js";
import { CliError } from "./exit.js";

export function refuseReadOnly({ flags }: Pick<Invocation, "flags">, what: string): void {
  if (flags.on("readOnly")) throw new CliError("read_only", `${what} writes, and --read-only forbids it`);
}

/** Commands that change the policy are the user's: Claude Code marks what it runs with CLAUDECODE=1 (SPEC section 4). */
export function refuseUnderClaude({ io }: Pick<Invocation, "io">, what: string): void {
  if (io.env["CLAUDECODE"] !== "1") return;
  throw new CliError(
    "refused",
    `${what} changes the policy and is refused while Claude runs it`,
    "run it yourself in a terminal",
  );
}
