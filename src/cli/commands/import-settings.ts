/** `import settings`: the permission lists of a Claude Code settings file as rules, for the user to read before they count. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { importSettings, projectOfSettings } from "../../analyze/import/import-settings.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { printProblems } from "../print.js";
import { refuseReadOnly } from "../refuse.js";
import { locationsOf } from "../where.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json } = invocation;
  const { claudeDir } = locationsOf(invocation);
  const file = resolve(io.cwd, args[0] ?? join(claudeDir, "settings.json"));
  const project = projectOfSettings(file, claudeDir);
  const { toml, rules, duplicates, problems } = importSettings(readText(file), {
    file,
    ...(project === undefined ? {} : { project }),
  });
  const output = flags.text("output");
  if (json) io.stdout.write(`${JSON.stringify({ rules, duplicates, problems, toml })}\n`);
  else {
    printProblems(io, problems);
    io.stderr.write(`${rules} rules, ${duplicates} duplicates left out, ${problems.length} entries to look at\n`);
    if (output === undefined) io.stdout.write(toml);
  }
  if (output !== undefined) writeNew(invocation, resolve(io.cwd, output), toml);
  return problems.some((found) => found.severity === "error") ? EXIT.finding : EXIT.fine;
}

/** Never over a file that is there: rules people wrote are not ours to replace. */
function writeNew(invocation: Invocation, file: string, text: string): void {
  refuseReadOnly(invocation, "--output");
  if (existsSync(file)) throw new CliError("file_exists", `\`${file}\` exists`, "write to another file and include it");
  try {
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new CliError(
      "cannot_write",
      `cannot write \`${file}\`: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
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
