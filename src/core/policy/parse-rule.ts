/**
 * One table of a policy file -> a rule, or problems. Everything a rule needs is made here: regexes, the pattern,
 * conditions, examples, provenance; only its place and id come when files are put together.
 */
import { checkShape } from "./check-shape.js";
import { reportContradictions } from "./contradictions.js";
import { parseMoment } from "./moment.js";
import { type OlderRule, olderRule } from "./older-rule.js";
import { listOf, parseShellTest } from "./parse-shell-test.js";
import { compilePattern } from "./pattern.js";
import type { Example, FieldTest, Provenance, Regex, RuleKind } from "./policy.js";
import { type RuleInput, ruleSchema } from "./policy.schema.js";
import type { FileOrigin, FileRule } from "./policy-file.js";
import { compileRegex } from "./regex.js";
import type { CheckBudget } from "./regex-safety.js";
import type { Report } from "./rule-report.js";
import { isTable } from "./toml.js";
import type { TomlPath } from "./toml-positions.js";

export interface RuleContext {
  readonly origin: FileOrigin;
  readonly budget: CheckBudget;
  readonly report: Report;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** `undefined` when it has an error; the report then says which. */
export function parseRule(kind: RuleKind, value: unknown, path: TomlPath, context: RuleContext): FileRule | undefined {
  const report = context.report.about(writtenName(value));
  const before = errorCount(report);
  const input = checkShape(ruleSchema, value, path, report);
  if (input === undefined) return undefined;
  const rule = new RuleReader(kind, input, path, { ...context, report }).read();
  return errorCount(report) > before ? undefined : rule;
}

function writtenName(value: unknown): string | undefined {
  if (!isTable(value)) return undefined;
  const name = value["name"] ?? value["id"];
  return typeof name === "string" ? name : undefined;
}

const errorCount = (report: Report): number => report.problems.filter((one) => one.severity === "error").length;

class RuleReader {
  constructor(
    private readonly kind: RuleKind,
    private readonly input: RuleInput,
    private readonly path: TomlPath,
    private readonly context: RuleContext,
  ) {}

  read(): FileRule {
    const { kind, input, path } = this;
    const { origin, report } = this.context;
    const older = olderRule(input, path, report);
    const rule: Mutable<FileRule> = {
      kind,
      layer: origin.layer,
      trusted: origin.trusted,
      source: report.at(path),
      enabled: input.enabled ?? true,
      fields: [...this.tests("fields", false), ...this.olderTests(older.fields)],
      exclude: [
        ...this.tests("exclude", true).map((test) => ({ ...test, seesRaw: false })),
        ...this.olderTests(older.exclude).map((test) => ({ ...test, seesRaw: true })),
      ],
      raw: input.raw ?? (older.spansCommands && (kind === "deny" || kind === "ask")),
    };
    this.readName(rule);
    if (input.description !== undefined) rule.description = input.description;
    if (input.reason !== undefined) rule.reason = input.reason;
    const tool = this.tool(older.tool);
    if (tool !== undefined) rule.tool = tool;
    if (input.pattern !== undefined) this.readPattern(rule, input.pattern);
    if (input.shell !== undefined) {
      const regexOf = (key: string, source: string, at: TomlPath) => this.regex(key, source, at);
      rule.shell = parseShellTest(input.shell, [...path, "shell"], report, regexOf);
    }
    this.readCircumstances(rule);
    this.readExamples(rule);
    reportContradictions(rule, input, path, report);
    return rule;
  }

  private readName(rule: Mutable<FileRule>): void {
    const key = this.input.name === undefined ? "id" : "name";
    const name = this.input[key];
    if (name === undefined) return;
    if (/^[\p{L}\p{N}][\p{L}\p{N} \-_.:/]{0,99}$/u.test(name)) rule.name = name;
    else this.context.report.add([...this.path, key], "wrong-name", { name });
  }

  private regex(
    key: string,
    source: string,
    at: TomlPath,
    author: "javascript" | "rust" = "javascript",
    whole = false,
  ) {
    const result = compileRegex(key, source, { author, whole, budget: this.context.budget });
    if (result.kind === "regex") return result.regex;
    this.context.report.add(at, result.code, result.values);
    return undefined;
  }

  /** An own `tool` is anchored; the older `tool_regex` was not, and may have an exclude of its own. */
  private tool(older: OlderRule["tool"]): Regex | undefined {
    const { input, path } = this;
    if (input.tool !== undefined) return this.regex("tool", input.tool, [...path, "tool"], "javascript", true);
    if (older === undefined) return undefined;
    const at = [...path, "tool_regex"];
    const is = this.regex("tool_regex", older.is, at, "rust");
    if (older.not === undefined || is === undefined) return is;
    const not = this.regex("tool_exclude_regex", older.not, [...path, "tool_exclude_regex"], "rust");
    if (not === undefined) return undefined;
    return this.regex("tool_regex", `^(?![^]*(?:${not.source}))[^]*(?:${is.source})`, at);
  }

  private tests(key: "fields" | "exclude", isExclude: boolean): FieldTest[] {
    const written = this.input[key];
    if (written === undefined) return [];
    const at = [...this.path, key];
    const entries = Object.entries(written);
    if (entries.length === 0 && !isExclude) this.context.report.add(at, "empty-list", { key });
    return entries.flatMap(([field, source]) => {
      const regex = this.regex(`${key}.${field}`, source, [...at, field]);
      return regex === undefined ? [] : [{ field, regex }];
    });
  }

  private olderTests(tests: OlderRule["fields"]): FieldTest[] {
    return tests.flatMap(({ key, field, regex: source }) => {
      const regex = this.regex(key, source, [...this.path, key], "rust");
      return regex === undefined ? [] : [{ field, regex }];
    });
  }

  private readPattern(rule: Mutable<FileRule>, written: string): void {
    const { origin, report } = this.context;
    const baseFolder = origin.layer === "project" ? "" : origin.baseFolder;
    const result = compilePattern(written, { kind: this.kind, baseFolder });
    const at = [...this.path, "pattern"];
    if (result.kind === "refused") {
      report.add(at, result.code, result.values);
      return;
    }
    rule.pattern = result.pattern;
    if (result.warning !== undefined) report.add(at, result.warning.code, result.warning.values);
  }

  private list(key: "cwd" | "permission_mode"): readonly string[] | undefined {
    const value = this.input[key];
    if (value === undefined) return undefined;
    const list = listOf(value);
    if (list.length === 0 || list.includes("")) this.context.report.add([...this.path, key], "empty-list", { key });
    return list;
  }

  private readCircumstances(rule: Mutable<FileRule>): void {
    const { input } = this;
    const cwd = this.list("cwd");
    if (cwd !== undefined) rule.cwd = cwd;
    const permissionMode = this.list("permission_mode");
    if (permissionMode !== undefined) rule.permissionMode = permissionMode;
    if (input.session !== undefined) rule.session = input.session;
    if (input.sandbox !== undefined) rule.sandbox = input.sandbox;
    const expires = this.moment("expires");
    if (expires !== undefined) rule.expires = expires;
    const provenance = this.provenance();
    if (provenance !== undefined) rule.provenance = provenance;
  }

  private moment(key: "expires" | "promoted_at"): number | undefined {
    const value = this.input[key];
    if (value === undefined) return undefined;
    const time = parseMoment(value);
    if (time === undefined) this.context.report.add([...this.path, key], "wrong-date", { key, value: String(value) });
    return time;
  }

  private provenance(): Provenance | undefined {
    const { input } = this;
    const time = this.moment("promoted_at");
    if (time === undefined) return undefined;
    const provenance: Mutable<Provenance> = { promotedAt: new Date(time).toISOString() };
    if (input.promoted_tier !== undefined) provenance.promotedTier = input.promoted_tier;
    if (input.promoted_reasoning !== undefined) provenance.promotedReasoning = input.promoted_reasoning;
    if (input.promoted_session !== undefined) provenance.promotedSession = input.promoted_session;
    if (input.promoted_record !== undefined) provenance.promotedRecord = input.promoted_record;
    if (input.promoted_by !== undefined) provenance.promotedBy = input.promoted_by;
    return provenance;
  }

  private readExamples(rule: Mutable<FileRule>): void {
    const list = (value: string | readonly Example[]) => (typeof value === "string" ? [value] : value);
    if (this.input.match !== undefined) rule.match = list(this.input.match);
    if (this.input.not_match !== undefined) rule.notMatch = list(this.input.not_match);
  }
}
