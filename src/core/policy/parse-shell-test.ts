/** `[*.shell]` as written -> conditions on one simple command. A condition that no command can meet is a problem. */
import type { Regex, ShellTest } from "./policy.js";
import type { ShellInput } from "./policy.schema.js";
import type { Report } from "./rule-report.js";
import type { TomlPath } from "./toml-positions.js";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** One or many, as the language accepts both everywhere. */
export function listOf<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === "string" ? [value] : value;
}

const LISTS = [
  ["program", "program"],
  ["subcommand", "subcommand"],
  ["flags_any", "flagsAny"],
  ["flags_all", "flagsAll"],
  ["flags_none", "flagsNone"],
  ["paths_inside", "pathsInside"],
  ["paths_outside", "pathsOutside"],
  ["env", "env"],
  ["in_pipeline_with", "inPipelineWith"],
] as const satisfies readonly (readonly [keyof ShellInput, keyof ShellTest])[];

/** `regexOf` compiles one regex and reports it when it is refused. */
export function parseShellTest(
  input: ShellInput,
  path: TomlPath,
  report: Report,
  regexOf: (key: string, source: string, path: TomlPath) => Regex | undefined,
): ShellTest {
  const test: Mutable<ShellTest> = {};
  const read = (key: string, value: string | readonly string[], at: TomlPath): readonly string[] => {
    const list = listOf(value);
    if (list.length === 0 || list.includes("")) report.add(at, "empty-list", { key });
    return list;
  };
  for (const [key, name] of LISTS) {
    const value = input[key];
    if (value !== undefined) test[name] = read(`shell.${key}`, value, [...path, key]);
  }
  if (input.effect !== undefined) {
    test.effect = listOf(input.effect);
    if (test.effect.length === 0) report.add([...path, "effect"], "empty-list", { key: "shell.effect" });
  }
  if (input.args !== undefined) {
    const sources = read("shell.args", input.args, [...path, "args"]);
    test.args = sources.flatMap((source) => regexOf("shell.args", source, [...path, "args"]) ?? []);
  }
  if (input.redirects !== undefined) {
    const redirects: Mutable<NonNullable<ShellTest["redirects"]>> = {};
    for (const mode of ["read", "write", "append"] as const) {
      const value = input.redirects[mode];
      if (value === undefined) continue;
      redirects[mode] = read(`shell.redirects.${mode}`, value, [...path, "redirects", mode]);
    }
    if (Object.keys(redirects).length === 0)
      report.add([...path, "redirects"], "empty-list", { key: "shell.redirects" });
    test.redirects = redirects;
  }
  if (Object.keys(test).length === 0) report.add(path, "empty-list", { key: "shell" });
  reportContradictions(test, path, report);
  return test;
}

function reportContradictions(test: ShellTest, path: TomlPath, report: Report): void {
  const none = test.flagsNone ?? [];
  const both = (test.flagsAll ?? []).find((flag) => none.includes(flag));
  if (both !== undefined) never(["flags_none"], `\`${both}\` is in \`flags_all\` and in \`flags_none\``);
  const any = test.flagsAny ?? [];
  if (any.length > 0 && any.every((flag) => none.includes(flag))) {
    never(["flags_none"], "every flag of `flags_any` is in `flags_none`");
  }
  const outside = test.pathsOutside ?? [];
  const folder = (test.pathsInside ?? []).find((one) => outside.includes(one));
  if (folder !== undefined) never(["paths_outside"], `\`${folder}\` is in \`paths_inside\` and in \`paths_outside\``);

  function never(key: TomlPath, why: string): void {
    report.add([...path, ...key], "never-matches", { why, hint: "remove one of the two" });
  }
}
