/**
 * The catalogue of everything that can be wrong with a policy file or an argument: code -> message and hint.
 * Texts live here and nowhere else; code passes values. It refuses to print user text raw: control characters are
 * made visible and long text is cut.
 */
import type { Problem } from "./policy/policy.js";

interface Entry {
  readonly severity: "error" | "warning";
  /** Lower-case sentence; `{name}` stands for a value. */
  readonly message: string;
  /** What to do; left out when it comes out empty. */
  readonly hint?: string;
}

const error = (message: string, hint?: string): Entry => ({ severity: "error", message, ...(hint ? { hint } : {}) });
const warning = (message: string, hint?: string): Entry => ({
  severity: "warning",
  message,
  ...(hint ? { hint } : {}),
});

const CATALOGUE = {
  // Files
  "file-unreadable": error("cannot read `{file}`: {detail}", "check the path and its permissions"),
  "file-too-large": error("the file has {size} bytes, more than {limit}", "split it and use `include`"),
  "file-not-text": error("the file is not UTF-8 text", "save it as UTF-8"),
  "too-many-rules": error("there are {count} rules, more than {limit}", "merge rules: one list can hold many programs"),
  "config-missing": error(
    "the policy file `{file}` does not exist",
    "check the path given, --config and CLAUDE_PERMIT_CONFIG",
  ),
  "include-missing": error("included file `{include}` does not exist", "paths are relative to the including file"),
  "include-glob": error(
    "`{include}` has a wildcard in the name of a folder",
    "use `*` and `?` in the file name only, and one `include` for each folder",
  ),
  "include-cycle": error("`{include}` includes itself: {chain}", "remove one of the includes"),
  "include-outside": error("`{include}` leads out of the project's `.claude/` folder", "move the file inside it"),
  "include-limit": error("there are more than {limit} included files", "merge some of them"),

  // Shape
  "toml-syntax": error("{detail}", "{hint}"),
  "unknown-key": error("unknown key `{key}` in {where}", "{hint}"),
  "unusable-key": error("the key `{key}` cannot be used", "rename or remove it"),
  "wrong-type": error("`{key}` must be {expected}, not {actual}", "{hint}"),
  "missing-key": error("`{key}` is missing in {where}", "add `{key}`, {expected}"),
  "empty-list": error("`{key}` is an empty list, so the rule could never match", "fill it or remove the key"),
  "wrong-name": error(
    "`{name}` cannot be a rule's name",
    "use up to 100 letters, digits, spaces and `-_.:/`, beginning with a letter or digit",
  ),
  "wrong-duration": error("`{key}` must be a duration, not `{value}`", 'write a number and a unit, like "24h" or "7d"'),
  "wrong-date": error("`{key}` must be a date, not `{value}`", "write 2027-01-31 or 2027-01-31T12:00:00Z"),
  "no-condition": error(
    "the rule has no condition, so it would match every call",
    'add `pattern`, `tool`, `fields` or `shell`; if every call is meant, write tool = ".*"',
  ),
  "managed-key": warning("`{key}` counts in the managed file only", "remove it here"),
  "project-key": error("`{key}` is not accepted in a project file", "move it to your own config.toml"),

  // Regexes
  "regex-syntax": error("`{key}` is not a valid regex: {detail}", "{hint}"),
  "regex-idiom": error("`{idiom}` in `{key}` is not JavaScript's spelling: {why}", "write {spelling}"),
  "regex-exponential": error(
    "`{key}` can take exponential time: `{regex}`",
    "remove the repetition inside a repetition, or make its parts exclude each other",
  ),
  "regex-polynomial": error(
    "`{key}` can take time in the power of {degree}: `{regex}`",
    "begin with `^`, or replace `.*` by a class that stops at the next word, like `[^|]*`",
  ),
  "regex-unproven": error(
    "`{key}` could not be shown to be fast: `{regex}`",
    "simplify it: fewer repetitions, no back-reference",
  ),

  // Claude Code's rule syntax
  "pattern-syntax": error("`{pattern}` is not a permission rule: {detail}", "write `Tool` or `Tool(what)`"),
  "pattern-fragment": error(
    "`{pattern}` is a piece of a shell statement (`{word}`), not a command",
    "name the program that runs, like `Bash(npm test)`; or remove it",
  ),
  "pattern-ignored": error("Claude Code never consults `{tool}(...)` rules", "write `{instead}`"),
  "pattern-specifier": error("`{tool}` takes no `(...)`", "write `{tool}`"),
  "pattern-kind": error("`{pattern}` is understood in deny and ask rules only", "{hint}"),
  "pattern-domain": error("`{pattern}` must name a domain", "write `WebFetch(domain:example.com)`"),
  "pattern-parent": error("`{pattern}` leaves the folder it starts in", "write the absolute path: `{tool}(//path)`"),
  "pattern-variable": error("variables are not expanded in `{pattern}`", "write `~/path` or `//absolute/path`"),
  "pattern-negation": error("`!` has no meaning in `{pattern}`", "write the exception as a rule of its own"),
  "pattern-wildcards": error("`{pattern}` has too many wildcards to be judged quickly", "use at most two `**` or `*`"),
  "pattern-rooted": {
    severity: "warning",
    message: "`{pattern}` starts at the project root, not at the root of the file system",
    hint: "write two slashes for an absolute path: `{instead}`",
  },

  // Rules together
  "duplicate-name": error("the name `{name}` is already taken at {first}", "names are unique over all files"),
  "duplicate-rule": warning("the rule says the same as the one at {first}", "remove one of them"),
  "never-matches": error("the rule can never match: {why}", "{hint}"),
  "unknown-tool": warning("no tool `{tool}` is known", "{hint}"),
  expired: warning("the rule expired on {date}", "remove it, or move the date"),
  "untrusted-allow": warning(
    "{count} allow or passthrough rules of this project file do not count yet",
    "read the file, then run `claude-permit trust`",
  ),
  "trust-changed": warning(
    "the project's rules changed since they were trusted, so its allow rules do not count",
    "read the change, then run `claude-permit trust` again",
  ),
  "unsound-allow": warning(
    "{count} allow or passthrough rules do not count while the file has errors",
    "mend the errors above",
  ),
  "example-fails": error("`{list}` says `{example}` {expected}, but it {actual}", "mend the rule or the example"),
  "example-tool": error("it is not clear which tool the example `{example}` is about", "name one tool in `tool`"),

  // The older dialect
  "older-ignored": warning("`{key}` of claude-code-permissions-hook has no meaning here", "{hint}"),
  "older-exclude": error(
    "`{key}` without `{partner}` never matched in claude-code-permissions-hook",
    "add `{partner}`, or use `exclude`",
  ),
  "older-either": error(
    "`subagent_type` and `prompt_regex` in one rule meant either of them",
    "write two rules, one for each",
  ),
  "older-both": error("a rule has both `{key}` and `{partner}`", "keep one of them"),

  // Imports
  "settings-json": error(
    "not valid JSON: {detail}",
    "Claude Code ignores the whole file, its deny rules too; mend it, then import again",
  ),
  "settings-secret": error(
    "an entry of `{list}` holds a secret and was left out",
    "revoke the secret, and remove the entry from the settings file",
  ),
  "settings-lines": error(
    "an entry of `{list}` spans several lines, so it names no one command: `{pattern}`",
    "write a rule for the program it runs",
  ),
  "settings-several": error(
    "`{pattern}` holds several commands; rules judge each one by itself",
    "write one rule for each command, or use `in_pipeline_with`",
  ),
  "older-tool-only": error(
    "an allow rule for `{tool}` without a regex never matched in claude-code-permissions-hook; here it would allow every call",
    "add a condition, or write the rule yourself",
  ),

  // Lint
  "lint-broad": warning("the allow rule covers very much: {why}", "{hint}"),
  "lint-danger": warning(
    "the allow rule also covers {witnesses}",
    "name the options and folders that are meant, or add an ask rule for the rest",
  ),
  "lint-operator": warning(
    "`{regex}` names an operator of the shell, but a rule sees one command at a time",
    "use `in_pipeline_with` or `redirects` in `shell`, or add raw = true",
  ),
  "lint-shadowed": warning("the rule never decides: {by} at {first} matches first", "remove it, or narrow the other"),
  "lint-subsumed": warning(
    "the rule adds nothing: {by} at {first} matches all it matches, like `{witness}`",
    "remove it, or narrow the other",
  ),
  "lint-unanchored": warning(
    "`{regex}` is looked for anywhere, so a command that only mentions it is allowed too",
    "begin it with `^`",
  ),
  "lint-never-hit": warning("the rule had no hit since {since}", "remove it, unless it is for work that comes rarely"),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof CATALOGUE;

export const ERROR_CODES: Readonly<Record<ErrorCode, Entry>> = CATALOGUE;

export interface ProblemPlace {
  readonly file?: string;
  /** 1-based, both. */
  readonly line?: number;
  readonly column?: number;
  /** Name of the rule it is about. */
  readonly rule?: string;
}

/** User text made fit for one line of a terminal: control and direction characters visible, at most 200 characters. */
export function shown(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return char === "\n" ? "\\n" : char === "\t" ? "\\t" : `\\u{${code.toString(16)}}`;
  });
  const chars = [...visible];
  return chars.length > 200 ? `${chars.slice(0, 199).join("")}…` : visible;
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? shown(values[name] ?? "") : "",
  );
}

/** Builds a problem; `values` fill the placeholders of the catalogue's text. */
export function problem(
  code: ErrorCode,
  values: Readonly<Record<string, string>> = {},
  place: ProblemPlace = {},
): Problem {
  const entry = ERROR_CODES[code];
  const hint = entry.hint === undefined ? "" : fill(entry.hint, values);
  return {
    severity: entry.severity,
    code,
    message: fill(entry.message, values),
    ...(hint === "" ? {} : { hint }),
    ...place,
  };
}

/** The same finding as a warning: a stranger's broken file must not break the user's policy. */
export function asWarning(found: Problem): Problem {
  return { ...found, severity: "warning" };
}

/** `file:line:col: error: rule `name`: message` and, on a second line, the hint. */
export function formatProblem(found: Problem): string {
  const at = [found.file, found.line, found.column].filter((part) => part !== undefined).join(":");
  const rule = found.rule === undefined ? "" : `rule \`${shown(found.rule)}\`: `;
  const first = `${at === "" ? "" : `${shown(at)}: `}${found.severity}: ${rule}${found.message}`;
  return found.hint === undefined ? first : `${first}\n  hint: ${found.hint}`;
}
