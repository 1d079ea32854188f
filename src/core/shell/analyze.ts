/**
 * A shell call as the engine judges it: every simple command, wrappers peeled, with what it does and touches. Pure and
 * bounded: what does not fit the budget ends in `unknown`, never in silence.
 */
import { directoriesOf, join } from "./directory.js";
import { expandTarget, expandWord, NO_VARIABLES, readVariables, type Variables } from "./expand.js";
import { parseShellText } from "./parse.js";
import { Parts, type Place } from "./parts.js";
import { analyzePowerShell } from "./powershell.js";
import type { ParseShell, Redirect, ShellAnalysis, ShellContext, SimpleCommand } from "./shell.js";

export const analyzeShell: ParseShell = (text, context) => {
  if (context.dialect === "powershell") return analyzePowerShell(text);
  const parts = new Parts(context, analyzeText);
  analyzeText(text, parts, {
    via: [],
    certainty: "certain",
    depth: 0,
    lift: "reads",
    redirects: [],
    cwd: "",
    anchor: null,
  });
  return finish(parts);
};

function finish(parts: Parts): ShellAnalysis {
  return { status: parts.reasons.length === 0 ? "ok" : "unknown", reasons: parts.reasons, parts: parts.found };
}

/** Adds the parts of one text, nested or not. */
function analyzeText(text: string, parts: Parts, place: Place): void {
  const parse = parseShellText(text);
  const isOk = parse.status === "ok";
  if (place.certainty === "certain")
    for (const { code, pos } of parse.reasons) parts.refuse(code, place.anchor?.pos ?? pos);
  const variables = place.depth === 0 ? readVariables(text, parse, parts.context.home) : nestedVariables(parts.context);
  const directories = directoriesOf(text, parse.commands, variables);
  const programs = new Map<number, readonly string[]>();
  for (const [index, command] of parse.commands.entries()) {
    const first = parts.found.length;
    const cwd = directories[index] === "" ? place.cwd : join(place.cwd, directories[index] ?? null);
    const sources = command.pipeSources.map((source) => parse.commands[source]).filter((each) => each !== undefined);
    parts.add(expandCommand(command, variables, place.redirects), {
      ...place,
      cwd,
      functions: parse.functions,
      isSound: isOk,
      pipeline: command.pipeSources.flatMap((source) => programs.get(source) ?? []),
      sources,
    });
    programs.set(
      index,
      parts.found
        .slice(first)
        .flatMap(({ program, certainty }) => (program === null || certainty === "candidate" ? [] : [program])),
    );
  }
}

/** Another shell sees none of the call's variables. */
function nestedVariables(context: ShellContext): Variables {
  return { ...NO_VARIABLES, home: context.home };
}

function expandCommand(command: SimpleCommand, variables: Variables, outer: readonly Redirect[]): SimpleCommand {
  const argv = command.argv.map((word) => expandWord(word, variables));
  const own = command.redirects.map((redirect) => {
    const target = redirect.target === null ? null : expandTarget(redirect.target, variables);
    return target === redirect.target ? redirect : { ...redirect, target };
  });
  return { ...command, argv, redirects: [...own, ...outer] };
}
