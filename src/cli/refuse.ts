/** Two things that keep a command from writing: --read-only, and Claude being the one who runs it. */
import type { Settings } from "../core/policy/policy.js";
import type { Invocation } from "./command.js";
import { CliError } from "./exit.js";
import type { Io } from "./io.js";
import { policyFor } from "./judge.js";

export function refuseReadOnly({ flags }: Pick<Invocation, "flags">, what: string): void {
  if (flags.on("readOnly")) throw new CliError("read_only", `${what} writes, and --read-only forbids it`);
}

/** Commands that change the policy are the user's: only the managed file lets Claude run them (SPEC section 4). */
export function refuseUnderClaude(invocation: Pick<Invocation, "io" | "flags">, what: string): void {
  const { io } = invocation;
  if (!isRunByClaude(io) || mayWrite(io, policyFor(invocation, io.cwd).policy.settings)) return;
  throw new CliError(
    "refused",
    `${what} changes the policy and is refused while Claude runs it`,
    "run it yourself in a terminal",
  );
}

/** Whether the policy may be changed by whoever runs this. `allowWrites` is read from the managed file alone. */
export function mayWrite(io: Pick<Io, "env">, { allowWrites }: Pick<Settings, "allowWrites">): boolean {
  return allowWrites || !isRunByClaude(io);
}

/** Claude Code marks what it runs. */
function isRunByClaude({ env }: Pick<Io, "env">): boolean {
  return env["CLAUDECODE"] === "1";
}
