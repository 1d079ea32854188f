/** `--show-prompt`: what would leave the machine, to the last character, and nothing sent. */
import type { Question } from "../../llm/ask-model.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { safeText } from "../print.js";
import type { ModelHere } from "./model-here.js";

export function showPrompt(
  { io, json }: Pick<Invocation, "io" | "json">,
  { model, to }: Pick<ModelHere, "model" | "to">,
  { system, user, tool }: Pick<Question, "system" | "user" | "tool">,
): ExitCode {
  const prompt = { to, model, system, user, tool };
  const lines = (text: string) => text.split("\n").map(safeText).join("\n");
  io.stdout.write(
    json
      ? `${JSON.stringify(prompt)}\n`
      : [
          `to: ${to}`,
          `model: ${model}`,
          `--- system\n${lines(system)}`,
          `--- user\n${lines(user)}`,
          `--- tool\n${JSON.stringify(tool, null, 1)}\n`,
        ].join("\n"),
  );
  return EXIT.fine;
}
