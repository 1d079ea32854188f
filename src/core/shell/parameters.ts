/**
 * `${…}`: checks that it is a form all shells read alike, and walks what is inside. Indirection, transformations and
 * subscripts that a shell would evaluate are refused.
 */
import type { AstWord, ParameterExpansionPart, ParameterOperation } from "./ast.js";
import { ink } from "./ink.js";
import { deeper, type Frame, type Walk } from "./parse-walk.js";
import { WordDraft } from "./word-draft.js";
import { walkParts } from "./words.js";

const plainParameter = /^([A-Za-z_]\w*|\d+|[@*#?$!-])$/;
const plainSubscript = /^(@|\*|-?\d+|\$?[A-Za-z_]\w*)$/;

/** `${…}`: name, subscript and operation must account for every character. */
export function walkParameter(walk: Walk, frame: Frame, part: ParameterExpansionPart, isQuoted: boolean): void {
  const text = frame.source.slice(part.pos, part.end);
  walk.mark(frame, part.pos, part.end, ink.expansion);
  walk.markStart(frame, part.pos);
  if (isQuoted && text.includes("'")) walk.refuse("quote-in-parameter", frame, part.pos);
  // `${!x}` evaluates the value of x as a name, subscript and all.
  if (part.prefix === "!" || !plainParameter.test(part.parameter)) walk.refuse("parameter", frame, part.pos);
  const nameAt = part.pos + (part.prefix === undefined ? 2 : 3);
  let at = part.parameterEnd;
  if (part.index !== undefined) {
    const index = part.index;
    if (!plainSubscript.test(frame.source.slice(index.pos, index.end))) walk.refuse("parameter", frame, index.pos);
    if (index.pos !== at + 1) walk.refuse("parameter", frame, at);
    at = index.end + 1;
    walkOperand(walk, frame, index);
  }
  const operation = part.operation;
  if (operation !== undefined) {
    if (operation.pos !== at) walk.refuse("parameter", frame, at);
    at = operation.end;
    walkOperation(walk, frame, part, operation);
  }
  if (part.parameterPos !== nameAt || at !== part.end - 1 || !text.startsWith("${") || !text.endsWith("}"))
    walk.refuse("parameter", frame, part.pos);
}

function walkOperation(walk: Walk, frame: Frame, part: ParameterExpansionPart, operation: ParameterOperation): void {
  switch (operation.type) {
    case "Default":
      if (operation.operator.endsWith("=")) walkDefaultAssignment(walk, frame, part);
      walkOperand(walk, frame, operation.operand);
      return;
    case "Remove":
      walkOperand(walk, frame, operation.operand);
      return;
    case "Replace":
      walkOperand(walk, frame, operation.pattern);
      walkOperand(walk, frame, operation.replacement);
      return;
    case "CaseModification":
      if (operation.operand !== undefined) walkOperand(walk, frame, operation.operand);
      return;
    case "Slice":
      for (const word of [operation.offset, operation.length]) {
        if (word === undefined) continue;
        if (!/^[\w\s$#{}+*/%-]*$/.test(frame.source.slice(word.pos, word.end)))
          walk.refuse("parameter", frame, word.pos);
        walkOperand(walk, frame, word);
      }
      return;
    case "Transform":
      walk.refuse("parameter", frame, part.pos);
      walkOperand(walk, frame, operation.operand);
      return;
    case "Names":
    case "Unknown":
      walk.refuse("parameter", frame, part.pos);
      return;
    default:
      operation satisfies never;
      walk.refuse("unknown-syntax", frame, part.pos);
  }
}

/** `${PATH:=x}` assigns: it is a command of its own with no program. */
function walkDefaultAssignment(walk: Walk, frame: Frame, part: ParameterExpansionPart): void {
  const slot = walk.reserve(frame, part.pos);
  if (slot === null) return;
  const { pos, end } = walk.place(frame, part);
  walk.found[slot] = {
    argv: [],
    assigns: [{ name: part.parameter, append: false, value: null, pos }],
    redirects: [],
    context: frame.context,
    pipeFrom: null,
    pipeSources: [],
    pos,
    end,
  };
}

/** The value is never asked for; commands and quotes inside are. */
function walkOperand(walk: Walk, frame: Frame, word: AstWord): void {
  const parts = word.parts;
  if (parts === undefined || !walk.spend(frame, word.pos)) return;
  walkParts(walk, deeper(frame), parts, word.pos, word.end, new WordDraft(), "none", ink.expansion);
}
