/** `[[ … ]]`: walks its words; between them only its own operators may stand. It holds no simple command of its own. */
import type { AstWord, TestExpression } from "./ast.js";
import { ink } from "./ink.js";
import { deeper, type Frame, type Span, type Walk } from "./parse-walk.js";
import { walkWord } from "./words.js";

export function walkTestCommand(walk: Walk, frame: Frame, { pos, end }: Span, expression: TestExpression): void {
  const text = frame.source.slice(pos, end);
  if (!/^\[\[\s/.test(text) || !text.endsWith("]]")) walk.refuse("syntax", frame, pos);
  const words: Span[] = [];
  walk.mark(frame, pos, end, ink.test);
  walkTest(walk, deeper(frame), expression, words);
  let at = pos + 2;
  for (const word of [...words, { pos: end - 2, end }]) {
    if (!/^[\s!()&|<>=~A-Za-z-]*$/.test(frame.source.slice(at, word.pos))) walk.refuse("unknown-syntax", frame, at);
    at = word.end;
  }
}

function walkTest(walk: Walk, frame: Frame, expression: TestExpression, words: Span[]): void {
  if (!walk.spend(frame, expression.pos)) return;
  const inner = deeper(frame);
  const visit = (word: AstWord): void => {
    words.push(word);
    walkWord(walk, inner, word, ink.test);
  };
  switch (expression.type) {
    case "TestUnary":
      visit(expression.operand);
      if (expression.operator === "-v") walk.evaluate(frame, expression.operand);
      return;
    case "TestBinary":
      if (CALCULATES.test(expression.operator)) {
        walk.evaluate(frame, expression.left);
        walk.evaluate(frame, expression.right);
      }
      visit(expression.left);
      visit(expression.right);
      return;
    case "TestLogical":
      for (const operand of expression.operands) walkTest(walk, inner, operand, words);
      return;
    case "TestNot":
      walkTest(walk, inner, expression.operand, words);
      return;
    case "TestGroup":
      walkTest(walk, inner, expression.expression, words);
      return;
    default:
      expression satisfies never;
      walk.refuse("unknown-syntax", frame, frame.anchor?.pos ?? 0);
  }
}

const CALCULATES = /^-(?:eq|ne|lt|le|gt|ge)$/;
