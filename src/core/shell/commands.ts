/** A simple command of the parser's tree -> its words, assignments and redirects; commands in its words come after it. */
import type { ArrayValue, AstAssignment, AstWord, Command, Redirection } from "./ast.js";
import { ink } from "./ink.js";
import { deeper, type Frame, type Walk } from "./parse-walk.js";
import { isVisible } from "./plain-chars.js";
import { walkRedirect } from "./redirects.js";
import { unsafeNames } from "./reserved.js";
import type { Assignment, Redirect, Word } from "./shell.js";
import { walkWord } from "./words.js";

export function walkCommand(walk: Walk, frame: Frame, node: Command): void {
  const slot = walk.reserve(frame, node.pos);
  if (slot === null) return;
  const inner = deeper(frame, { feeds: [slot] });
  const argv: Word[] = [];
  const assigns: Assignment[] = [];
  const redirects: Redirect[] = [...frame.inherited];
  for (const item of node.prefix) {
    if (walk.isSpent) break;
    if (item.type === "Assignment") assigns.push(walkAssignment(walk, inner, item));
    else redirects.push(walkRedirect(walk, inner, item));
  }
  if (node.name !== undefined) argv.push(walkName(walk, inner, node.name));
  for (const item of node.suffix) {
    if (walk.isSpent) break;
    if (item.type === "Word") argv.push(walkWord(walk, inner, item));
    else if (item.type === "Assignment") argv.push(walkAssignmentWord(walk, inner, item));
    else redirects.push(walkRedirect(walk, inner, item));
  }
  if (!walk.isSpent) checkApart(walk, frame, node);
  const { pos, end } = walk.place(frame, node);
  walk.found[slot] = {
    argv,
    assigns,
    redirects,
    context: frame.context,
    pipeFrom: frame.pipeSources.at(-1) ?? null,
    pipeSources: frame.pipeSources,
    pos,
    end,
  };
}

/** Words must be apart; only a redirect may touch the word before it. */
function checkApart(walk: Walk, frame: Frame, node: Command): void {
  let before = -1;
  const items: readonly (Command["prefix"][number] | Command["suffix"][number])[] = [
    ...node.prefix,
    ...(node.name === undefined ? [] : [node.name]),
    ...node.suffix,
  ];
  for (const item of items) {
    const isRedirect = item.type === "Redirect" || item.type === "HereString" || item.type === "HereDoc";
    if (item.pos < before || (item.pos === before && !isRedirect)) walk.refuse("adjacent-words", frame, item.pos);
    before = item.end;
  }
}

/** Names that are syntax, an assignment or a glob in some shell are refused; a dynamic name is a word like any other. */
function walkName(walk: Walk, frame: Frame, node: AstWord): Word {
  const word = walkWord(walk, frame, node);
  const plain = word.value ?? word.prefix;
  const isRefused =
    unsafeNames.has(word.raw) ||
    !isVisible(plain, "=^#") ||
    plain.startsWith("%") ||
    plain.startsWith("!") ||
    (plain.includes("~") && !/^~(\/[^~]*)?$/.test(plain));
  if (isRefused) walk.refuse("command-name", frame, node.pos);
  return word;
}

function walkAssignment(walk: Walk, frame: Frame, node: AstAssignment): Assignment {
  const word = walkAssignedValue(walk, frame, node);
  const value = node.index === undefined && word !== null ? word.value : null;
  return { name: node.name, append: node.append === true, value, pos: walk.place(frame, node).pos };
}

/** `export A=b`: the assignment as a word of the declaring command. */
function walkAssignmentWord(walk: Walk, frame: Frame, node: AstAssignment): Word {
  const word = walkAssignedValue(walk, frame, node);
  const raw = frame.source.slice(node.pos, node.end);
  const lead = raw.slice(0, raw.indexOf("=") + 1);
  const { pos, end } = walk.place(frame, node);
  if (word === null) return { raw, pos, end, value: null, why: ["brace"], prefix: lead, quoted: false, splits: false };
  const value = word.value === null ? null : lead + word.value;
  // zsh splits an unquoted expansion here only for options that nobody sets; bash never does.
  return { ...word, raw, pos, end, value, prefix: lead + word.prefix, splits: false };
}

/** The value's word; `null` for an array. */
function walkAssignedValue(walk: Walk, frame: Frame, node: AstAssignment): Word | null {
  walk.mark(frame, node.pos, node.end, ink.word);
  const lead = frame.source.slice(node.pos, node.value.pos);
  const subscript = node.index === undefined ? "" : `[${frame.source.slice(node.index.pos, node.index.end)}]`;
  const sign = node.append === true ? "+=" : "=";
  const isPlain = /^[A-Za-z_]\w*$/.test(node.name) && (subscript === "" || /^\[[\w.]+\]$/.test(subscript));
  if (!isPlain || lead !== node.name + subscript + sign || node.value.end !== node.end)
    walk.refuse("array-assignment", frame, node.pos);
  if (node.value.type === "Word") return walkWord(walk, frame, node.value);
  walkArray(walk, frame, node.value);
  return null;
}

function walkArray(walk: Walk, frame: Frame, node: ArrayValue): void {
  walk.mark(frame, node.pos, node.end, ink.array);
  walk.markParenthesis(frame, node.pos, "(");
  walk.markParenthesis(frame, node.end - 1, ")");
  let before = -1;
  for (const element of node.elements) {
    const word = walkWord(walk, frame, element);
    if (word.raw.startsWith("[") && !/^\[[\w.-]+\]=/.test(word.raw))
      walk.refuse("array-assignment", frame, element.pos);
    if (element.pos <= before && frame.anchor === null) walk.refuse("adjacent-words", frame, element.pos);
    before = element.end;
  }
}

/** Redirects of a group, as its commands inherit them. */
export function walkGroupRedirects(walk: Walk, frame: Frame, nodes: readonly Redirection[]): readonly Redirect[] {
  return nodes.map((node) => walkRedirect(walk, frame, node));
}
