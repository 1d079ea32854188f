/** Random texts: nothing throws, no placed command is lost, and what is `ok` is what bash accepts. `CLAUDE_PERMIT_FUZZ_RUNS` asks for more. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseShellText } from "../../src/core/shell/parse.js";
import { mutated, nestedShell, tokenSoup } from "./shell-grammar.js";
import { findShell } from "./shell-world.js";
import { vectors } from "./vectors.js";

const runs = Number(process.env["CLAUDE_PERMIT_FUZZ_RUNS"] ?? 150);
const texts = [...vectors.sound, ...vectors.refused.map((row) => row.text), ...vectors.static.map((row) => row.text)];
const broken = fc.oneof(tokenSoup, mutated(texts));

describe("nested shell", () => {
  it("loses no command: each placed name is found, or the text is not known", () => {
    fc.assert(
      fc.property(nestedShell, ({ text, names }) => {
        const { status, commands } = parseShellText(text);
        if (status === "unknown") return;
        const found = commands.map((command) => command.argv[0]?.value).filter((value) => value !== undefined);
        for (const name of names) {
          const at = found.indexOf(name);
          expect(at, name).toBeGreaterThanOrEqual(0);
          found.splice(at, 1);
        }
      }),
      { numRuns: runs * 10 },
    );
  });

  it("is understood nearly always, so that the test above says something", () => {
    const sample = fc.sample(nestedShell, { numRuns: 500, seed: 7 });
    const unknown = sample.filter(({ text }) => parseShellText(text).status === "unknown");
    expect(unknown.length).toBeLessThan(sample.length / 4);
  });
});

describe("broken and hostile shell", () => {
  const any = fc.oneof(broken, fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 60 }));

  it("never throws, and says why it is not known", () => {
    fc.assert(
      fc.property(any, (text) => {
        const { status, reasons, commands } = parseShellText(text);
        expect(reasons.length > 0).toBe(status === "unknown");
        for (const each of [...reasons, ...commands]) expect(each.pos).toBeLessThanOrEqual(text.length);
        for (const command of commands) expect(command.pipeFrom ?? 0).toBeLessThan(commands.length);
      }),
      { numRuns: runs * 20 },
    );
  });

  it.skipIf(findShell("bash") === null)("is `ok` only where bash accepts it (skipped without bash)", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          broken,
          nestedShell.map((placed) => placed.text),
        ),
        (text) => {
          if (parseShellText(text).status === "unknown" || text.includes("\0")) return;
          expect(spawnSync("bash", ["-n"], { input: text, encoding: "utf8" }).stderr).toBe("");
        },
      ),
      { numRuns: runs * 2 },
    );
  });
});
