/** `import settings`: the permission lists of a Claude Code settings file as rules, for the user to read before they count. */
import { join, resolve } from "node:path";
import { importSettings, projectOfSettings } from "../../analyze/import/import-settings.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { readText, writeNewFile } from "../files.js";
import { printProblems } from "../print.js";
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
  if (output !== undefined) writeNewFile(invocation, resolve(io.cwd, output), toml);
  return problems.some((found) => found.severity === "error") ? EXIT.finding : EXIT.fine;
}
