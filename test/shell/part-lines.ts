/** Shell text as short lines, one a part, so that a test can state the whole answer. */
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ShellAnalysis, ShellPart, WrapperDeclaration } from "../../src/core/shell/shell.js";

export function analyze(text: string, wrappers: readonly WrapperDeclaration[] = []): ShellAnalysis {
  return analyzeShell(text, { dialect: "bash", wrappers, home: "/home/u" });
}

/** `~` transparent, `?` candidate: `~timeout reads`, `rm -r writes`. */
export function line({ certainty, transparent, normalised, effect }: ShellPart): string {
  const mark = certainty === "candidate" ? "?" : transparent ? "~" : "";
  return `${mark}${normalised} ${effect}`;
}

export function lines(text: string, wrappers: readonly WrapperDeclaration[] = []): readonly string[] {
  return analyze(text, wrappers).parts.map(line);
}

const STRENGTH = ["reads", "writes", "runs-code", "network", "unknown"] as const;

/** The strongest effect of what surely runs; `unknown` when the text was not understood. */
export function strongest({ status, parts }: ShellAnalysis): (typeof STRENGTH)[number] {
  if (status !== "ok") return "unknown";
  const places = parts.filter((part) => part.certainty === "certain").map((part) => STRENGTH.indexOf(part.effect));
  return STRENGTH[Math.max(0, ...places)] ?? "unknown";
}

export function effectOf(text: string): (typeof STRENGTH)[number] {
  return strongest(analyze(text));
}

/** `read:.env`, one an access; `?` where the path is not known. */
export function accesses(text: string): readonly string[] {
  return analyze(text).parts.flatMap((part) => part.accesses.map(({ mode, path }) => `${mode}:${path ?? "?"}`));
}
