/** What a command reads as a script from its standard input, as far as the text of the call tells. */
import type { SimpleCommand } from "./shell.js";

/** Text that a shell reads as its script: a here-document, a here-string, or what `echo` sends. */
export function scriptOnStdin(
  command: SimpleCommand,
  sources: readonly SimpleCommand[],
): { text: string; isSure: boolean } | null {
  const body = command.redirects.findLast((redirect) => redirect.body !== undefined)?.body;
  if (body !== undefined) return { text: body.text, isSure: !body.expands || !/[$`\\]/.test(body.text) };
  const [source] = sources;
  const sent = source === undefined ? null : textSentBy(source);
  return sent === null ? null : { text: sent, isSure: false };
}

function textSentBy(source: SimpleCommand): string | null {
  const [program, ...words] = source.argv;
  if (program?.value === "cat") return bodiesOf(source)[0] ?? null;
  if (program?.value !== "echo" && program?.value !== "printf") return null;
  return words
    .filter((word) => !/^-[neE]+$/.test(word.value ?? ""))
    .map((word) => (word.value ?? word.prefix).replaceAll("\\n", "\n"))
    .join(" ");
}

export function bodiesOf(command: SimpleCommand): string[] {
  return command.redirects.flatMap((redirect) => (redirect.body === undefined ? [] : [redirect.body.text]));
}
