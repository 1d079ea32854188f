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
  readonly effect: Effect;
  /** How freely its arguments may become kinds. */
  readonly freedom: "text" | "path" | "none";
  /** It touches files, all of them known and all below the folders a rule may name. */
  readonly folders: readonly string[];
}

export type ShapeResult =
  | { readonly kind: "shape"; readonly shape: CommandShape }
  | { readonly kind: "none"; readonly why: string };

/** Asking a forge, a registry or a remote changes nothing there. */
const REMOTE_READS =
  /^(?:gh (?:(?:pr|issue) (?:view|list|status)|pr (?:diff|checks)|run (?:view|list|watch)|(?:repo|release|workflow|label) (?:view|list)|search \w+)|glab (?:mr|issue) (?:view|list|diff)|git (?:fetch|ls-remote)|(?:npm|pnpm|yarn) (?:view|info|outdated|audit)|cargo search|pip3? (?:index|search))$/;

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
  const head = headOf(part, effect);
  if (head === null) return none("has options before its subcommand");
  const folders = part.accessesKnown ? foldersOf(places, project) : [];
  if (folders === null) return none("touches files outside the project");
  return { kind: "shape", shape: { part, head, effect, freedom: freedomOf(part, effect, head), folders } };
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
      return flagsKnown && accessesKnown && name === "git commit" ? "text" : "path";
    case "network":
      return REMOTE_READS.test(name) ? "path" : "none";
    default:
      return "none";
  }
}

/** `null` when an option stands between the program and its subcommand: then no order of words says what runs. */
function headOf({ argv, program, subcommand }: ShellPart, effect: Effect): readonly string[] | null {
  const values = argv.map(({ value }) => value ?? "");
  const names = subcommand === null || subcommand === "" ? [] : subcommand.split(" ");
  if (!names.every((name, index) => values[index + 1] === name)) return null;
  const head = [values[0] ?? "", ...names];
  const next = values[head.length];
  const isNamed = program !== null && names.length === 0 && effect !== "reads" && effect !== "writes-project";
  return isNamed && next !== undefined && /^[\w:.-]+$/.test(next) && !next.startsWith("-") ? [...head, next] : head;
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
