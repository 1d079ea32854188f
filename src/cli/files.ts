/** Reading a file a user names, and writing one that must not be there yet; failures are errors with a code. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { errorCode } from "../store/error-code.js";
import type { Invocation } from "./command.js";
import { CliError } from "./exit.js";
import { refuseReadOnly } from "./refuse.js";

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError("file_not_found", `cannot read \`${file}\`: ${messageOf(error)}`);
  }
}

export function readTextIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** Never over a file that is there: rules people wrote are not ours to replace. */
export function writeNewFile(invocation: Pick<Invocation, "flags">, file: string, text: string): void {
  refuseReadOnly(invocation, "--output");
  if (existsSync(file)) throw new CliError("file_exists", `\`${file}\` exists`, "write to another file and include it");
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new CliError("cannot_write", `cannot write \`${file}\`: ${messageOf(error)}`);
  }
}

/** What the file system refused, as an error with a code; anything else stays what it is. */
export function systemFault(error: unknown, what: string): unknown {
  const code = errorCode(error);
  return error instanceof CliError || !/^E[A-Z]+$/.test(code)
    ? error
    : new CliError("cannot_write", `${what}: ${code}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
