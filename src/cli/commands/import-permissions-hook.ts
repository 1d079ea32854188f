/** `import permissions-hook`: logs of claude-code-permissions-hook as records; its config is read as it is. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { IMPORTED_PERMISSIONS_HOOK, importPermissionsHookLogs } from "../../analyze/import/import-permissions-hook.js";
import { redactText } from "../../core/audit/redact.js";
import { parsePolicyFile } from "../../core/policy/parse-policy-file.js";
import { projectOf } from "../../store/git-root.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { counted, describeCalls } from "../import-with.js";
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
  return path.endsWith(".toml") ? checkConfig(invocation, path) : importLogs(invocation, path);
}

/** Its dialect is understood as it stands, so the config only needs checking and including. */
function checkConfig({ io, json }: Invocation, file: string): ExitCode {
  const { policyFile, problems } = parsePolicyFile(readText(file), {
    file,
    layer: "user",
    baseFolder: "",
    trusted: true,
  });
  const rules = policyFile?.rules.length ?? 0;
  if (json) io.stdout.write(`${JSON.stringify({ file, rules, problems })}\n`);
  else {
    printProblems(io, problems);
    io.stdout.write(
      `${counted(rules, "rule")} understood. To use them, put this into config.toml:\n\ninclude = ['${file}']\n`,
    );
  }
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
      `${counted(calls, "call")} from ${counted(files.length, "log file")}, ${counted(problems.length, "line")} not usable`,
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

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(
      "file_not_found",
      `cannot read \`${file}\`: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
