/**
 * Which directory is in force at each command of a call: "" for the call's own, a path after `cd x && …`, `null` where
 * it cannot be told. Only a list joined by `&&` proves that the change of directory succeeded.
 */
import { expandWord, type Variables } from "./expand.js";
import type { Context, SimpleCommand } from "./shell.js";

const MOVERS = new Set(["cd", "pushd", "popd", "chdir", "z", "j", "zoxide", "source", ".", "eval", "direnv"]);
/** Constructs that run in a copy of the shell: a `cd` inside does not reach what follows. */
const COPIES = new Set<Context>(["subshell", "cmdsub", "procsub", "background"]);

/** One entry a command, in order. */
export function directoriesOf(
  text: string,
  commands: readonly SimpleCommand[],
  variables: Variables,
): (string | null)[] {
  const directories: (string | null)[] = commands.map(() => "");
  const functionsMove = commands.some((command) => isMover(command) && command.context.includes("function"));
  if (functionsMove) return commands.map(() => null);
  const order = commands.map((_, index) => index).sort((a, b) => posOf(commands, a) - posOf(commands, b));
  for (const [place, index] of order.entries()) {
    const mover = commands[index];
    if (mover === undefined || !isMover(mover)) continue;
    const from = directories[index] ?? null;
    const target = targetOf(mover, variables);
    let joined = true;
    let end = mover.end;
    for (const later of order.slice(place + 1)) {
      const command = commands[later];
      if (command === undefined) continue;
      joined &&= continuesAndList(text.slice(end, command.pos), mover.context, command.context);
      if (joined) directories[later] = join(from, target);
      else if (reaches(mover.context, command.context)) directories[later] = null;
      end = Math.max(end, command.end);
    }
  }
  return directories;
}

function posOf(commands: readonly SimpleCommand[], index: number): number {
  return commands[index]?.pos ?? 0;
}

function isMover(command: SimpleCommand): boolean {
  const program = command.argv[0];
  if (program === undefined) return false;
  const inner = program.value === "builtin" || program.value === "command" ? command.argv[1]?.value : program.value;
  return inner !== null && inner !== undefined && MOVERS.has(inner);
}

function targetOf(command: SimpleCommand, variables: Variables): string | null {
  const words = command.argv.map((word) => expandWord(word, variables));
  if (words[0]?.value === "cd" && words.length === 1) return variables.home === "" ? null : variables.home;
  const operands = words.slice(1).filter((word) => word.value !== "--" && !/^-[LPe@]+$/.test(word.value ?? ""));
  const isChange = words[0]?.value === "cd" || words[0]?.value === "pushd";
  const [target] = operands;
  if (!isChange || operands.length !== 1 || target === undefined || /^[-+]/.test(target.prefix)) return null;
  return target.value;
}

/** Between the two stands nothing that ends an `&&` list: the later one runs only when the change succeeded. */
function continuesAndList(gap: string, from: readonly Context[], to: readonly Context[]): boolean {
  if (to.includes("function") || !from.every((each, index) => to[index] === each)) return false;
  const operators = gap
    .replace(/(&&|\|)(?:\s|\\\n)+/g, "$1")
    .replaceAll("|&", "|")
    .replaceAll("&&", "");
  return !/[;\n&]|\|\|/.test(operators);
}

function reaches(from: readonly Context[], to: readonly Context[]): boolean {
  const copy = from.findIndex((each) => COPIES.has(each));
  return copy < 0 || from.slice(0, copy + 1).every((each, index) => to[index] === each);
}

/** `null` when either part is not known; an absolute target (or `~`) needs no base. */
export function join(base: string | null, target: string | null): string | null {
  if (target === null) return null;
  if (/^(\/|~(\/|$)|[A-Za-z]:[\\/])/.test(target)) return target;
  if (base === null) return null;
  if (base === "") return target;
  return `${base.replace(/\/+$/, "")}/${target}`;
}
