/**
 * Which directories may be in force at each command of a call: "" for the call's own, a path after `cd x`, both where
 * the change may have failed, `null` where it cannot be told. Only a list joined by `&&` proves that it succeeded.
 */
import { expandWord } from "./expand.js";
import type { Context, SimpleCommand } from "./shell.js";
import type { Variables } from "./variables.js";

const MOVERS = new Set(["cd", "pushd", "popd", "chdir", "z", "j", "zoxide", "source", ".", "eval", "direnv"]);
/** Constructs that run in a copy of the shell: a `cd` inside does not reach what follows. */
const COPIES = new Set<Context>(["subshell", "cmdsub", "procsub", "background"]);
const MOST = 4;

/** Every directory that may be in force, the likeliest first; `null` stands for one that is not known. */
export type Directories = readonly (string | null)[];

/** One entry a command, in order. */
export function directoriesOf(text: string, commands: readonly SimpleCommand[], variables: Variables): Directories[] {
  const found: Directories[] = commands.map(() => [""]);
  const movers = commands.filter(isMover);
  if (movers.length === 0) return found;
  if (movers.some(({ context }) => context.includes("function") || context.includes("loop")))
    return found.map(() => [null]);
  const order = [...commands.entries()].sort(([, a], [, b]) => a.pos - b.pos);
  for (const [place, [index, mover]] of order.entries()) {
    if (!isMover(mover)) continue;
    const targets = joinAll(found[index] ?? [null], targetOf(mover, variables));
    let isJoined = true;
    let end = mover.end;
    for (const [later, command] of order.slice(place + 1)) {
      isJoined &&= continuesAndList(text.slice(end, command.pos), mover.context, command.context);
      if (isJoined) found[later] = targets;
      else if (reaches(mover.context, command.context)) found[later] = merge(targets, found[later] ?? [null]);
      end = Math.max(end, command.end);
    }
  }
  // A function's body runs where it is called.
  return found.map((each, index) => (commands[index]?.context.includes("function") ? [null] : each));
}

function joinAll(bases: Directories, target: string | null): Directories {
  return merge(
    bases.map((base) => join(base, target)),
    [],
  );
}

function merge(a: Directories, b: Directories): Directories {
  const all = [...new Set([...a, ...b])];
  return all.length > MOST || all.includes(null) ? [null] : all;
}

function isMover(command: SimpleCommand): boolean {
  const [program, next] = command.argv;
  const inner = program?.value === "builtin" || program?.value === "command" ? next?.value : program?.value;
  return inner !== null && inner !== undefined && MOVERS.has(inner);
}

function targetOf(command: SimpleCommand, variables: Variables): string | null {
  const words = command.argv.map((word) => expandWord(word, variables));
  const [program] = words;
  if (program?.value !== "cd" && program?.value !== "pushd") return null;
  if (program.value === "cd" && words.length === 1)
    return variables.home === "" || variables.movesHome ? null : variables.home;
  const operands = words.slice(1).filter((word) => word.value !== "--" && !isMoverOption(word.value ?? ""));
  const [target] = operands;
  if (operands.length !== 1 || target === undefined) return null;
  return target.prefix.startsWith("-") || target.prefix.startsWith("+") ? null : target.value;
}

function isMoverOption(text: string): boolean {
  return text.startsWith("-") && /^-[LPe@]+$/.test(text);
}

/** What mostly stands between two commands, which needs no closer look. */
const JOINS = new Map([
  [" && ", true],
  [" | ", true],
  ["; ", false],
  ["\n", false],
]);

/** Between the two stands nothing that ends an `&&` list: the later one runs only when the change succeeded. */
function continuesAndList(gap: string, from: readonly Context[], to: readonly Context[]): boolean {
  if (to.includes("function") || !from.every((each, index) => to[index] === each)) return false;
  const known = JOINS.get(gap);
  if (known !== undefined) return known;
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
  if (target.startsWith("/") || target === "~" || target.startsWith("~/")) return target;
  if (target[1] === ":" && /^[A-Za-z]:[\\/]/.test(target)) return target;
  if (base === null) return null;
  if (base === "") return target;
  return `${base.endsWith("/") ? base.replace(/\/+$/, "") : base}/${target}`;
}
