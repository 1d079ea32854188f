/**
 * `$(…)`, backticks, `<(…)` and `>(…)`: walks the script inside as commands of the same text. A substitution that touches
 * other text, or whose script is not plainly between its own ends, is refused.
 */
import type { ArithmeticExpression, ParsedScript, WordPart } from "./ast.js";
import { ink } from "./ink.js";
import { type Frame, type Walk, within } from "./parse-walk.js";

type ScriptHolder =
  | Extract<WordPart, { type: "CommandExpansion" | "ProcessSubstitution" }>
  | Extract<ArithmeticExpression, { type: "ArithmeticCommandExpansion" }>;

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
