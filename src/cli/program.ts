/** Builds commander's tree from the table of commands and turns every outcome into an exit code. Prints only errors. */
import { Command, CommanderError, Option } from "commander";
import type { CommandSpec, OptionSpec } from "./command.js";
import { COMMANDS, dataOptionsOf, GLOBAL_OPTIONS } from "./commands.js";
import { CliError, EXIT, type ExitCode } from "./exit.js";
import { Flags } from "./flags.js";
import type { Io } from "./io.js";
import { VERSION } from "./version.js";

export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  const wantsJson = argv.includes("--json");
  let exit: ExitCode = EXIT.fine;
  const program = buildProgram(io, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : argv, { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return commanderExit(error, io, wantsJson);
    if (error instanceof CliError) return fail(error, io, wantsJson);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (wantsJson) return fail(new CliError("internal_error", "unexpected error", undefined, text), io, true);
    io.stderr.write(`claude-permit: unexpected error, please report it\n${text}\n`);
    return EXIT.failed;
  }
}

function buildProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command("claude-permit")
    .description("Permission hook for Claude Code, and reports on what was decided and why.")
    .version(VERSION)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined });
  addOptions(program, GLOBAL_OPTIONS);
  for (const spec of COMMANDS) addCommand(program, spec, io, finish);
  return program;
}

function addCommand(parent: Command, spec: CommandSpec, io: Io, finish: (code: ExitCode) => void): void {
  const command = parent
    .command(spec.args === undefined ? spec.name : `${spec.name} ${spec.args}`)
    .description(spec.summary)
    .aliases([...(spec.aliases ?? [])])
    .exitOverride();
  addOptions(command, spec.options ?? []);
  addOptions(command, dataOptionsOf(spec));
  addOptions(command, GLOBAL_OPTIONS);
  if (spec.examples !== undefined) {
    command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  $ claude-permit ${line}\n`).join("")}`);
  }
  for (const child of spec.children ?? []) addCommand(command, child, io, finish);
  const { load } = spec;
  if (load === undefined) return;
  command.action(async (...given: unknown[]) => {
    const flags = new Flags(command.optsWithGlobals());
    const args = command.args;
    const { run } = await load();
    const color = !flags.off("color") && io.stdout.isTTY && (io.env["NO_COLOR"] ?? "") === "";
    finish(await run({ io, flags, args, json: flags.on("json"), color, quiet: flags.on("quiet") }));
    void given;
  });
}

function addOptions(command: Command, specs: readonly OptionSpec[]): void {
  for (const spec of specs) {
    const option = new Option(spec.flags, spec.description);
    if (spec.choices !== undefined) option.choices([...spec.choices]);
    if (spec.many === true) {
      option.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
    }
    command.addOption(option);
  }
}

function commanderExit(error: CommanderError, io: Io, json: boolean): ExitCode {
  if (error.exitCode === 0) return EXIT.fine;
  const [message = "wrong usage", guess] = error.message.replace(/^error: /, "").split("\n");
  const hint = guess?.replace(/^\(Did you mean (.*)\?\)$/, "did you mean `$1`?") ?? "see `claude-permit --help`";
  return fail(new CliError("bad_usage", message, hint), io, json);
}

function fail(error: CliError, io: Io, json: boolean): ExitCode {
  if (json) {
    const { code, message, details, hint } = error;
    io.stdout.write(`${JSON.stringify({ error: { code, message, details, hint } })}\n`);
  } else {
    io.stderr.write(`claude-permit: ${error.message}\n`);
    if (error.hint !== undefined) io.stderr.write(`  hint: ${error.hint}\n`);
  }
  return EXIT.failed;
}
