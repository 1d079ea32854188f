/** The judgement of a program that no row describes: nothing is proven, and its words may be a command themselves. */
import { judge } from "./judge.js";
import { type Judgement, NOTHING_JUDGED } from "./judgement.js";
import { optionTable } from "./option-table.js";
import { runsCode } from "./programs/knowledge.js";
import { readWords } from "./read-words.js";
import type { ShellPart, Word } from "./shell.js";
import { candidateCommands } from "./unwrap.js";

const LOCAL_PROGRAM = runsCode("", "word*", { open: true, why: "runs a program that is a file of its own" });

/** A program run by its path: code of its own, and it may run what its words say. */
export function localProgram(path: string, words: readonly Word[], certainty: ShellPart["certainty"]): Judgement {
  const judged = { ...judge(words, LOCAL_PROGRAM), inner: candidates(words, certainty) };
  // What the path looks like is not where it leads.
  if (!path.split("/").includes("..")) return judged;
  return { ...judged, effect: "unknown", effectReason: `where \`${path}\` leads is not told by its name` };
}

const INSTALLED_PROGRAM = runsCode("", "word*", {
  open: true,
  why: "runs a program that the project has installed",
  obeys: "code",
});

/** `node_modules/.bin/tsc`: what npx would start. */
export function installedProgram(
  name: Word,
  tool: string,
  words: readonly Word[],
  certainty: ShellPart["certainty"],
): Judgement {
  const argv = [{ ...name, raw: tool, value: tool, prefix: tool }, ...words];
  return {
    ...judge(words, INSTALLED_PROGRAM),
    inner: [{ kind: "argv", words: argv, assigns: [], certainty, lift: "runs-code" }],
  };
}

export function unknownProgram(
  words: readonly Word[],
  program: string | null,
  certainty: ShellPart["certainty"],
): Judgement {
  const { flags, operands } = readWords(words, optionTable(""), "gnu");
  const why = program === null ? "which program runs is not known" : `the program \`${program}\` is not known`;
  const first = operands[0]?.value ?? "";
  const subcommand = operands[0] === words[0] && /^[a-z][a-z-]{1,20}$/.test(first) ? first : "";
  const args = subcommand === "" ? operands : operands.slice(1);
  const inner = candidates(words, certainty);
  return {
    ...NOTHING_JUDGED,
    subcommand,
    flags,
    flagsKnown: false,
    args,
    accessesKnown: false,
    effect: "unknown",
    effectReason: why,
    inner,
  };
}

/** A call of a function that the same text defines: its body says what it does, its words may still be a command. */
export function functionCall(words: readonly Word[], program: string, certainty: ShellPart["certainty"]): Judgement {
  const judged = unknownProgram(words, program, certainty);
  const effectReason = "runs the function that the call defines";
  return { ...judged, subcommand: "", accessesKnown: true, effect: "reads", effectReason, callsFunction: true };
}

/** The words of a candidate are candidates already. */
function candidates(words: readonly Word[], certainty: ShellPart["certainty"]): Judgement["inner"] {
  return certainty === "candidate" ? [] : candidateCommands(words);
}
