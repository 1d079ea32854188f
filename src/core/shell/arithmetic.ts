/**
 * `$((…))`, `((…))` and `for ((…))`: shells evaluate the values of names and subscripts in them, and zsh falls back to a
 * subshell, so only plain characters may stand outside nested expansions.
 */
import type { ArithmeticExpression, WordPart } from "./ast.js";
import { ink } from "./ink.js";
import { deeper, type Frame, type Span, type Walk } from "./parse-walk.js";
import { walkSubstitution } from "./substitutions.js";
import { WordDraft } from "./word-draft.js";
import { walkParts } from "./words.js";

/** What may stand in an expression. */
const plain = /^[\sA-Za-z0-9_+\-*/%<>=!&|^~?:(),$]$/;

export function walkArithmeticExpansion(
  walk: Walk,
  frame: Frame,
  part: Extract<WordPart, { type: "ArithmeticExpansion" }>,
): void {
  const text = frame.source.slice(part.pos, part.end);
  walk.markStart(frame, part.pos);
  if (!text.startsWith("$((") || !text.endsWith("))")) walk.refuse("old-arithmetic", frame, part.pos);
  const isEmpty = text.slice(3, -2).trim() === "";
  if (part.expression === undefined && !isEmpty) walk.refuse("syntax", frame, part.pos);
  walkArithmetic(walk, frame, part, part.expression === undefined ? [] : [part.expression]);
}

/** Arithmetic with its own parentheses; `expressions` are what the parser found in it. `for ((` alone may hold `;`. */
export function walkArithmetic(
  walk: Walk,
  frame: Frame,
  { pos, end }: Span,
  expressions: readonly ArithmeticExpression[],
  isFor = false,
): void {
  // The length of an array is a number whatever the array holds.
  const text = frame.source.slice(pos, end).replace(/\$\{#\w+\[[@*]\]\}/g, "");
  if (/[[\]'"`#\\]/.test(text)) walk.refuse("arithmetic", frame, pos);
  walk.mark(frame, pos, end, ink.arithmetic);
  walk.evaluate(frame, { pos, end });
  for (const expression of expressions) walkExpression(walk, deeper(frame), expression);
  if (frame.anchor !== null) return;
  let open = 0;
  for (let at = pos; at < end; at++) {
    if (walk.paint[at] !== ink.arithmetic) continue;
    const char = frame.source[at] ?? "";
    if (char === "(") open++;
    if (char === ")") open--;
    if (open < 0 || !(plain.test(char) || (isFor && char === ";"))) {
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
