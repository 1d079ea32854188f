/**
 * What the variables of a call are known to hold: those it assigns once, plainly and unconditionally, and those of its
 * `for` loops. It refuses whatever another reading of the text could change: a name that stands anywhere else, a
 * conditional assignment, a later `eval`, `source` or `read`.
 */
import { expandWord } from "./expand.js";
import type { Assignment, Context, ShellParse, SimpleCommand, Word } from "./shell.js";

interface Assigned {
  readonly value: string;
  /** Known from here on. */
  readonly pos: number;
}

interface Loop {
  readonly name: string;
  readonly pos: number;
  /** Of the loop itself; its body has one more. */
  readonly context: readonly Context[];
  readonly choices: readonly Word[];
}

export interface Variables {
  readonly values: ReadonlyMap<string, Assigned>;
  /** Variables that hold a name matched by a pattern: the word with the pattern. */
  readonly patterns: ReadonlyMap<string, Word>;
  readonly loops: readonly Loop[];
  /** Absolute home folder, "" when not known. */
  readonly home: string;
  /** The call assigns `HOME`: `~` is somewhere else. */
  readonly movesHome: boolean;
}

export const NO_VARIABLES: Variables = {
  values: new Map(),
  patterns: new Map(),
  loops: [],
  home: "",
  movesHome: false,
};

/** Builtins that may assign a variable whose name the text does not show, or run text that does. */
const HIDDEN_ASSIGNERS = new Set(
  "eval source . mapfile readarray getopts declare typeset local unset let vared zstat".split(" "),
);
/** Builtins whose assigned names are plain words; hidden only when a word is dynamic. */
const NAMED_ASSIGNERS = new Set(["read", "printf", "export", "readonly", "set"]);

const MOST_CHOICES = 20;

export function readVariables(text: string, parse: ShellParse, home: string): Variables {
  const movesHome = text.includes("HOME") && /(?<!\w)HOME\+?=/.test(text);
  const none = { ...NO_VARIABLES, home, movesHome };
  if (parse.status !== "ok" || (text.includes("IFS") && /(?<!\w)IFS\+?=/.test(text))) return none;
  if (!parse.commands.some(({ assigns, argv }) => assigns.length > 0 || argv[0]?.value === "export")) return none;
  const values = new Map<string, Assigned>();
  const named = namings(text);
  for (const command of parse.commands) {
    const isPlain = command.argv.length === 0 || command.argv[0]?.value === "export";
    if (!isPlain || command.context.length > 0 || command.redirects.length > 0) continue;
    for (const { name, value } of assignedBy(command)) {
      if (value !== null && named.get(name) === 1) values.set(name, { value, pos: command.end });
    }
  }
  const variables = { ...none, values, loops: loopsOf(named, parse.commands) };
  return parse.commands.some((command) => hidesAssignments(command, variables)) ? none : variables;
}

function hidesAssignments(command: SimpleCommand, variables: Variables): boolean {
  const [name] = command.argv;
  if (name === undefined) return false;
  const program = expandWord(name, variables);
  if (program.value === null || HIDDEN_ASSIGNERS.has(program.value)) return true;
  if (!NAMED_ASSIGNERS.has(program.value)) return false;
  if (program.value === "printf") return command.argv[1]?.value === null || command.argv[1]?.value === "-v";
  return command.argv.some((word) => word.value === null && !/^\w+=/.test(word.prefix));
}

function assignedBy(command: SimpleCommand): { name: string; value: string | null }[] {
  const assigned = command.assigns.map(({ name, value, append }) => ({ name, value: append ? null : value }));
  for (const word of command.argv.slice(1)) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word.value ?? "") ?? [];
    if (name !== undefined && value !== undefined) assigned.push({ name, value });
  }
  return assigned;
}

/** How often each name stands in the whole text without `$` or `${` before it: where it gets a value. */
function namings(text: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const match of text.matchAll(/\w+/g)) {
    const [name] = match;
    const isUse =
      text[match.index - 1] === "$" ||
      (text.startsWith("${", match.index - 2) && text[match.index + name.length] === "}");
    if (!isUse) times.set(name, (times.get(name) ?? 0) + 1);
  }
  return times;
}

function loopsOf(named: ReadonlyMap<string, number>, commands: readonly SimpleCommand[]): Loop[] {
  const all = commands.flatMap(({ assigns, context, pos }) =>
    assigns.flatMap((assign) => loopOf(assign, context, pos)),
  );
  return all.filter((loop) => {
    const same = all.filter(({ name }) => name === loop.name);
    const isNested = same.some((other) => other !== loop && isInside(other.context, loop.context));
    return !isNested && named.get(loop.name) === same.length;
  });
}

function loopOf({ name, choices }: Assignment, context: readonly Context[], pos: number): Loop[] {
  const isKnown = choices?.every((word) => word.value !== null || isPattern(word)) === true;
  if (choices === undefined || !isKnown || choices.length > MOST_CHOICES) return [];
  const distinct = new Map(choices.map((word) => [word.value ?? `\0${word.raw}`, word]));
  return [{ name, pos, context, choices: [...distinct.values()] }];
}

/** Only file name patterns, spelled plainly. */
function isPattern(word: Word): boolean {
  return word.why.every((why) => why === "glob") && /^[\w./*?[\]@%+,:-]+$/.test(word.raw);
}

/** Whether `context` is inside the body of a loop that stands at `loop`. */
function isInside(context: readonly Context[], loop: readonly Context[]): boolean {
  return context[loop.length] === "loop" && loop.every((each, index) => context[index] === each);
}

/**
 * The variables as each turn of the loop around a command sees them; one entry when the command uses no loop's
 * variable, or those of several.
 */
export function turnsOf(command: SimpleCommand, variables: Variables): readonly Variables[] {
  if (variables.loops.length === 0) return [variables];
  const names = namesIn([...command.argv, ...command.redirects.flatMap(({ target }) => target ?? [])]);
  const used = variables.loops.filter(
    ({ name, pos, context }) => pos < command.pos && isInside(command.context, context) && names.has(name),
  );
  const loop = used.at(-1);
  if (loop === undefined || used.some(({ name }) => name !== loop.name)) return [variables];
  return loop.choices.map((choice) => {
    if (choice.value === null) return { ...variables, patterns: new Map([[loop.name, choice]]) };
    return {
      ...variables,
      values: new Map([...variables.values, [loop.name, { value: choice.value, pos: loop.pos }]]),
    };
  });
}

/** Variables that the words use. */
function namesIn(words: readonly Word[]): ReadonlySet<string> {
  const dynamic = words.filter(({ value }) => value === null);
  return new Set(dynamic.flatMap(({ raw }) => [...raw.matchAll(/\$\{?(\w+)/g)].flatMap(([, name]) => name ?? [])));
}
