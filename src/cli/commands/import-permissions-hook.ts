/** `import permissions-hook`: logs of claude-code-permissions-hook as records, its config as rules of ours. */
import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { importOlderConfig } from "../../analyze/import/import-older-config.js";
import { IMPORTED_PERMISSIONS_HOOK, importPermissionsHookLogs } from "../../analyze/import/import-permissions-hook.js";
import { plural } from "../../analyze/report/shape.js";
import { redactText } from "../../core/audit/redact.js";
import { projectOf } from "../../store/git-root.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { readText, writeNewFile } from "../files.js";
import { describeCalls } from "../import-with.js";
import { printProblems, safeText } from "../print.js";
import { refuseReadOnly } from "../refuse.js";
import { locationsOf } from "../where.js";

const SHOWN = 5;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args } = invocation;
  const [given] = args;
  if (given === undefined)
    throw new CliError("bad_usage", "nothing to import", "name its config (.toml) or its logs (file or folder)");
  const path = resolve(io.cwd, given);
  return path.endsWith(".toml") ? importConfig(invocation, path) : importLogs(invocation, path);
}

function importConfig(invocation: Invocation, file: string): ExitCode {
  const { io, json } = invocation;
  const resolveInclude = (path: string) => resolve(dirname(file), path);
  const { toml, rules, problems } = importOlderConfig(readText(file), { file, resolveInclude });
  if (json) io.stdout.write(`${JSON.stringify({ file, rules, problems, toml })}\n`);
  else {
    printProblems(io, problems);
    io.stderr.write(`${plural(rules, "rule")}, ${problems.length} remarks\n`);
  }
  const output = invocation.flags.text("output");
  if (output !== undefined) writeNewFile(invocation, resolve(io.cwd, output), toml);
  else if (!json) io.stdout.write(toml);
  return problems.some((found) => found.severity === "error") ? EXIT.finding : EXIT.fine;
}

function importLogs(invocation: Invocation, path: string): ExitCode {
  const { io, json } = invocation;
  refuseReadOnly(invocation, "an import");
  const output = join(locationsOf(invocation).home, IMPORTED_PERMISSIONS_HOOK);
  const account = importPermissionsHookLogs({
    files: logFiles(path),
    output,
    describeCall: describeCalls(io.now()),
    projectOf,
    home: io.osHome,
    redact: redactText,
  });
  if (json) io.stdout.write(`${JSON.stringify(account)}\n`);
  else {
    const { files, calls, problems } = account;
    const lines = [
      `${plural(calls, "call")} from ${plural(files.length, "log file")}, ${plural(problems.length, "line")} not usable`,
      ...problems.slice(0, SHOWN).map(({ problem, file, offset }) => `  ${problem} at ${file}:${offset}`),
      `written: ${output}`,
    ];
    io.stdout.write(lines.map((line) => `${safeText(line)}\n`).join(""));
  }
  return EXIT.fine;
}

function logFiles(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CliError("file_not_found", `\`${path}\` does not exist`);
  if (!stat.isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => /\.jsonl?$|\.log$/.test(name));
  if (files.length === 0)
    throw new CliError("file_not_found", `no log in \`${path}\``, "name the folder of its .json or .jsonl logs");
  return files.map((name) => join(path, name));
}
