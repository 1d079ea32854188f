/** A regex as a tree, in the reading of JavaScript's `u` mode; the one place that knows the parser. */
import { type AST, RegExpParser, RegExpSyntaxError } from "@eslint-community/regexpp";

export type { AST as RegexAst } from "@eslint-community/regexpp";

export type RegexParse =
  | { readonly kind: "tree"; readonly tree: AST.Pattern }
  | { readonly kind: "invalid"; readonly detail: string };

/** INVARIANT: 2024 is what the oldest supported Node reads; a rule must mean the same on all of them. */
const parser = new RegExpParser({ ecmaVersion: 2024 });

export function parseRegex(source: string): RegexParse {
  try {
    return { kind: "tree", tree: parser.parsePattern(source, 0, source.length, { unicode: true }) };
  } catch (cause) {
    if (!(cause instanceof RegExpSyntaxError)) return { kind: "invalid", detail: "it nests too deeply" };
    const what = cause.message.replace(/^Invalid regular expression: .*: (?=[^:]*$)/su, "");
    return {
      kind: "invalid",
      detail: `${what.charAt(0).toLowerCase()}${what.slice(1)} at character ${cause.index + 1}`,
    };
  }
}
