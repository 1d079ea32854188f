/** The two questions of `init`, on standard error, so that standard output stays the answer. Escape and ^C end it. */
import { confirm, select } from "@clack/prompts";
import { SCOPES, type Scope } from "../../store/settings-places.js";
import { CliError } from "../exit.js";
import type { Io } from "../io.js";

const WHERE: Readonly<Record<Scope, readonly [label: string, hint: string]>> = {
  user: ["you, in every project", "~/.claude/settings.json"],
  project: ["everyone in this project", ".claude/settings.json, with paths of this machine"],
  local: ["you, in this project", ".claude/settings.local.json"],
};

/** Someone is there to answer. */
export function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY;
}

export async function askScope(): Promise<Scope> {
  const options = SCOPES.map((value) => ({ value, label: WHERE[value][0], hint: WHERE[value][1] }));
  return answered<Scope>(
    await select<Scope>({ message: "For whom shall the hook decide?", options, output: process.stderr }),
  );
}

export async function askGoOn(message: string): Promise<void> {
  if (!answered<boolean>(await confirm({ message, output: process.stderr }))) throw cancelled();
}

/** A symbol stands for Escape and ^C. */
function answered<T extends string | boolean>(answer: T | symbol): T {
  if (typeof answer === "symbol") throw cancelled();
  return answer;
}

function cancelled(): CliError {
  return new CliError("cancelled", "nothing was changed");
}
