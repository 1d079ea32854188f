/** Questions on a terminal, on standard error, so that standard output stays the answer. Escape and ^C end them. */
import { confirm, select } from "@clack/prompts";
import { CliError } from "./exit.js";
import type { Io } from "./io.js";

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint: string;
}

/** Someone is there to answer. */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY;
}

/** Throws `cancelled` when the question is left. */
export async function askOne<T extends string>(message: string, choices: readonly Choice<T>[]): Promise<T> {
  const answer: string | symbol = await select<string>({ message, options: [...choices], output: process.stderr });
  const found = choices.find(({ value }) => value === answer);
  if (found === undefined) throw cancelled();
  return found.value;
}

export async function askGoOn(message: string): Promise<void> {
  if ((await confirm({ message, output: process.stderr })) !== true) throw cancelled();
}

function cancelled(): CliError {
  return new CliError("cancelled", "nothing was changed");
}
