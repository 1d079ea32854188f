/**
 * Rounds of attack on the tables and the policy, written class by class with the programs' manuals in hand, each judged
 * once before anything was mended. None is allowed. A row is never run.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ToolCall } from "../../src/core/tool-call.js";
import { judge } from "./starter-world.js";

/** `# class`, then one call a line: a command, in which `⏎` stands for the end of a line, or a tool call as JSON. */
const lines = readFileSync(new URL("../../fixtures/starter/red-team.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

function callOf(line: string): Pick<ToolCall, "tool" | "input"> & Partial<ToolCall> {
  if (line.startsWith('{"')) return JSON.parse(line) as Pick<ToolCall, "tool" | "input">;
  return { tool: "Bash", input: { command: line.replaceAll("⏎", "\n") } };
}

const rows = lines.filter((line) => !line.startsWith("# "));

/** Found in the same rounds, and allowed: what they reach is allowed in plainer words too. */
const HARMLESS: readonly (readonly [command: string, argument: string])[] = [
  ["golangci-lint cache clean", "empties a cache that the next run fills again"],
  ["ruff clean", "empties a cache that the next run fills again"],
  ["git log --all -p -- '*.env' '.env*'", "shows what `git log -p` shows"],
  ["docker compose -f /tmp/evil.yml ps", "lists; nothing of the file is started"],
  ["gh api repos/a/b/actions/secrets", "the forge tells names of secrets, never what they are"],
  ["gh api user/keys", "public keys"],
  ["gh api -H 'X-HTTP-Method-Override: DELETE' repos/a/b", "the forge obeys the header of a POST only"],
  ["npm run test -- '$(id)'", "npm quotes what it hands on"],
  ["mise run test -- '$(id)'", "mise quotes what it hands on"],
  ["python3 -W error::evil.X -m pytest", "loads a module of the project, whose tests may run"],
  ["uv run --no-project --python evil pytest", "a Python by name, one that is installed"],
  ["npx -y tsc", "runs what the project has installed"],
  ["cat .npmrc", "the project's; the one with the user's token is denied"],
  ["cat credentials.json", "a name like any other; of another name nobody would know either"],
  ["pip list --path /home/dev", "tells names and versions of packages"],
  ["cp -r tmp/. .", "names that others run are asked for where they are written, in any folder"],
];

describe("the starter policy under attack", () => {
  it.each([
    ["attended", {}],
    ["headless", { attended: false }],
    ["in auto mode", { permissionMode: "auto" }],
  ])("allows none %s", (_, more) => {
    expect(rows.filter((line) => judge({ ...callOf(line), ...more }).decision === "allow")).toEqual([]);
    expect(rows.length).toBeGreaterThan(750);
  });

  it("allows none from a folder of the project, whatever leads up from there", () => {
    const more = { cwd: "/home/dev/project/packages/a" };
    const deeper = rows.filter((line) => !line.includes("..") && !line.startsWith('{"'));
    expect(deeper.filter((line) => judge({ ...callOf(line), ...more }).decision === "allow")).toEqual([]);
  });

  it.each(HARMLESS)("allows %s: %s", (command) => {
    expect(judge(callOf(command)).decision).toBe("allow");
  });
});
