/** What stands around a program's words: redirects and assignments, and what they make of the effect. */
import { isRiskyAssignment } from "./environment.js";
import type { Finding } from "./finding.js";
import type { Assignment, Redirect } from "./shell.js";

const SINKS = new Set(["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"]);

export function raiseForRedirects(finding: Finding, redirects: readonly Redirect[]): void {
  for (const { effect, target } of redirects) {
    if (target === null || effect === "dup" || effect === "close" || effect === "data") continue;
    if (target.prefix.startsWith("/dev/tcp/") || target.prefix.startsWith("/dev/udp/"))
      finding.raise("unknown", `opens a connection to \`${target.raw}\``);
    else if (effect !== "read" && !SINKS.has(target.value ?? "")) finding.raise("writes", `writes \`${target.raw}\``);
  }
}

export function raiseForAssignments(finding: Finding, assigns: readonly Assignment[], program: string | null): void {
  for (const { name, value } of assigns) {
    // `IFS= read -r line` splits that one line only.
    if (name === "IFS" && program === "read") continue;
    if (isRiskyAssignment(name, value)) finding.raise("unknown", `\`${name}\` changes what programs run or load`);
  }
}

/** Commands that variables hold for others to start: `PAGER`, `PROMPT_COMMAND`. */
export function startedBy(assigns: readonly Assignment[]): string[] {
  const isCommand = ({ name, value }: Assignment): boolean =>
    isRiskyAssignment(name, value) && !/(?:PATH|HOME|IFS)$/i.test(name);
  return assigns.filter(isCommand).flatMap(({ value }) => (value !== null && /[A-Za-z]/.test(value) ? [value] : []));
}
