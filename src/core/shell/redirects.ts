/**
 * A redirect of the parser's tree -> descriptor, effect and target. Forms that bash and zsh read differently, or that
 * the parser is known to misread, are refused.
 */
import type { AstRedirect, HereDoc, HereString, Redirection } from "./ast.js";
import { ink } from "./ink.js";
import { readDoubleQuoted } from "./literals.js";
import type { Frame, Walk } from "./parse-walk.js";
import { isDigit } from "./plain-chars.js";
import type { Redirect, Word } from "./shell.js";
import { WordDraft } from "./word-draft.js";
import { walkParts, walkWord } from "./words.js";

export function walkRedirect(walk: Walk, frame: Frame, node: Redirection): Redirect {
  walk.mark(frame, node.pos, node.end, ink.operator);
  const fd = readDescriptor(walk, frame, node);
  switch (node.type) {
    case "HereDoc":
      return walkHereDoc(walk, frame, node, fd);
    case "HereString":
      return walkHereString(walk, frame, node, fd);
    case "Redirect":
      return walkFileRedirect(walk, frame, node, fd);
    default:
      node satisfies never;
      walk.refuse("unknown-syntax", frame, frame.anchor?.pos ?? 0);
      return { op: ">", fd: null, effect: "write", target: null, inherited: false };
  }
}

/** Descriptor, operator and blanks must account for everything before the target. */
function readDescriptor(walk: Walk, frame: Frame, node: Redirection): number | null {
  const target = node.type === "HereDoc" ? node.delimiter : node.target;
  if (target === undefined) {
    walk.refuse("syntax", frame, node.pos);
    return null;
  }
  const lead = frame.source.slice(node.pos, target.pos);
  const descriptor = node.descriptor;
  const digits = descriptor?.type === "FileDescriptor" ? frame.source.slice(descriptor.pos, descriptor.end) : "";
  if (descriptor !== undefined && !isDigit(digits)) walk.refuse("fd-number", frame, node.pos);
  // `>|1>x`: bash reads the digits as the next redirect's descriptor and finds no target.
  const isNumber = isDigit(frame.source.charAt(target.pos)) && /^\d+$/.test(frame.source.slice(target.pos, target.end));
  if (isNumber && !node.operator.endsWith("&") && /[<>]/.test(frame.source[target.end] ?? ""))
    walk.refuse("redirect-target", frame, node.pos);
  const spelled = digits + node.operator;
  const blanks = lead.slice(spelled.length);
  const isApart = blanks === "" || blanks === " " || /^[ \t]*$/.test(blanks);
  if (!lead.startsWith(spelled) || !isApart || target.end !== node.end) walk.refuse("redirect-target", frame, node.pos);
  if (isDigit(frame.source.charAt(node.pos - 1)) && node.operator.startsWith("&"))
    walk.refuse("redirect-target", frame, node.pos);
  return descriptor?.type === "FileDescriptor" ? descriptor.value : null;
}

const effects = {
  "<": "read",
  ">": "write",
  ">|": "write",
  ">>": "append",
  "<>": "rw",
  "&>": "write",
  "&>>": "append",
} as const;

function walkFileRedirect(walk: Walk, frame: Frame, node: AstRedirect, fd: number | null): Redirect {
  const { operator: op } = node;
  const target = node.target === undefined ? null : walkWord(walk, frame, node.target);
  const raw = target?.raw ?? "";
  if ((raw !== "" && "!|=".includes(raw.charAt(0))) || (op.startsWith("<") && raw.startsWith("-") && raw !== "-"))
    walk.refuse("redirect-target", frame, node.pos);
  if (op !== ">&" && op !== "<&") return { op, fd, effect: effects[op], target, inherited: false };
  if (raw === "-") return { op, fd, effect: "close", target, inherited: false };
  if (isDigit(raw)) return { op, fd, effect: "dup", target, inherited: false };
  const value = target?.value ?? null;
  if (op === "<&" || fd !== null || value === null || /^[-\d]|[-\d]$/.test(value))
    walk.refuse("fd-duplication", frame, node.pos);
  return { op, fd, effect: "write", target, inherited: false };
}

function walkHereString(walk: Walk, frame: Frame, node: HereString, fd: number | null): Redirect {
  const target: Word | null = node.target === undefined ? null : walkWord(walk, frame, node.target);
  if (/^[!|=<]/.test(target?.raw ?? "")) walk.refuse("redirect-target", frame, node.pos);
  const body = { text: target?.value ?? target?.raw ?? "", expands: target?.value === null };
  return { op: "<<<", fd, effect: "data", target, body, inherited: false };
}

function walkHereDoc(walk: Walk, frame: Frame, node: HereDoc, fd: number | null): Redirect {
  const { source } = frame;
  const { body, closing, delimiter, operator: op } = node;
  const spelled = delimiter?.text ?? "";
  const word = delimiter?.value ?? "";
  const isPlain = /^[\w.-]+$/.test(word) && [word, `'${word}'`, `"${word}"`, `\\${word}`].includes(spelled);
  if (!isPlain || closing === undefined || !frame.allowsHeredoc) walk.refuse("heredoc", frame, node.pos);
  const quoted = spelled !== word;
  const end = closing?.end ?? body.end;
  const ends = (line: string): boolean => (op === "<<-" ? line.replace(/^\t+/, "") : line) === word;
  const lines = source.slice(body.pos, body.end).split("\n");
  const isPlaced =
    source[body.pos - 1] === "\n" &&
    body.end <= (closing?.pos ?? 0) &&
    /^\t*$/.test(source.slice(body.end, closing?.pos)) &&
    ends(source.slice(closing?.pos, end)) &&
    /^$|\n/.test(source[end] ?? "") &&
    !lines.some(ends);
  if (!isPlaced) walk.refuse("heredoc", frame, node.pos);
  walk.mark(frame, body.pos, end, quoted ? ink.quotedBody : ink.body);
  const draft = new WordDraft();
  const raw = source.slice(body.pos, body.end);
  if (!quoted) {
    if (raw.includes("\\\n")) walk.refuse("heredoc", frame, body.pos);
    if (body.parts !== undefined) walkParts(walk, frame, body.parts, body.pos, body.end, draft, "body", ink.body);
    else if (!readDoubleQuoted(raw, draft, true)) walk.refuse("word-structure", frame, body.pos);
  }
  const value = quoted ? raw : draft.finish(raw, body.pos, body.end).value;
  const text = value ?? raw;
  return {
    op,
    fd,
    effect: "data",
    target: null,
    body: { text: op === "<<-" ? text.replace(/^\t+/gm, "") : text, expands: value === null },
    inherited: false,
  };
}
