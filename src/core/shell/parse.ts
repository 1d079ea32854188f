/**
 * Shell text -> the simple commands that may run, wherever they hide. `ok` only when every character was accounted for
 * and bash and zsh read it alike; everything else is `unknown`, with the commands that could be found. Pure; never
 * throws; runs nothing.
 */
import { type ParsedScript, parseAst } from "./ast.js";
import { checkBounds } from "./bounds.js";
import { checkCoverage, checkExpansions, checkParentheses } from "./coverage.js";
import { checkGuards } from "./guards.js";
import { parseTolerant } from "./parse-tolerant.js";
import { limits, Walk } from "./parse-walk.js";
import type { ReasonCode } from "./reasons.js";
import type { ShellParse, ShellReason, SimpleCommand } from "./shell.js";
import { walkScript } from "./statements.js";

/**
 * Positions are UTF-16 indexes into `text`, nested scripts included. On `unknown` the commands are the ones the walk
 * found, then candidates of a tolerant reading; both serve deny and ask only.
 */
export function parseShellText(text: string): ShellParse {
  const bound = checkBounds(text);
  if (bound !== null) return unknown(text, [bound], [], []);
  const walk = new Walk(text, walkScript);
  try {
    walkAll(walk, parseAst(text));
  } catch {
    // The parser overflows the stack on some nestings; what it threw says nothing a reader could use.
    walk.refuseAt("parser-error" satisfies ReasonCode, 0);
  }
  const commands = walk.found.filter((command) => command !== null);
  if (commands.length < walk.found.length) {
    // A walk that broke off leaves holes, and pipes would point past them.
    const apart = commands.map((command) => ({ ...command, pipeFrom: null, pipeSources: [] }));
    return unknown(text, walk.reasons, apart, walk.functions);
  }
  if (walk.reasons.length > 0) return unknown(text, walk.reasons, commands, walk.functions);
  return { status: "ok", reasons: [], commands, functions: walk.functions, settled: walk.settled };
}

function walkAll(walk: Walk, script: ParsedScript): void {
  walkScript(walk, script, {
    source: walk.text,
    anchor: null,
    context: [],
    pipeSources: [],
    inherited: [],
    feeds: [],
    allowsHeredoc: true,
    depth: 0,
  });
  if (walk.isSpent) return;
  checkCoverage(walk);
  checkExpansions(walk);
  checkParentheses(walk);
  checkGuards(walk);
}

function unknown(
  text: string,
  reasons: readonly ShellReason[],
  found: readonly SimpleCommand[],
  functions: readonly string[],
): ShellParse {
  const seen = new Set(found.map(signature));
  const candidates = parseTolerant(text, limits.commands).filter((command) => !seen.has(signature(command)));
  return { status: "unknown", reasons, commands: [...found, ...candidates], functions, settled: [] };
}

function signature(command: SimpleCommand): string {
  return `${command.pos} ${command.argv.map((word) => word.raw).join(" ")}`;
}
