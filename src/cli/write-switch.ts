/**
 * Whether a program may change rules here (SPEC sections 4 and 10): `--allow-writes` or CLAUDE_PERMIT_ALLOW_WRITES=1 for
 * the user's programs; for what Claude runs only the managed file says yes, because Claude can set both.
 */
import type { Policy } from "../core/policy/policy.js";
import type { Invocation } from "./command.js";

export interface WriteRefusal {
  readonly message: string;
  readonly hint: string;
}

/** `null`: it may. */
export function writeRefusal({ io, flags }: Pick<Invocation, "io" | "flags">, policy: Policy): WriteRefusal | null {
  if (flags.on("readOnly")) return { message: "this writes, and --read-only forbids it", hint: "" };
  if (policy.settings.allowWrites === true) return null;
  if (io.env["CLAUDECODE"] === "1") {
    return {
      message: "changing the policy is refused while Claude runs it",
      hint: "run it yourself in a terminal, or look first with --dry-run",
    };
  }
  if (flags.on("allowWrites") || io.env["CLAUDE_PERMIT_ALLOW_WRITES"] === "1") return null;
  return { message: "writing is not switched on", hint: "give --allow-writes, or look first with --dry-run" };
}
