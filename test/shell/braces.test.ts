/** Braces become the words that bash and zsh make of them, or stay unknown. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import { findShell } from "./shell-world.js";

const context = { dialect: "bash", wrappers: [], home: "/home/dev" } as const;

/** The words of the first command; `null` for one that is not known. */
function wordsOf(text: string): readonly (string | null)[] {
  return analyzeShell(text, context).parts[0]?.argv.map(({ value }) => value) ?? [];
}

describe("braces", () => {
  it.each([
    ["cat {a,b}", ["cat", "a", "b"]],
    ["cat .{env,x}", ["cat", ".env", ".x"]],
    ["cat src/{a,b}.ts", ["cat", "src/a.ts", "src/b.ts"]],
    ["cat x{1..3}", ["cat", "x1", "x2", "x3"]],
    ["cat {3..1} {-1..1}", ["cat", "3", "2", "1", "-1", "0", "1"]],
    ["cp a{,.bak}", ["cp", "a", "a.bak"]],
    ["cat {a,b}{c,d}", ["cat", "ac", "ad", "bc", "bd"]],
    ["{rm,-rf,/}", ["rm", "-rf", "/"]],
    ["set -euo pipefail; cat {a,b}", ["set", "-euo", "pipefail"]],
  ])("%s", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it.each([
    "cat {a,{b,c}}",
    "cat {,a}",
    "cat {01..10}",
    "cat {1..9..2}",
    "cat {a..e}",
    "cat {a,'b'}",
    "cat {a,$x}",
    "cat {a,*}",
    "cat ~/{a,b}",
    "cat x={a,b}",
    "cat {1..1000}",
    "cat {a,b}; set +B",
    "setopt ignorebraces; cat {a,b}",
  ])("%s stays unknown", (text) => {
    const cat = analyzeShell(text, context).parts.find(({ program }) => program === "cat");
    expect(cat?.argv.some(({ value }) => value === null)).toBe(true);
  });

  it("stays unknown in a text for another shell", () => {
    const inner = analyzeShell("sh -c 'cat {a,b}'", context).parts.find(({ program }) => program === "cat");
    expect(inner?.argv[1]?.value).toBeNull();
  });

  const piece = fc.oneof(
    fc.constantFrom("a", "b.c", "x/y", "-r", "1", "_", ",", "..", "{", "}", "0"),
    fc
      .array(fc.constantFrom("a", "b", "-1", "x.y", ""), { minLength: 1, maxLength: 3 })
      .map((all) => `{${all.join()}}`),
    fc
      .tuple(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -12, max: 12 }))
      .map((ends) => `{${ends.join("..")}}`),
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
  const shells = ["bash", "zsh"] as const;
  describe.each(shells)("in %s", (shell) => {
    const program = findShell(shell) ?? "";
    it.skipIf(program === "")(`are what the shell makes of them (skipped without ${shell})`, () => {
      const texts = fc.sample(word, { numRuns: 400, seed: 11 });
      const known = texts.flatMap((text) => {
        const [, ...words] = wordsOf(`printf ${text}`);
        return text.includes("{") && words.length > 0 && !words.includes(null) ? [{ text, words }] : [];
      });
      expect(known.length).toBeGreaterThan(40);
      // Every word in brackets on a line of its own per text, so that one process answers for all.
      const script = known.map(({ text }) => `printf '[%s]' ${text}; printf '\\n'`).join("\n");
      const { stdout } = spawnSync(program, shell === "zsh" ? ["-f", "-c", script] : ["-c", script], {
        encoding: "utf8",
      });
      const said = stdout.trim().split("\n");
      expect(said).toEqual(known.map(({ words }) => words.map((each) => `[${each}]`).join("")));
    });
  });
});
