/**
 * Parameter, command and arithmetic expansions: checks that each is a form all shells read alike, and walks what is
 * inside. A form that is not listed here is refused.
 */
import type {
  ArithmeticExpression,
  AstWord,
  ParameterExpansionPart,
  ParameterOperation,
  ParsedScript,
  WordPart,
} from "./ast.js";
import { ink } from "./ink.js";
import { deeper, type Frame, type Walk, within } from "./parse-walk.js";
import { WordDraft } from "./word-draft.js";
import { walkParts } from "./words.js";

type PartOf<T extends WordPart["type"]> = Extract<WordPart, { type: T }>;
type ScriptHolder =
  | PartOf<"CommandExpansion">
  | PartOf<"ProcessSubstitution">
  | Extract<ArithmeticExpression, { type: "ArithmeticCommandExpansion" }>;

/** `$(…)`, `` `…` ``, `<(…)`, `>(…)`. */
export function walkSubstitution(walk: Walk, frame: Frame, part: ScriptHolder): void {
  const { source } = frame;
  const isBacktick = source[part.pos] === "`";
  const opening = isBacktick ? "`" : source.slice(part.pos, part.pos + 2);
  const isProcess = part.type === "ProcessSubstitution";
  walk.mark(frame, part.pos, part.end, ink.expansion);
  walk.markStart(frame, part.pos);
  if (isBacktick) walk.markStart(frame, part.end - 1);
  const isKnown = isProcess ? opening === `${part.operator}(` : isBacktick || opening === "$(";
  if (!isKnown) walk.refuse(opening === "${" ? "value-substitution" : "unknown-syntax", frame, part.pos);
  if (!isBacktick && source[part.end - 1] !== ")" && isKnown) walk.refuse("syntax", frame, part.pos);
  if (isProcess) checkProcessSurroundings(walk, frame, part.pos, part.end);
  // bash reads what follows as arithmetic first, and may refuse or misread what is none.
  if (!isBacktick && source[part.pos + 2] === "(") walk.refuse("arithmetic", frame, part.pos);
  const text = source.slice(part.pos, part.end);
  if (isBacktick && text.includes("\\")) walk.refuse("backtick-escape", frame, part.pos);
  const script = part.script;
  if (script === undefined) {
    walk.refuse("syntax", frame, part.pos);
    return;
  }
  if (!walk.spend(frame, part.pos)) return;
  const inner: Frame = {
    ...within(frame, isProcess ? "procsub" : "cmdsub"),
    pipeSources: isProcess && part.operator === ">" ? frame.feeds : frame.pipeSources,
    inherited: [],
    allowsHeredoc: isLoneCommand(script),
  };
  if (script.source === undefined || script.source === source) {
    walk.mark(frame, part.pos + opening.length, part.end - 1, ink.gap);
    walk.walkScript(walk, script, inner);
    return;
  }
  walk.refuse("backtick-escape", frame, part.pos);
  const anchor = frame.anchor ?? { pos: part.pos, end: part.end };
  walk.walkScript(walk, script, { ...inner, source: script.source, anchor });
}

function isLoneCommand(script: ParsedScript): boolean {
  const [only, ...others] = script.commands;
  return only?.command.type === "Command" && !only.background && others.length === 0;
}

function checkProcessSurroundings(walk: Walk, frame: Frame, pos: number, end: number): void {
  const before = frame.source[pos - 1] ?? "\n";
  const after = frame.source[end] ?? "\n";
  if (!/[\s;|&(<>]/.test(before) || !/[\s;|&)]/.test(after)) walk.refuse("process-substitution", frame, pos);
}

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

export function walkArithmeticExpansion(walk: Walk, frame: Frame, part: PartOf<"ArithmeticExpansion">): void {
  const text = frame.source.slice(part.pos, part.end);
  walk.markStart(frame, part.pos);
  if (!text.startsWith("$((") || !text.endsWith("))")) walk.refuse("old-arithmetic", frame, part.pos);
  const isEmpty = text.slice(3, -2).trim() === "";
  if (part.expression === undefined && !isEmpty) walk.refuse("syntax", frame, part.pos);
  walkArithmetic(
    walk,
    frame,
    part.pos,
    part.end,
    part.expression === undefined ? [] : [part.expression],
    /[^\sA-Za-z0-9_+\-*/%<>=!&|^~?:(),$]/,
  );
}

/**
 * Arithmetic from `pos` to `end`, its own parentheses included. Shells evaluate the values of names and subscripts in
 * it, and zsh falls back to a subshell, so only plain characters may stand outside nested expansions.
 */
export function walkArithmetic(
  walk: Walk,
  frame: Frame,
  pos: number,
  end: number,
  expressions: readonly ArithmeticExpression[],
  refused: RegExp,
): void {
  // The length of an array is a number whatever the array holds.
  const text = frame.source.slice(pos, end).replace(/\$\{#\w+\[[@*]\]\}/g, "");
  if (/[[\]'"`#\\]/.test(text)) walk.refuse("arithmetic", frame, pos);
  walk.mark(frame, pos, end, ink.arithmetic);
  for (const expression of expressions) walkExpression(walk, deeper(frame), expression);
  if (frame.anchor !== null) return;
  let open = 0;
  for (let at = pos; at < end; at++) {
    if (walk.paint[at] !== ink.arithmetic) continue;
    const char = frame.source[at] ?? "";
    if (char === "(") open++;
    if (char === ")") open--;
    if (open < 0 || refused.test(char)) {
      walk.refuse("arithmetic", frame, at);
      return;
    }
  }
  if (open !== 0) walk.refuse("arithmetic", frame, pos);
}

function walkExpression(walk: Walk, frame: Frame, expression: ArithmeticExpression): void {
  if (!walk.spend(frame, expression.pos)) return;
  const inner = deeper(frame);
  switch (expression.type) {
    case "ArithmeticBinary":
      walkExpression(walk, inner, expression.left);
      walkExpression(walk, inner, expression.right);
      return;
    case "ArithmeticUnary":
      walkExpression(walk, inner, expression.operand);
      return;
    case "ArithmeticTernary":
      walkExpression(walk, inner, expression.test);
      walkExpression(walk, inner, expression.consequent);
      walkExpression(walk, inner, expression.alternate);
      return;
    case "ArithmeticGroup":
      walkExpression(walk, inner, expression.expression);
      return;
    case "ArithmeticWord": {
      const draft = new WordDraft();
      for (const part of expression.parts ?? []) {
        if (part.type !== "Literal") walkParts(walk, inner, [part], part.pos, part.end, draft, "none", ink.arithmetic);
      }
      return;
    }
    case "ArithmeticCommandExpansion":
      walkSubstitution(walk, inner, expression);
      return;
    default:
      expression satisfies never;
      walk.refuse("unknown-syntax", frame, frame.anchor?.pos ?? 0);
  }
}
