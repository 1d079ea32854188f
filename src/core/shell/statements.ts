/**
 * Lists, pipelines and compound commands: walks each node by an explicit switch and tells every simple command what
 * encloses it. A node that is not listed refuses the text.
 */

import { walkArithmetic } from "./arithmetic.js";
import type {
  AstWord,
  Case,
  CommandNode,
  CompoundList,
  FunctionDefinition,
  ParsedScript,
  Pipeline,
  Statement,
} from "./ast.js";
import { walkCommand, walkGroupRedirects } from "./commands.js";
import { ink } from "./ink.js";
import { deeper, type Frame, type Walk, within } from "./parse-walk.js";
import type { Redirect, Word } from "./shell.js";
import { walkTestCommand } from "./test-command.js";
import { walkWord } from "./words.js";

export function walkScript(walk: Walk, script: ParsedScript, frame: Frame): void {
  for (const error of script.errors ?? []) walk.refuse("syntax", frame, error.pos);
  walkStatements(walk, frame, script.commands);
}

function walkStatements(walk: Walk, frame: Frame, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (!walk.spend(frame, statement.pos)) return;
    const inner = statement.background === true ? within(frame, "background") : deeper(frame);
    const { command } = statement;
    if (command.type !== "AndOr") {
      walkNode(walk, inner, command);
      continue;
    }
    for (const [index, each] of command.commands.entries()) {
      if (walk.isSpent) return;
      const operator = command.operators[index - 1];
      walkNode(walk, operator === undefined ? inner : within(inner, operator === "&&" ? "and" : "or"), each);
    }
  }
}

function walkList(walk: Walk, frame: Frame, list: CompoundList): void {
  walkStatements(walk, frame, list.commands);
}

function walkNode(walk: Walk, frame: Frame, node: CommandNode | Pipeline): void {
  if (!walk.spend(frame, node.pos)) return;
  switch (node.type) {
    case "Command":
      walkCommand(walk, frame, node);
      return;
    case "Pipeline":
      walkPipeline(walk, frame, node);
      return;
    case "Redirected": {
      const redirects = walkGroupRedirects(walk, frame, node.redirects);
      const before = walk.found.length;
      const inherited = [...frame.inherited, ...redirects.map((each) => ({ ...each, inherited: true }))];
      walkNode(walk, deeper(frame, { inherited }), node.command);
      const last = inherited.at(-1);
      const isCarried = walk.found.slice(before).some((each) => each?.redirects.some((redirect) => redirect === last));
      if (!isCarried) addBareRedirects(walk, frame, node.pos, node.end, redirects);
      return;
    }
    case "Subshell":
      if (frame.source[node.pos + 1] === "(") walk.refuse("arithmetic", frame, node.pos);
      walk.markParenthesis(frame, node.pos, "(");
      walk.markParenthesis(frame, node.end - 1, ")");
      walkList(walk, within(frame, "subshell"), node.body);
      return;
    case "BraceGroup":
      walkList(walk, within(frame, "group"), node.body);
      return;
    case "If": {
      const inner = within(frame, "if");
      walkList(walk, inner, node.clause);
      walkList(walk, inner, node.then);
      for (const branch of node.elif) {
        walkList(walk, inner, branch.clause);
        walkList(walk, inner, branch.then);
      }
      if (node.else !== undefined) walkList(walk, inner, node.else);
      return;
    }
    case "While":
      walkList(walk, within(frame, "loop"), node.clause);
      walkList(walk, within(frame, "loop"), node.body);
      return;
    case "For":
    case "Select": {
      const place = walk.found.length;
      addLoopVariable(walk, frame, node.name);
      const choices = node.wordlist?.map((word) => walkWord(walk, frame, word));
      if (node.type === "For" && choices !== undefined) nameChoices(walk, place, choices);
      walkList(walk, within(frame, "loop"), node.body);
      return;
    }
    case "ArithmeticFor": {
      const head = [node.initialize, node.test, node.update].filter((each) => each !== undefined);
      const start = frame.source.indexOf("((", node.pos);
      const end = closingParenthesis(frame.source, start, node.body.pos);
      if (!/^for[ \t]*$/.test(frame.source.slice(node.pos, start))) walk.refuse("arithmetic", frame, node.pos);
      walkArithmetic(walk, frame, { pos: start, end }, head, true);
      walkList(walk, within(frame, "loop"), node.body);
      return;
    }
    case "ArithmeticCommand": {
      const isSound = node.expression !== undefined || node.body.trim() === "";
      if (!isSound) walk.refuse("syntax", frame, node.pos);
      walkArithmetic(walk, frame, node, node.expression === undefined ? [] : [node.expression]);
      return;
    }
    case "TestCommand":
      walkTestCommand(walk, frame, node, node.expression);
      return;
    case "Case":
      walkCase(walk, frame, node);
      return;
    case "Function":
      walkFunction(walk, frame, node);
      return;
    case "Coproc":
      walk.refuse("coproc", frame, node.pos);
      if (node.body.type === "CompoundList") {
        walkList(walk, frame, node.body);
        return;
      }
      walkNode(walk, frame, node.body);
      return;
    default:
      node satisfies never;
      walk.refuse("unknown-syntax", frame, frame.anchor?.pos ?? 0);
  }
}

function walkPipeline(walk: Walk, frame: Frame, node: Pipeline): void {
  const [prefix, ...more] = node.prefixes;
  if (more.length > 0) walk.refuse("pipeline-prefix", frame, node.pos);
  if (prefix !== undefined) {
    const isTime = prefix.type === "Time";
    const isBare = !isTime || (prefix.posix === undefined && prefix.endOfOptions === undefined);
    // zsh: inside a pipeline under `time` a second `time` is a program, and takes assignments for words.
    const isNested = isTime && prefix.pos < walk.timedUntil;
    if (isTime) walk.timedUntil = Math.max(walk.timedUntil, node.end);
    if (!isBare || isNested || !/[ \t\n]/.test(frame.source[prefix.end] ?? ""))
      walk.refuse("pipeline-prefix", frame, node.pos);
    walk.mark(frame, prefix.pos, prefix.end, ink.operator);
  }
  let sources = frame.pipeSources;
  for (const [index, command] of node.commands.entries()) {
    if (walk.isSpent) return;
    const first = walk.found.length;
    let inner = index === 0 ? deeper(frame) : within(frame, "pipe-in");
    if (index < node.commands.length - 1) inner = within(inner, "pipe-out");
    walkNode(walk, { ...inner, pipeSources: sources }, command);
    sources = Array.from({ length: walk.found.length - first }, (_, offset) => first + offset);
  }
}

/** `[[ … ]] > file`: a redirect that no simple command carries still happens. */
function addBareRedirects(walk: Walk, frame: Frame, from: number, to: number, redirects: readonly Redirect[]): void {
  addBare(walk, frame, from, to, [], [...frame.inherited, ...redirects]);
}

/** A loop assigns: `for PATH in …`. */
function addLoopVariable(walk: Walk, frame: Frame, name: AstWord): void {
  const raw = frame.source.slice(name.pos, name.end);
  walk.mark(frame, name.pos, name.end, ink.word);
  if (!/^[A-Za-z_]\w*$/.test(raw)) walk.refuse("name", frame, name.pos);
  addBare(walk, frame, name.pos, name.end, [raw], []);
}

/** What the variable of a loop goes through. */
function nameChoices(walk: Walk, place: number, choices: readonly Word[]): void {
  const command = walk.found[place];
  if (command === null || command === undefined) return;
  walk.found[place] = { ...command, assigns: command.assigns.map((each) => ({ ...each, choices })) };
}

function addBare(
  walk: Walk,
  frame: Frame,
  from: number,
  to: number,
  names: readonly string[],
  redirects: readonly Redirect[],
): void {
  const slot = walk.reserve(frame, from);
  if (slot === null) return;
  const { pos, end } = walk.place(frame, { pos: from, end: to });
  walk.found[slot] = {
    argv: [],
    assigns: names.map((name) => ({ name, append: false, value: null, pos })),
    redirects,
    context: frame.context,
    pipeFrom: frame.pipeSources.at(-1) ?? null,
    pipeSources: frame.pipeSources,
    pos,
    end,
  };
}

function walkCase(walk: Walk, frame: Frame, node: Case): void {
  walkWord(walk, frame, node.word);
  for (const item of node.items) {
    if (!walk.spend(frame, item.pos)) return;
    if (frame.source[item.pos] === "(") walk.markParenthesis(frame, item.pos, "(");
    for (const pattern of item.pattern) walkWord(walk, frame, pattern);
    const close = skipBlanks(frame.source, item.pattern.at(-1)?.end ?? item.pos);
    walk.markParenthesis(frame, close, ")");
    walkList(walk, within(frame, "case"), item.body);
  }
}

function walkFunction(walk: Walk, frame: Frame, node: FunctionDefinition): void {
  const { source } = frame;
  const name = source.slice(node.name.pos, node.name.end);
  walk.functions.push(name);
  if (frame.context.length === 0 && frame.anchor === null) walk.settled.push({ name, pos: node.end });
  walk.mark(frame, node.name.pos, node.name.end, ink.word);
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) walk.refuse("name", frame, node.name.pos);
  if (!/^(function[ \t]+)?$/.test(source.slice(node.pos, node.name.pos))) walk.refuse("name", frame, node.pos);
  const open = skipBlanks(source, node.name.end);
  if (source[open] === "(") {
    walk.markParenthesis(frame, open, "(");
    walk.markParenthesis(frame, skipBlanks(source, open + 1), ")");
  }
  const inner = { ...within(frame, "function"), pipeSources: [] };
  if (node.body.type === "CompoundList") {
    walk.refuse("syntax", frame, node.pos);
    walkList(walk, inner, node.body);
    return;
  }
  walkNode(walk, inner, node.body);
}

/** End of the parenthesis that opens at `open`, at most `limit`. */
function closingParenthesis(source: string, open: number, limit: number): number {
  let depth = 0;
  for (let at = open; at < limit; at++) {
    if (source[at] === "(") depth++;
    if (source[at] === ")" && --depth === 0) return at + 1;
  }
  return limit;
}

function skipBlanks(source: string, from: number): number {
  let at = from;
  while (source[at] === " " || source[at] === "\t") at++;
  return at;
}
