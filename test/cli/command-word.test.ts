/** Which command is meant, told before any option is known: the table of options is the judge. */
import { describe, expect, it } from "vitest";
import { commandWord } from "../../src/cli/command-word.js";
import { GLOBAL_OPTIONS } from "../../src/cli/commands.js";

describe("the word that names the command", () => {
  it.each([
    [["stats"], "stats"],
    [["stats", "--home", "digest"], "stats"],
    [["--home", "digest", "stats"], "stats"],
    [["--home=digest", "--json", "stats"], "stats"],
    [["--audit", "a.jsonl", "--audit", "b.jsonl", "list"], "list"],
    [[], undefined],
    [["--home"], undefined],
    [["--help", "stats"], undefined],
    [["--version"], undefined],
    [["--since", "1d", "stats"], undefined],
  ])("%j: %s", (words, command) => {
    expect(commandWord(words)).toBe(command);
  });

  it("is found behind every global option", () => {
    for (const { flags } of GLOBAL_OPTIONS) {
      const [name = "", value] = flags.split(" ");
      expect(commandWord([name, ...(value === undefined ? [] : ["x"]), "stats"])).toBe("stats");
    }
  });
});
