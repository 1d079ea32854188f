/**
 * The text of one policy file -> rules, settings, wrappers and includes, each with its place. It reads no other file,
 * and what one rule gets wrong does not hide the next one: everything wrong is told at once, nothing is thrown.
 */

import { problem } from "../errors.js";
import type { WrapperDeclaration } from "../shell/shell.js";
import { checkShape, nameOf } from "./check-shape.js";
import { olderSections } from "./older-file.js";
import { parseRule, type RuleContext } from "./parse-rule.js";
import { parseSettings } from "./parse-settings.js";
import { listOf } from "./parse-shell-test.js";
import type { Problem, RuleKind } from "./policy.js";
import { includeSchema, knownKeys, policyFileSchema, wrapperSchema } from "./policy.schema.js";
import type { FileOrigin, FileRule, Include, PolicyFile, WrittenSettings } from "./policy-file.js";
import { Report } from "./rule-report.js";
import { nameHint } from "./suggest-name.js";
import { parseToml, type TomlTable } from "./toml.js";
import { type TomlPath, tomlPositions } from "./toml-positions.js";

export const MAX_FILE_BYTES = 1_048_576;
export const MAX_FILE_RULES = 2_000;
export const RULE_KINDS = [
  "deny",
  "ask",
  "allow",
  "passthrough",
  "deny_promote",
] as const satisfies readonly RuleKind[];

/** Checks by the heavy checker: a stranger's file may cost less time than one's own. */
const CHECKS = { checks: 5, timeoutMs: 8_000 };
const PROJECT_CHECKS = { checks: 2, timeoutMs: 1_000 };

export interface ParsedFile {
  /** `null` when the text is no TOML at all; else what was understood, `sound` when that is everything. */
  readonly policyFile: PolicyFile | null;
  readonly problems: readonly Problem[];
}

export function parsePolicyFile(text: string, origin: FileOrigin): ParsedFile {
  const { file } = origin;
  const size = Buffer.byteLength(text);
  if (size > MAX_FILE_BYTES) {
    return refusedWith(problem("file-too-large", { size: String(size), limit: String(MAX_FILE_BYTES) }, { file }));
  }
  const toml = parseToml(text, file);
  if (toml.kind === "problem") return refusedWith(toml.problem);
  const places = tomlPositions(text);
  if (places.kind === "invalid") {
    return refusedWith(problem("toml-syntax", { detail: places.detail }, { file, ...places.position }));
  }
  const report = new Report(file, places.positions);
  const budget = { ...(origin.layer === "project" ? PROJECT_CHECKS : CHECKS) };
  const policyFile = new FileReader(toml.table, { origin, budget, report }).read();
  const problems = [...report.problems].sort(byPlace);
  return { policyFile: { ...policyFile, sound: !problems.some((one) => one.severity === "error") }, problems };
}

function refusedWith(found: Problem): ParsedFile {
  return { policyFile: null, problems: [found] };
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

class FileReader {
  private readonly rules: FileRule[] = [];
  private readonly includes: Include[] = [];
  private wrappers: WrapperDeclaration[] = [];
  private settings: WrittenSettings = {};
  private count = 0;

  constructor(
    private readonly root: TomlTable,
    private readonly context: RuleContext,
  ) {}

  read(): Omit<PolicyFile, "sound"> {
    const { origin } = this.context;
    this.readOwnKeys();
    return {
      file: origin.file,
      layer: origin.layer,
      trusted: origin.trusted,
      ...(origin.includedFrom === undefined ? {} : { includedFrom: origin.includedFrom }),
      includes: this.includes,
      rules: this.rules,
      wrappers: this.wrappers,
      settings: this.settings,
    };
  }

  private readOwnKeys(): void {
    const { report } = this.context;
    const known = knownKeys(policyFileSchema, []);
    const older = olderSections(this.root, known, report);
    for (const [key, value] of Object.entries(this.root)) {
      const kind = RULE_KINDS.find((one) => one === key);
      if (kind !== undefined) this.readRules(kind, value, [kind]);
      else if (key === "include") this.readIncludes(value, ["include"]);
      else if (key === "settings" && this.isAccepted(key)) this.readSettings(value);
      else if (key === "wrapper" && this.isAccepted(key)) this.readWrappers(value);
      else if (!known.includes(key) && !older.names.has(key)) {
        report.add([key], "unknown-key", { key, where: "the file", hint: nameHint(key, known) });
      }
    }
    for (const { kind, tables, path, enabled } of older.rules) this.readRules(kind, tables, path, enabled);
    for (const { files, path } of older.includes) this.readIncludes(files, path);
    if (older.llm !== undefined && this.isAccepted("llm_fallback")) this.settings = { ...older.llm, ...this.settings };
  }

  private readSettings(value: unknown): void {
    const { report, budget, origin } = this.context;
    this.settings = parseSettings(value, report, budget);
    if (origin.layer === "managed") return;
    if (this.settings.allowWrites !== undefined) {
      report.add(["settings", "allow_writes"], "managed-key", { key: "allow_writes" });
    }
    if (this.settings.ship?.profile !== "full") return;
    report.add(["settings", "ship", "profile"], "managed-key", { key: 'profile = "full"' });
    const { profile: _, ...ship } = this.settings.ship;
    this.settings = { ...this.settings, ship };
  }

  /** What a project file may not say (SPEC section 2). */
  private isAccepted(key: string): boolean {
    if (this.context.origin.layer !== "project") return true;
    this.context.report.add([key], "project-key", { key });
    return false;
  }

  private readRules(kind: RuleKind, value: unknown, path: TomlPath, enabled = true): void {
    const { report } = this.context;
    if (!Array.isArray(value)) {
      const key = nameOf(path);
      const hint = `write [[${key}]] with two brackets`;
      report.add(path, "wrong-type", { key, expected: "a list of tables", actual: "one table", hint });
      return;
    }
    if (kind === "deny_promote" && !this.isAccepted(kind)) return;
    for (const [index, table] of value.entries()) {
      this.count++;
      if (this.count === MAX_FILE_RULES + 1) {
        const count = String(this.count);
        report.add([...path, index], "too-many-rules", { count: `${count} or more`, limit: String(MAX_FILE_RULES) });
      }
      if (this.count > MAX_FILE_RULES) return;
      const rule = parseRule(kind, table, [...path, index], this.context);
      if (rule !== undefined) this.rules.push(enabled ? rule : { ...rule, enabled: false });
    }
  }

  private readIncludes(value: unknown, path: TomlPath): void {
    const { report } = this.context;
    const written = checkShape(includeSchema, value, path, report);
    for (const [index, include] of listOf(written ?? []).entries()) {
      const source = report.at([...path, index]);
      if (include.trim() === "") report.add([...path, index], "empty-list", { key: nameOf(path) });
      else this.includes.push({ path: include, source });
    }
  }

  private readWrappers(value: unknown): void {
    const { report } = this.context;
    if (!Array.isArray(value)) {
      const hint = "write [[wrapper]] with two brackets";
      report.add(["wrapper"], "wrong-type", {
        key: "wrapper",
        expected: "a list of tables",
        actual: "one table",
        hint,
      });
      return;
    }
    this.wrappers = value.flatMap((table: unknown, index) => {
      const input = checkShape(wrapperSchema, table, ["wrapper", index], report);
      if (input === undefined) return [];
      if (!/^[^\s/]+$/.test(input.program)) {
        const expected = "the bare name of a program";
        report.add(["wrapper", index, "program"], "wrong-type", {
          key: "program",
          expected,
          actual: `"${input.program}"`,
        });
        return [];
      }
      return [{ program: input.program, valueFlags: listOf(input.value_flags ?? []), skip: input.skip ?? 0 }];
    });
  }
}
