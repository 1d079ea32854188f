/**
 * Regex text as a person wrote it -> a regex the engine may run, or the reason why not: another dialect's spelling,
 * a mistake, or a way to make it slow.
 */
import type { ErrorCode } from "../errors.js";
import { requiredLiteral } from "./literal.js";
import type { Regex } from "./policy.js";
import { findIdioms, type Idiom, translateRust } from "./regex-dialect.js";
import { type CheckBudget, regexSafety } from "./regex-safety.js";
import { parseRegex, type RegexAst } from "./regex-syntax.js";

export type RegexResult =
  | { readonly kind: "regex"; readonly regex: Regex }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly values: Readonly<Record<string, string>> };

export interface RegexOptions {
  /** Whose dialect the text is in. */
  readonly author: "javascript" | "rust";
  readonly ignoreCase?: boolean;
  /** The whole text must match. */
  readonly whole?: boolean;
  readonly budget: CheckBudget;
}

/** `key` is how the problem names the text. */
export function compileRegex(key: string, written: string, options: RegexOptions): RegexResult {
  const read = options.author === "rust" ? translateRust(written) : readJavaScript(written);
  if (read.kind === "untranslatable") return idiomRefused(key, read.idiom);
  const parsed = parseRegex(read.source);
  if (parsed.kind === "invalid")
    return refused("regex-syntax", { key, detail: parsed.detail, hint: syntaxHint(written) });
  const source = options.whole ? `^(?:${read.source})$` : read.source;
  const flags = [...new Set(`${read.flags}${options.ignoreCase ? "i" : ""}u`)].sort().join("");
  return finishRegex(key, source, flags, options.budget);
}

/** The common end for regexes that people write and regexes made from globs. */
export function finishRegex(key: string, source: string, flags: string, budget: CheckBudget): RegexResult {
  const parsed = parseRegex(source);
  if (parsed.kind === "invalid" || !isAccepted(source, flags)) {
    return refused("regex-syntax", { key, detail: parsed.kind === "invalid" ? parsed.detail : "not accepted here" });
  }
  const safety = regexSafety(parsed.tree, flags, budget);
  switch (safety.kind) {
    case "exponential":
      return refused("regex-exponential", { key, regex: source });
    case "polynomial":
      return refused("regex-polynomial", { key, regex: source, degree: String(safety.degree) });
    case "unproven":
      return refused("regex-unproven", { key, regex: source });
    case "fast":
      return withLiteral(parsed.tree, source, flags);
  }
}

/** For sources that are fast by the way they were made. */
export function provenRegex(source: string, flags: string): RegexResult {
  const parsed = parseRegex(source);
  if (parsed.kind === "invalid") return refused("regex-syntax", { key: "pattern", detail: parsed.detail });
  return withLiteral(parsed.tree, source, flags);
}

function withLiteral(tree: RegexAst.Pattern, source: string, flags: string): RegexResult {
  const literal = requiredLiteral(tree, flags);
  return { kind: "regex", regex: { source, flags, ...(literal === undefined ? {} : { literal }) } };
}

function readJavaScript(source: string) {
  const idiom = findIdioms(source, "javascript")[0];
  return idiom === undefined
    ? ({ kind: "source", source, flags: "" } as const)
    : ({ kind: "untranslatable", idiom } as const);
}

function idiomRefused(key: string, idiom: Idiom): RegexResult {
  return refused("regex-idiom", { key, idiom: idiom.text, why: idiom.why, spelling: idiom.spelling });
}

function refused(code: ErrorCode, values: Readonly<Record<string, string>>): RegexResult {
  return { kind: "refused", code, values };
}

function syntaxHint(source: string): string {
  // A basic TOML string turns \b into a backspace and \f into a form feed before we see it.
  return /[\b\f]/.test(source) ? "write regexes in single quotes: '\\bword\\b' keeps its backslashes" : "";
}

function isAccepted(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
