/**
 * One simple command as something to generalise from: the words that name it, what follows them, what it does and
 * where. It says no rather than guess: what is dynamic, not understood or on the never-list has no shape.
 */
import type { Effect } from "../decision.js";
import { isInside } from "../path.js";
import type { Subject } from "../policy/facts.js";
import type { ShellPart } from "../shell/shell.js";
import { neverPart } from "./never.js";

export interface CommandShape {
  readonly part: ShellPart;
  /** Words that name the command: `git log`, `npm run test`, `make build`. */
  readonly head: readonly string[];
  /** Options that stood between program and subcommand (`git -C dir log`). */
  readonly lead: readonly string[];
  /** Index of the first word after the head. */
  readonly rest: number;
  readonly effect: Effect;
  /** How freely its arguments may become kinds. */
  readonly freedom: "text" | "pattern" | "none";
  /** It touches files, all of them known and all below the folders a rule may name. */
  readonly folders: readonly string[];
}

export type ShapeResult =
  | { readonly kind: "shape"; readonly shape: CommandShape }
  | { readonly kind: "none"; readonly why: string };

/** Asking a forge, a registry or a remote changes nothing there. */
const REMOTE_READS =
  /^(?:gh (?:api|(?:pr|issue) (?:view|list|status)|pr (?:diff|checks)|run (?:view|list|watch)|(?:repo|release|workflow|label) (?:view|list)|search \w+)|glab (?:mr|issue) (?:view|list|diff)|git (?:fetch|ls-remote)|(?:npm|pnpm|yarn) (?:view|info|outdated|audit)|cargo search|pip3? (?:index|search))$/;

/** Programs that build, test and check a project: what they run is the project's own code, whatever the path. */
const CHECKERS =
  /^(?:go (?:test|vet|build|fmt|list|doc)|cargo (?:test|build|check|clippy|fmt|doc)|golangci-lint(?: run)?|gofmt|gofumpt|goimports|pytest|mypy|ruff(?: \w+)?|black|tsc|eslint|biome(?: \w+)?|prettier|vitest(?: run)?|jest|mocha|shellcheck|(?:npm|pnpm|yarn|bun) (?:run [\w:.-]+|test)|bun test|mise run [\w:.-]+|make [\w.-]+|just [\w-]+|task [\w:-]+|(?:gradle|mvn) [\w:-]+|dotnet (?:build|test)|git (?:commit|add))$/;

export function shapeOfPart({ part, effect, places }: Subject, project: string): ShapeResult {
  if (part === null || part.argv.length === 0) return none("is no command");
  const never = neverPart(part);
  if (never !== "") return none(never);
  if (part.redirects.some((redirect) => redirect.effect === "write" || redirect.effect === "append")) {
    if (places.some(({ from, mode, absolute }) => from === "redirect" && mode !== "read" && absolute !== "/dev/null")) {
      return none("writes its output to a file");
    }
  }
  if (part.redirects.some(({ effect: kind }) => kind === "data")) return none("is given text");
  const head = headOf(part, effect);
  if (head === null) return none("has options before its subcommand");
  const folders = part.accessesKnown ? foldersOf(places, project) : [];
  if (folders === null) return none("touches files outside the project");
  return { kind: "shape", shape: { part, ...head, effect, freedom: freedomOf(part, effect, head.head), folders } };
}

function none(why: string): ShapeResult {
  return { kind: "none", why };
}

function freedomOf({ flagsKnown, accessesKnown }: ShellPart, effect: Effect, head: readonly string[]) {
  const name = head.join(" ");
  switch (effect) {
    case "reads":
    case "writes-project":
      return flagsKnown && accessesKnown ? "text" : "none";
    case "runs-code":
      if (!CHECKERS.test(name)) return "none";
      return flagsKnown && accessesKnown && name === "git commit" ? "text" : "pattern";
    case "network":
      return REMOTE_READS.test(name) && flagsKnown && accessesKnown ? "text" : "none";
    default:
      return "none";
  }
}

type Head = Pick<CommandShape, "head" | "lead" | "rest">;

/** `null` when another option stands between program and subcommand: then no order of words says what runs. */
function headOf({ argv, program, subcommand, accessesKnown }: ShellPart, effect: Effect): Head | null {
  const values = argv.map(({ value }) => value ?? "");
  const names = subcommand === null || subcommand === "" ? [] : subcommand.split(" ");
  const lead = program === "git" && accessesKnown ? leadOf(values) : [];
  const from = 1 + lead.reduce((words, option) => words + (option === "-C" ? 2 : 1), 0);
  if (!names.every((name, index) => values[index + from] === name)) return null;
  const head = [values[0] ?? "", ...names];
  const rest = from + names.length;
  const next = values[rest];
  const isNamed = names.length === 0 && effect !== "reads" && effect !== "writes-project";
  if (!isNamed || next === undefined || !/^[\w:.][\w:.-]*$/.test(next)) return { head, lead, rest };
  return { head: [...head, next], lead, rest: rest + 1 };
}

/** Options of git that say where it works (the folder is judged with the paths) or how it prints. */
function leadOf(values: readonly string[]): readonly string[] {
  const lead: string[] = [];
  for (let index = 1; ; index++) {
    const word = values[index];
    if (word !== "-C" && word !== "--no-pager") return lead;
    lead.push(word);
    if (word === "-C") index++;
  }
}

/** Folders a rule may name for what was touched, `null` when something lies elsewhere. */
function foldersOf(places: Subject["places"], project: string): readonly string[] | null {
  const folders = new Set<string>();
  for (const { certain, absolute, target } of places) {
    if (!certain || absolute === "/dev/null") continue;
    if (absolute === null || target === null || project === "") return null;
    if (isInside(absolute, project, false) && isInside(target, project, false)) folders.add("$PROJECT");
    else if (/^(?:\/private)?\/tmp\/./.test(absolute) && /^(?:\/private)?\/tmp\/./.test(target)) folders.add("/tmp");
    else return null;
  }
  return [...folders].sort();
}
