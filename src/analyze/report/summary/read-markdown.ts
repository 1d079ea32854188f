/**
 * Markdown that a model wrote -> the few blocks a report shows: paragraphs and lists of plain, strong, emphasised and code
 * text. INVARIANT: nothing else comes through. HTML is left out; of links, images and tables only their words stay, which
 * renderers escape like any other text.
 */
import { marked, type Token, type Tokens } from "marked";
import type { ProseBlock, ProseText } from "../report.schema.js";
import type { TextPart } from "./known-numbers.js";

type Style = ProseText["style"];

/** @param known says which numbers of a text are not in the data. */
export function readMarkdown(markdown: string, known: (text: string) => readonly TextPart[]): readonly ProseBlock[] {
  const textsOf = (tokens: readonly Token[]): ProseText[] =>
    joined(tokens.flatMap((token) => inlineTexts(token, "plain"))).flatMap(({ text, style }) =>
      flagged(text, style, known),
    );
  return blocksOf(marked.lexer(markdown), textsOf);
}

function blocksOf(tokens: readonly Token[], textsOf: (tokens: readonly Token[]) => ProseText[]): ProseBlock[] {
  return tokens.flatMap((token): ProseBlock[] => {
    switch (token.type) {
      case "list": {
        const { ordered, items } = token as Tokens.List;
        const entries = items.map((item) => textsOf(item.tokens)).filter((texts) => texts.length > 0);
        return entries.length === 0 ? [] : [{ kind: ordered ? "numbered" : "bullets", entries }];
      }
      case "blockquote":
        return blocksOf((token as Tokens.Blockquote).tokens, textsOf);
      case "space":
      case "hr":
      case "def":
      case "html":
        return [];
      default: {
        const texts = textsOf([token]);
        return texts.length === 0 ? [] : [{ kind: "paragraph", entries: [texts] }];
      }
    }
  });
}

interface Run {
  readonly text: string;
  readonly style: Style;
}

/** An escape splits a text, and must not split a number. */
function joined(runs: readonly Run[]): readonly Run[] {
  const whole: Run[] = [];
  for (const run of runs) {
    const last = whole.at(-1);
    if (last?.style === run.style) whole.splice(-1, 1, { ...run, text: last.text + run.text });
    else whole.push(run);
  }
  return whole;
}

function inlineTexts(token: Token, style: Style): Run[] {
  const inner = (as: Style) =>
    "tokens" in token && token.tokens !== undefined ? token.tokens.flatMap((one) => inlineTexts(one, as)) : plain(as);
  const plain = (as: Style) => ("text" in token && typeof token.text === "string" ? textOf(token.text, as) : []);
  switch (token.type) {
    case "strong":
    case "heading":
      return inner("strong");
    case "em":
      return inner(style === "plain" ? "emphasis" : style);
    case "codespan":
    case "code":
      return plain("code");
    case "html":
      return [];
    case "br":
      return [{ text: " ", style }];
    case "image":
      return plain(style);
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].flatMap((row) => row.flatMap(({ text }) => textOf(`${text} `, style)));
    }
    default:
      return inner(style);
  }
}

function textOf(text: string, style: Style): Run[] {
  return text === "" ? [] : [{ text: text.replaceAll(/\s+/g, " "), style }];
}

function flagged(text: string, style: Style, known: (text: string) => readonly TextPart[]): ProseText[] {
  return known(text).map((part) => ({ text: part.text, style, ...(part.isUnknown ? { unknown: true as const } : {}) }));
}
