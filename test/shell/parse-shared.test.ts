/** Every command of real sessions parses, or is one that bash refuses too. Needs the shared data and bash. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parseShellText } from "../../src/core/shell/parse.js";
import { findShell } from "./shell-world.js";

const data = new URL("../../../shared/data/", import.meta.url);
const isAbsent = !existsSync(data);

function readRows(name: string): readonly unknown[] {
  const bytes = readFileSync(new URL(name, data));
  const text = name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return text
    .toString("utf8")
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));
}

function readTexts(name: string): readonly string[] {
  const texts = readRows(name).flatMap((row) => {
    if (typeof row !== "object" || row === null) return [];
    if ("commands" in row && Array.isArray(row.commands)) return row.commands;
    if ("cmd" in row) return [row.cmd];
    const input = "tool_input" in row ? row.tool_input : null;
    return typeof input === "object" && input !== null && "command" in input ? [input.command] : [];
  });
  return [...new Set(texts.filter((text) => typeof text === "string"))];
}

/** `bash -n` reads and runs nothing. */
function bashAccepts(text: string): boolean {
  return spawnSync("bash", ["-n"], { input: text }).status === 0;
}

describe("commands of real sessions", () => {
  const noBash = findShell("bash") === null;
  it.skipIf(isAbsent || noBash).each([
    // Six calculate with line numbers that `grep -n` printed.
    ["claude_toolcalls.jsonl.gz", 6_000, 9],
    ["codex_commands.jsonl.gz", 4_800, 12],
  ])("of %s (skipped without the shared data)", (name, least, mostUnknown) => {
    const texts = readTexts(name);
    expect(texts.length).toBeGreaterThan(least);
    const unknown = texts.filter((text) => parseShellText(text).status === "unknown");
    expect(unknown.filter(bashAccepts).length).toBeLessThanOrEqual(mostUnknown);
  });

  it
    .skipIf(isAbsent)
    .each(["common_commands.jsonl.gz", "dangerous.jsonl.gz", "labelled_commands.jsonl.gz", "bypass.jsonl"])(
    "no text of %s throws or loses all its commands",
    (name) => {
      for (const text of readTexts(name)) {
        const { status, reasons, commands } = parseShellText(text);
        expect(reasons.length === 0, text).toBe(status === "ok");
        if (status === "ok" && /^\w/.test(text)) expect(commands.length, text).toBeGreaterThan(0);
      }
    },
  );
});
