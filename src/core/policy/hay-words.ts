/** The words of a command that rules may be asked about, for telling which rules can be meant. It judges nothing. */
import type { ShellPart } from "../shell/shell.js";
import { stringField, type ToolCall } from "../tool-call.js";
import type { HayDeps } from "./needles.js";

/** Longer ones may be more than the engine looks at; they are rare. */
const LONGEST_COMMAND = 10_000;

/** Adds the words to `texts`. Whether some are not known; `null` when a program is not, or structure. */
export function addWords(texts: string[], call: ToolCall, { parseShell, wrappers }: HayDeps): boolean | null {
  const text = stringField(call.input, "command") ?? "";
  if (text === "" || text.length > LONGEST_COMMAND) return null;
  const { status, parts } = parseShell(text, { dialect: "bash", wrappers, home: call.home });
  if (status !== "ok") return null;
  let isOpen = false;
  for (const part of parts) {
    if (part.program === null && part.argv.length > 0) return null;
    if (part.argv.some(({ value }) => value === null)) isOpen = true;
    texts.push(...textsOf(part));
  }
  return isOpen;
}

function textsOf({ argv, program, programPath, assigns }: ShellPart): string[] {
  const words = argv.flatMap(({ value, raw }) => (value === null || value === raw ? [raw] : [raw, value]));
  return [program ?? "", programPath ?? "", ...words, ...assigns.map(({ name, value }) => `${name}=${value ?? ""}`)];
}
