import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import { strongest } from "./part-lines.js";

const file = "../shared/data/claude_toolcalls.jsonl.gz";

function bashCommands(): string[] {
  const rows: { tool_name: string; tool_input: { command?: unknown } }[] = gunzipSync(readFileSync(file))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  return rows.flatMap(({ tool_name, tool_input: { command } }) =>
    tool_name === "Bash" && typeof command === "string" ? [command] : [],
  );
}

describe("real sessions (skipped without the shared transcripts)", () => {
  it.skipIf(!existsSync(file))("are nearly all understood, and every part has its place in the text", () => {
    const commands = bashCommands();
    const effects = new Map<string, string>();
    for (const command of new Set(commands)) {
      const analysis = analyzeShell(command, { dialect: "bash", wrappers: [], home: "/h" });
      effects.set(command, strongest(analysis));
      for (const { pos, end, argv } of analysis.parts) {
        const isSound = argv.every((word) => word.value === null || word.prefix === word.value);
        if (!isSound || pos < 0 || pos > end || end > command.length) expect.fail(command);
      }
    }
    const share = (effect: string): number =>
      commands.filter((command) => effects.get(command) === effect).length / commands.length;
    expect(commands.length).toBe(9854);
    expect(share("unknown")).toBeLessThan(0.07);
    expect(share("reads")).toBeGreaterThan(0.35);
    expect(share("runs-code")).toBeGreaterThan(0.3);
  });
});
