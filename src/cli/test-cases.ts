/**
 * `test --file cases.toml`: a file of `[[case]]` tables, each a call and the decision it must get. Prints what differs;
 * a case that does not say what it expects is an error of the file.
 */
import { resolve } from "node:path";
import { plural } from "../analyze/report/shape.js";
import { formatProblem } from "../core/errors.js";
import type { Policy } from "../core/policy/policy.js";
import { isTable, parseToml, type TomlTable } from "../core/policy/toml.js";
import { toolShape } from "../core/tool-call.js";
import type { Invocation } from "./command.js";
import { CliError, EXIT, type ExitCode } from "./exit.js";
import { readText } from "./files.js";
import { callIn, folderOf, judge } from "./judge.js";
import { safeText } from "./print.js";
import { hookLocations } from "./where.js";

const EXPECTED = ["allow", "ask", "deny", "passthrough"] as const;

interface TestCase {
  readonly title: string;
  readonly tool: string;
  readonly input: TomlTable;
  readonly expect: (typeof EXPECTED)[number];
  readonly cwd: string | undefined;
  readonly mode: string | undefined;
  readonly attended: boolean;
}

export function runCases(invocation: Invocation, policy: Policy, file: string): ExitCode {
  const { io, json } = invocation;
  const folder = folderOf(invocation);
  const { osHome } = hookLocations(invocation);
  const results = readCases(resolve(io.cwd, file)).map((one) => {
    const cwd = one.cwd === undefined ? folder : resolve(folder, one.cwd);
    const { decision, rule, reason } = judge(policy, callIn(cwd, osHome, one), io.now());
    return {
      title: one.title,
      expected: one.expect,
      decision,
      rule: rule?.id ?? null,
      reason,
      ok: decision === one.expect,
    };
  });
  const failed = results.filter((result) => !result.ok);
  if (json) io.stdout.write(`${JSON.stringify({ cases: results.length, failed: failed.length, results })}\n`);
  else {
    for (const { title, expected, decision, rule } of failed) {
      const by = rule === null ? "" : ` by \`${rule}\``;
      io.stdout.write(`${safeText(`not as expected: ${title}: ${decision}${by}, expected ${expected}`)}\n`);
    }
    io.stdout.write(`${plural(results.length, "case")}, ${failed.length} not as expected\n`);
  }
  return failed.length === 0 ? EXIT.fine : EXIT.finding;
}

function readCases(file: string): readonly TestCase[] {
  const parsed = parseToml(readText(file), file);
  if (parsed.kind === "problem") throw new CliError("bad_cases", formatProblem(parsed.problem));
  const list = parsed.table["case"];
  if (!Array.isArray(list) || list.length === 0) {
    throw new CliError("bad_cases", `\`${file}\` has no [[case]]`, "[[case]] command = 'git push', expect = 'ask'");
  }
  return list.map((value, index) => parseCase(value, `${file}: case ${index + 1}`));
}

function parseCase(value: unknown, where: string): TestCase {
  const refuse = (what: string): never => {
    throw new CliError("bad_cases", `${where}: ${what}`, "keys: command, tool, input, expect, cwd, mode, headless");
  };
  if (!isTable(value)) return refuse("not a table");
  const text = (key: string): string | undefined => {
    const found = value[key];
    return found === undefined || typeof found === "string" ? found : refuse(`\`${key}\` must be a string`);
  };
  const tool = text("tool") ?? "Bash";
  const expect =
    EXPECTED.find((one) => one === value["expect"]) ?? refuse(`\`expect\` must be one of ${EXPECTED.join(", ")}`);
  const command = text("command");
  const input = value["input"];
  const main = toolShape(tool)?.main ?? "command";
  if (input !== undefined && !isTable(input)) return refuse("`input` must be a table");
  if (input === undefined && command === undefined) return refuse("neither `command` nor `input`");
  return {
    title: command ?? `${tool} ${JSON.stringify(input)}`,
    tool,
    input: input ?? { [main]: command },
    expect,
    cwd: text("cwd"),
    mode: text("mode"),
    attended: value["headless"] !== true,
  };
}
