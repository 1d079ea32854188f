/**
 * Claude Code's permission rule syntax, `Tool` or `Tool(what)`, with the meanings of the contract's section 8.2 and
 * 8.3. What Claude Code accepts and then ignores is an error here: a rule that protects nothing must not look as if.
 */
import type { ErrorCode } from "../errors.js";
import { currentToolName } from "../tool-call.js";
import { escapeRegex, hostSource, wildcardSource } from "./glob.js";
import { readPathPattern } from "./pattern-path.js";
import { consultedTool, coveredTools, hasParameter, specifierOf } from "./pattern-tools.js";
import type { Pattern, Regex, RuleKind } from "./policy.js";
import { finishRegex, provenRegex } from "./regex.js";
import { NO_CHECKS } from "./regex-safety.js";

export interface PatternFinding {
  readonly code: ErrorCode;
  readonly values: Readonly<Record<string, string>>;
}

export type PatternResult =
  | { readonly kind: "pattern"; readonly pattern: Pattern; readonly warning?: PatternFinding }
  | ({ readonly kind: "refused" } & PatternFinding);

export interface PatternContext {
  readonly kind: RuleKind;
  /** Absolute folder that `/p` starts at, "" for the project root. */
  readonly baseFolder: string;
}

/** The source's regex put in a pattern, or the regex's own refusal. */
type Build = (source: string, flags: "u" | "iu", build: (regex: Regex) => Pattern) => PatternResult;

interface Asked {
  /** As written, for messages. */
  readonly written: string;
  readonly tool: string;
  readonly what: string;
  /** Deny, ask and deny_promote take the wider reading, allow and passthrough the narrower. */
  readonly wide: boolean;
  readonly baseFolder: string;
  readonly build: Build;
}

export function compilePattern(written: string, context: PatternContext): PatternResult {
  const wide = context.kind === "deny" || context.kind === "ask" || context.kind === "deny_promote";
  const build: Build = (source, flags, finish) => {
    // Only a path can be slow: the other sources are made so that they are not.
    const result = source.includes("(?!")
      ? provenRegex(source, flags)
      : finishRegex("pattern", source, flags, NO_CHECKS);
    if (result.kind === "regex") return { kind: "pattern", pattern: finish(result.regex) };
    return refuse("pattern-wildcards", { pattern: written });
  };
  const text = written.trim();
  const open = text.indexOf("(");
  if (open < 0) return compileTool(text, wide, build);
  if (!text.endsWith(")")) return malformed(text, "the closing `)` is missing");
  const tool = currentToolName(text.slice(0, open));
  const what = text.slice(open + 1, -1);
  if (what.trim() === "") return malformed(text, "there is nothing in `()`");
  if (what === "*") return compileTool(tool, wide, build);
  return compileSpecifier({ written: text, tool, what, wide, baseFolder: context.baseFolder, build });
}

function refuse(code: ErrorCode, values: Readonly<Record<string, string>>): PatternResult {
  return { kind: "refused", code, values };
}

const malformed = (pattern: string, detail: string): PatternResult => refuse("pattern-syntax", { pattern, detail });

function compileTool(tool: string, wide: boolean, build: Build): PatternResult {
  if (!/^[A-Za-z_*][\w.*-]*$/.test(tool)) {
    const isPrefix = /^[A-Za-z]+:\*$/.test(tool);
    return malformed(
      tool,
      isPrefix ? "`:*` belongs in brackets" : "a tool's name has letters, digits, `_`, `-` and `.`",
    );
  }
  const whole = (source: string) => build(source, "u", (regex) => ({ kind: "tool", tool: regex }));
  if (!tool.includes("*")) {
    // `mcp__server` is every tool of that server.
    if (/^mcp__(?:(?!__).)+$/.test(tool)) return whole(`^${escapeRegex(tool)}(?:__[^]*)?$`);
    const name = currentToolName(tool);
    const covered = wide ? coveredTools(name) : [name];
    return whole(`^(?:${covered.map(escapeRegex).join("|")})$`);
  }
  if (!wide && !/^mcp__[^*]+?__/.test(tool)) {
    const hint = "name the tool; only `mcp__server__*` may have a `*` in an allow rule";
    return refuse("pattern-kind", { pattern: tool, hint });
  }
  return whole(wildcardSource(tool));
}

function compileSpecifier(asked: Asked): PatternResult {
  const { written, tool, what, wide } = asked;
  if (!/^[A-Za-z_][\w.-]*$/.test(tool)) return malformed(written, "it must begin with a tool's name");
  const parameter = /^([A-Za-z_]\w*):(.+)$/s.exec(what);
  const specifier = specifierOf(tool);
  // `Bash(timeout:*)` is the program timeout, as every `x:*` is.
  const isPrefix = specifier === "command" && what.endsWith(":*");
  if (parameter !== null && !isPrefix && specifier !== "domain" && hasParameter(tool, parameter[1] ?? "")) {
    if (!wide) return refuse("pattern-kind", { pattern: written, hint: "use `fields` in an allow rule" });
    return compileParameter(asked, parameter[1] ?? "", parameter[2] ?? "");
  }
  switch (specifier) {
    case "command":
      return compileCommand(asked);
    case "path":
      return compilePath(asked);
    case "ignored-path":
      return refuse("pattern-ignored", { tool, instead: `${consultedTool(tool)}(${what})` });
    case "domain":
      return compileDomain(asked);
    case "agent":
      return asked.build(wildcardSource(what), "u", (agent) => ({ kind: "agent", agent }));
    case "skill":
      return asked.build(prefixSource(what, wide), "u", (skill) => ({ kind: "skill", skill }));
    case "none":
      return refuse("pattern-specifier", { tool });
  }
}

/** Words that are grammar of the shell, not programs; `time` and `!` stand before a program and are none of them. */
const GRAMMAR =
  /^(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|select|function|in|coproc|\{|\}|\[\[|\]\]|;;?|&&?|\|\|?|\)|\()(?=$|[\s;:*])/;

function compileCommand({ written, tool, what, wide, build }: Asked): PatternResult {
  const fragment = GRAMMAR.exec(what.trim());
  if (fragment !== null) return refuse("pattern-fragment", { pattern: written, word: fragment[0] });
  if (what.startsWith(":")) return malformed(written, "the program is missing");
  const ignoreCase = tool === "PowerShell";
  return build(prefixSource(what, wide), ignoreCase ? "iu" : "u", (command) => ({
    kind: "command",
    tool,
    command,
    ignoreCase,
  }));
}

/**
 * `x *` and `x:*` also match `x` alone, since the wildcard begins at a word's boundary. With another wildcard before
 * it that is only sure for deny and ask, which gain by it.
 */
function prefixSource(what: string, wide: boolean): string {
  const stem = /^(.+?)(?::\*| \*+)$/s.exec(what)?.[1];
  if (stem === undefined || (what.endsWith(" *") && stem.includes("*") && !wide)) return wildcardSource(what);
  return wildcardSource(stem, "word");
}

function compilePath({ written, tool, what, wide, baseFolder, build }: Asked): PatternResult {
  const read = readPathPattern(what.trim(), wide);
  if (read.kind === "refused") return refuse(read.code, { pattern: written, tool });
  const { anchor, source, isRooted } = read.path;
  const access = tool === "Edit" ? "edit" : "read";
  const result = build(source, "u", (path) => ({
    kind: "path",
    access,
    anchor,
    base: anchor === "source" ? baseFolder : "",
    path,
  }));
  if (result.kind === "refused" || !isRooted) return result;
  const values = { pattern: written, instead: `${tool}(/${what.trim()})` };
  return { ...result, warning: { code: "pattern-rooted", values } };
}

/** `*.h` is every host below h; a `*` elsewhere stays in one label. */
function compileDomain({ written, what, build }: Asked): PatternResult {
  const host = /^domain:\s*([\w*.:[\]-]+?)\.?$/.exec(what.trim())?.[1]?.toLowerCase();
  if (host === undefined) return refuse("pattern-domain", { pattern: written });
  if (host === "*") return build("^", "iu", (regex) => ({ kind: "domain", host: regex }));
  const below = host.startsWith("*.");
  const source = hostSource(below ? host.slice(2) : host);
  return build(`^${below ? "(?:[^.]+\\.)+" : ""}${source}$`, "iu", (regex) => ({ kind: "domain", host: regex }));
}

function compileParameter({ tool, build }: Asked, field: string, value: string): PatternResult {
  const name: Regex = { source: `^${escapeRegex(tool)}$`, flags: "u", literal: tool };
  return build(wildcardSource(value), "u", (regex) => ({ kind: "parameter", tool: name, field, value: regex }));
}
