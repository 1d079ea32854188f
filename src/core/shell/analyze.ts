/**
 * A shell call as the engine judges it: every simple command, wrappers peeled, with what it does and touches. Pure and
 * bounded: what does not fit the budget ends in `unknown`, never in silence.
 */
import { expandBraces, mayChangeBraces } from "./braces.js";
import { directoriesOf, join } from "./directory.js";
import { expandTarget, expandWord } from "./expand.js";
import { listedFiles, stagesBefore } from "./listed-files.js";
import { parseShellText } from "./parse.js";
import { Parts, type Place } from "./parts.js";
import { analyzePowerShell } from "./powershell.js";
import type { ReasonCode } from "./reasons.js";
import type { ParseShell, Redirect, ShellAnalysis, ShellPart, SimpleCommand } from "./shell.js";
import { NO_VARIABLES, readVariables, turnsOf, type Variables } from "./variables.js";

/** More than any command a person reads; what lies beyond makes the call unknown. */
const MAX_WORDS = 1_000;
const MAX_REDIRECTS = 100;

const NAME_CHANGERS = new Set(
  "unset alias unalias eval source . enable builtin hash autoload emulate setopt".split(" "),
);

export const analyzeShell: ParseShell = (text, context) => {
  if (context.dialect === "powershell") return analyzePowerShell(text);
  const parts = new Parts(context, analyzeText);
  analyzeText(text, parts, {
    via: [],
    certainty: "certain",
    depth: 0,
    lift: "reads",
    redirects: [],
    functions: [],
    settled: [],
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
  const read = parseShellText(text);
  const hasKnownBraces = read.status === "ok" && (place.depth === 0 || BRACE_SHELLS.has(place.via.at(-1) ?? ""));
  const parse = hasKnownBraces ? { ...read, commands: withBraces(read.commands) } : read;
  if (place.certainty === "certain")
    for (const { code, pos } of parse.reasons) parts.refuse(code, place.anchor?.pos ?? pos);
  // Another shell sees none of the call's variables.
  const { home } = parts.context;
  const variables = place.depth === 0 ? readVariables(text, parse, home) : { ...NO_VARIABLES, home };
  const directories = directoriesOf(text, parse.commands, variables);
  const isPlainlyNamed = parse.settled.length > 0 && !parse.commands.some(changesNames);
  const programs = new Map<number, readonly string[]>();
  for (const [index, command] of parse.commands.entries()) {
    if (parts.isFull) {
      parts.refuse("too-many-commands" satisfies ReasonCode, command.pos);
      return;
    }
    if (command.argv.length > MAX_WORDS || command.redirects.length > MAX_REDIRECTS) {
      parts.refuse("budget" satisfies ReasonCode, command.pos);
    }
    const first = parts.found.length;
    const sources = command.pipeSources.map((source) => parse.commands[source]).filter((each) => each !== undefined);
    const pipeline = command.pipeSources.flatMap((source) => programs.get(source) ?? []);
    const listed = isListReader(command)
      ? listedFiles(stagesBefore(command, parse.commands).map((stage) => expandCommand(stage, variables, [])))
      : null;
    const settled = isPlainlyNamed ? parse.settled.filter(({ pos }) => pos <= command.pos).map(({ name }) => name) : [];
    const functions = parse.functions.length === 0 ? place.functions : [...place.functions, ...parse.functions];
    const { via, certainty, depth, lift, redirects, anchor } = place;
    for (const seen of turnsOf(command, variables)) {
      const expanded = expandCommand(command, seen, place.redirects);
      for (const directory of directories[index] ?? [null]) {
        const cwd = directory === "" ? place.cwd : join(place.cwd, directory);
        const isRepeated = parts.found.length > first;
        parts.add(expanded, {
          via,
          certainty,
          depth,
          lift,
          redirects,
          functions,
          settled,
          cwd,
          anchor,
          isRepeated,
          pipeline,
          sources,
          listed,
        });
      }
    }
    programs.set(index, programsOf(parts.found.slice(first)));
  }
}

/** What runs nested text in a shell that knows braces; `sh` may be one that does not. */
const BRACE_SHELLS: ReadonlySet<string> = new Set(["bash", "zsh", "eval"]);

function withBraces(commands: readonly SimpleCommand[]): readonly SimpleCommand[] {
  const hasBraces = ({ argv }: SimpleCommand): boolean => argv.some(({ why }) => why.includes("brace"));
  if (!commands.some(hasBraces) || commands.some(mayChangeBraces)) return commands;
  return commands.map((command) => {
    if (!hasBraces(command)) return command;
    const argv = command.argv.flatMap((word) => expandBraces(word) ?? [word]);
    return argv.length > MAX_WORDS ? command : { ...command, argv };
  });
}

/** Commands after which a name may mean another program or function. */
function changesNames({ argv }: SimpleCommand): boolean {
  const [name] = argv;
  return name !== undefined && (name.value === null || NAME_CHANGERS.has(name.value));
}

/** `xargs` may stand behind other wrappers. */
function isListReader({ argv, pipeSources }: SimpleCommand): boolean {
  return pipeSources.length > 0 && argv.some(({ value }) => value === "xargs");
}

function programsOf(parts: readonly ShellPart[]): readonly string[] {
  const sure = parts.filter(({ certainty }) => certainty === "certain");
  return [...new Set(sure.flatMap(({ program }) => (program === null ? [] : [program])))];
}

function expandCommand(command: SimpleCommand, variables: Variables, outer: readonly Redirect[]): SimpleCommand {
  const argv = command.argv.slice(0, MAX_WORDS).map((word) => expandWord(word, variables));
  const own = command.redirects.slice(0, MAX_REDIRECTS).map((redirect) => {
    const target = redirect.target === null ? null : expandTarget(redirect.target, variables);
    return target === redirect.target ? redirect : { ...redirect, target };
  });
  return { ...command, argv, redirects: [...own, ...outer] };
}
