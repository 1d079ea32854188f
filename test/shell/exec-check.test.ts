/**
 * What bash and zsh really run is a subset of what the parser predicted. Only texts in which every name was replaced by
 * one that no system has are run, with an empty PATH, in a directory of their own; `CLAUDE_PERMIT_EXEC_RUNS` asks for more.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parseShellText } from "../../src/core/shell/parse.js";
import type { SimpleCommand } from "../../src/core/shell/shell.js";
import { mutated, nestedShell, tokenSoup } from "./shell-grammar.js";
import { findShell, harmless, type Shell, ShellWorld } from "./shell-world.js";
import { vectors } from "./vectors.js";

const runs = Number(process.env["CLAUDE_PERMIT_EXEC_RUNS"] ?? 80);
const seed = Number(process.env["CLAUDE_PERMIT_EXEC_SEED"] ?? 20261121);
const texts = [...vectors.sound, ...vectors.refused.map((row) => row.text), ...vectors.static.map((row) => row.text)];
const shells: readonly Shell[] = ["bash", "zsh"];
const world = new ShellWorld();
afterAll(() => world.remove());

/** Commands that may be run here, `null` when the text is not one to run: not proven, or a name is only known at run time. */
function predict(text: string): readonly SimpleCommand[] | null {
  const { status, commands } = parseShellText(text);
  const isStatic = commands.every((command) => command.argv.length === 0 || typeof command.argv[0]?.value === "string");
  return status === "ok" && isStatic && commands.length > 0 && commands.length < 40 ? commands : null;
}

function covers(command: SimpleCommand, argv: readonly string[]): boolean {
  const pattern = command.argv.map((word) => {
    if (word.value !== null) return `${word.value.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}\0`;
    return word.splits ? "(?:[^\0]*\0)*" : "[^\0]*\0";
  });
  return new RegExp(`^${pattern.join("")}$`).test(argv.map((word) => `${word}\0`).join(""));
}

/** May a redirect of `commands` make the file? */
function makes(commands: readonly SimpleCommand[], file: string): boolean {
  return commands.some((command) =>
    command.redirects.some(({ effect, target }) => {
      const isWrite = effect === "write" || effect === "append" || effect === "rw";
      return isWrite && (target === null || target.value === null || target.value === file);
    }),
  );
}

interface Outcome {
  /** Texts that were run. */
  ran: number;
  /** Commands that reached the handler. */
  reached: number;
  /** Text -> commands that nobody predicted. */
  readonly surprises: Record<string, readonly string[]>;
}

/** Runs what may be run, four at a time. */
async function check(shell: Shell, program: string, candidates: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { ran: 0, reached: 0, surprises: {} };
  const queue = [...candidates];
  const work = async (): Promise<void> => {
    for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
      const commands = predict(text);
      if (commands === null) continue;
      const reached = await world.run(shell, program, text);
      outcome.ran++;
      outcome.reached += reached.commands.length;
      const surprises = reached.commands.filter((argv) => !commands.some((command) => covers(command, argv)));
      const files = reached.files.filter((file) => !makes(commands, file)).map((file) => `> ${file}`);
      if (surprises.length + files.length > 0)
        outcome.surprises[text] = [...surprises.map((argv) => argv.join(" ")), ...files];
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return outcome;
}

describe.each(shells)("%s runs nothing that was not predicted", (shell) => {
  const program = findShell(shell) ?? "";
  const here = it.skipIf(program === "");

  here(`and its world tells what ran (skipped without ${shell})`, async () => {
    expect(await world.run(shell, program, "zq1 'a b'; zq2 || zq3; zq4 $(zq5) && zq6 > t")).toEqual({
      commands: [["zq1", "a b"], ["zq2"], ["zq5"], ["zq4"], ["zq6"]],
      files: ["t"],
    });
  });

  here(`of the vectors (skipped without ${shell})`, async () => {
    const { ran, reached, surprises } = await check(shell, program, texts.map(harmless));
    expect(surprises).toEqual({});
    expect(ran).toBeGreaterThan(60);
    expect(reached).toBeGreaterThan(ran);
  });

  const kinds = [nestedShell.map((placed) => placed.text), tokenSoup, mutated(texts)];
  here(`of ${runs} random texts a kind (skipped without ${shell})`, { timeout: 3_600_000 }, async () => {
    for (const kind of kinds) {
      const { ran, surprises } = await check(shell, program, fc.sample(kind.map(harmless), { numRuns: runs, seed }));
      expect(surprises).toEqual({});
      expect(ran).toBeGreaterThan(0);
    }
  });

  const shared = new URL("../../../shared/data/claude_toolcalls.jsonl.gz", import.meta.url);
  it.skipIf(program === "" || !existsSync(shared))(
    "of real commands with their names replaced",
    { timeout: 3_600_000 },
    async () => {
      const rows = gunzipSync(readFileSync(shared)).toString("utf8").trim().split("\n");
      const found = rows.flatMap((row) => /"command": ?("(?:[^"\\]|\\.)*")/.exec(row)?.[1] ?? []);
      const step = Math.max(1, Math.floor(found.length / (runs * 3)));
      const picked = found
        .filter((_, index) => index % step === 0)
        .map((quoted) => harmless(String(JSON.parse(quoted))));
      const quiet = picked.filter((text) =>
        predict(text)?.every((each) => each.assigns.length === 0 && each.redirects.length === 0),
      );
      const { ran, surprises } = await check(shell, program, quiet);
      expect(surprises).toEqual({});
      expect(ran).toBeGreaterThan(runs / 4);
    },
  );
});
