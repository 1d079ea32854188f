/** Builds commander's tree from the table of commands and turns every outcome into an exit code. Prints only errors. */
import { Command, CommanderError, Option } from "commander";
import type { CommandSpec, OptionSpec } from "./command.js";
import { commandWord } from "./command-word.js";
import { COMMANDS, dataOptionsOf, GLOBAL_OPTIONS } from "./commands.js";
import { CliError, EXIT, type ExitCode } from "./exit.js";
import { Flags } from "./flags.js";
import type { Io } from "./io.js";
import { VERSION } from "./version.js";

export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  const wantsJson = argv.includes("--json");
  let exit: ExitCode = EXIT.fine;
  const program = buildProgram(io, specsFor(argv), (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : argv, { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return EXIT.fine;
    if (error instanceof CliError) return fail(error, io, wantsJson);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (wantsJson) return fail(new CliError("internal_error", "unexpected error", undefined, text), io, true);
    io.stderr.write(`claude-permit: unexpected error, please report it\n${text}\n`);
    return EXIT.failed;
  }
}

/** The one command that is meant, where a word names it: the options of all others are work for nothing. */
function specsFor(argv: readonly string[]): readonly CommandSpec[] {
  const word = commandWord(argv) ?? "";
  const meant = COMMANDS.filter(({ name, aliases = [] }) => name === word || aliases.includes(word));
  return meant.length > 0 ? meant : COMMANDS;
}

function buildProgram(io: Io, specs: readonly CommandSpec[], finish: (code: ExitCode) => void): Command {
  const program = new Command("claude-permit")
    .description("Permission hook for Claude Code, and reports on what was decided and why.")
    .version(VERSION)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride((error) => leave(error, "claude-permit"))
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined });
  addOptions(program, GLOBAL_OPTIONS);
  for (const spec of specs) addCommand(program, spec, "claude-permit", io, finish);
  return program;
}

function addCommand(parent: Command, spec: CommandSpec, above: string, io: Io, finish: (code: ExitCode) => void): void {
  const path = `${above} ${spec.name}`;
  const children = spec.children ?? [];
  const command = parent
    .command(spec.args === undefined ? spec.name : `${spec.name} ${spec.args}`)
    .description(spec.summary)
    .aliases([...(spec.aliases ?? [])])
    .exitOverride((error) => leave(error, path, children));
  // What stands behind `--audit` may be an argument, or the name of a command.
  const isGreedy = spec.args === undefined && children.length === 0;
  addOptions(command, [...(spec.options ?? []), ...dataOptionsOf(spec), ...GLOBAL_OPTIONS], isGreedy);
  if (spec.examples !== undefined) {
    command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  $ claude-permit ${line}\n`).join("")}`);
  }
  for (const child of children) addCommand(command, child, path, io, finish);
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

/** @param isGreedy an option that may be given again also takes several words: `--section denials gaps`. */
function addOptions(command: Command, specs: readonly OptionSpec[], isGreedy = false): void {
  for (const spec of specs) {
    const isVariadic = isGreedy && spec.many === true;
    const option = new Option(isVariadic ? spec.flags.replace(/>$/, "...>") : spec.flags, spec.description);
    if (spec.choices !== undefined) option.choices([...spec.choices]);
    if (spec.many === true) {
      option.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
    }
    command.addOption(option);
  }
}

/** How commander ends: wrong usage, said with the place where help is, or help itself, which is fine. */
function leave(error: CommanderError, path: string, children: readonly CommandSpec[] = []): never {
  if (error.exitCode === 0) throw error;
  if (error.code === "commander.help") {
    throw new CliError(
      "bad_usage",
      `\`${path}\` needs a command`,
      `one of ${children.map(({ name }) => name).join(", ")}`,
    );
  }
  const [message = "wrong usage", guess] = error.message.replace(/^error: /, "").split("\n");
  const hint = guess?.replace(/^\(Did you mean (.*)\?\)$/, "did you mean `$1`?") ?? `see \`${path} --help\``;
  throw new CliError("bad_usage", message, hint);
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
