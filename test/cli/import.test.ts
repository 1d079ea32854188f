/** Imports from the command line: Claude Code's transcripts into a report, settings into rules. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshWorld } from "./run-cli.js";

const TRANSCRIPT = [
  {
    type: "user",
    sessionId: "s1",
    cwd: "/w/app",
    timestamp: "2026-10-01T08:00:00.000Z",
    permissionMode: "default",
    message: { role: "user", content: "go" },
  },
  use("t1", "Bash", { command: "git status" }, "2026-10-01T08:00:01.000Z"),
  result("t1", "clean", "2026-10-01T08:00:02.000Z"),
  use("t2", "Bash", { command: "rm -rf build" }, "2026-10-01T08:00:03.000Z"),
  {
    ...result(
      "t2",
      "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).",
      "2026-10-01T08:00:04.000Z",
      true,
    ),
    toolUseResult: "User rejected tool use",
  },
];

function use(id: string, name: string, input: object, timestamp: string) {
  return {
    type: "assistant",
    sessionId: "s1",
    cwd: "/w/app",
    version: "2.1.40",
    timestamp,
    message: { role: "assistant", content: [{ type: "tool_use", id, name, input }] },
  };
}

function result(id: string, content: string, timestamp: string, isError = false) {
  return {
    type: "user",
    sessionId: "s1",
    cwd: "/w/app",
    version: "2.1.40",
    timestamp,
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: id, content, is_error: isError }] },
  };
}

function worldWithTranscript() {
  const world = freshWorld();
  const folder = join(world.osHome, ".claude", "projects", "-w-app");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "s1.jsonl"), TRANSCRIPT.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return world;
}

describe("import transcripts", () => {
  it("turns Claude Code's own history into a report", () => {
    const world = worldWithTranscript();
    const { stdout, code } = world.run(["import", "transcripts"]);
    expect(code).toBe(0);
    expect(stdout).toContain("2 calls from 1 transcript");
    const report = JSON.parse(world.run(["stats", "--json"]).stdout);
    expect(report.sections.scorecard.figures).toMatchObject({ calls: { value: 2 }, blocked: { value: 1 } });
  });

  it("changes nothing the second time", () => {
    const world = worldWithTranscript();
    const file = join(world.home, "imported-transcripts.jsonl");
    world.run(["import", "transcripts"]);
    const first = readFileSync(file);
    world.run(["import", "transcripts"]);
    expect(readFileSync(file).equals(first)).toBe(true);
  });

  it("writes nothing when told to be read-only", () => {
    const world = worldWithTranscript();
    expect(world.run(["import", "transcripts", "--read-only"]).code).toBe(2);
    expect(existsSync(join(world.home, "imported-transcripts.jsonl"))).toBe(false);
  });

  it("does not offer a report on what holds no call", () => {
    const { osHome, run } = freshWorld();
    const file = join(osHome, "notes.jsonl");
    writeFileSync(file, '{"note":"milk"}\n');
    const { stdout } = run(["import", "transcripts", file]);
    expect(stdout).toContain("no call was found");
    expect(stdout).not.toContain("next:");
  });

  it("says which path is not there", () => {
    const { stderr, code } = freshWorld().run(["import", "transcripts", "/nowhere"]);
    expect(code).toBe(2);
    expect(stderr).toContain("/nowhere");
  });
});

describe("import settings", () => {
  const settings = (text: string) => {
    const world = freshWorld();
    writeFileSync(join(world.osHome, ".claude", "settings.json"), text);
    return world;
  };

  it("gives rules that are valid and decide", () => {
    const world = settings(
      JSON.stringify({ permissions: { allow: ["Bash(git status)", "Bash(done)"], deny: ["Read(.env)"], ask: [] } }),
    );
    const { stdout, stderr } = world.run(["import", "settings"]);
    expect(stdout).toContain("pattern = 'Bash(git status)'");
    expect(stdout).not.toContain("Bash(done)");
    expect(stderr).toContain("Bash(done)");
    const file = join(world.home, "config.toml");
    world.run(["import", "settings", "-o", file]);
    expect(world.run(["test", "git status"]).code).toBe(0);
    expect(world.run(["validate"]).code).toBe(0);
  });

  it("never writes over a file", () => {
    const world = settings("{}");
    writeFileSync(join(world.project, "mine.toml"), "# mine\n");
    expect(world.run(["import", "settings", "-o", "mine.toml"]).code).toBe(2);
    expect(readFileSync(join(world.project, "mine.toml"), "utf8")).toBe("# mine\n");
  });

  it("says where a malformed file is wrong", () => {
    const { stderr, code } = settings('{"permissions": {"allow": ["Bash(ls)",]}}').run(["import", "settings"]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/settings\.json:1:\d+/);
  });
});

describe("import permissions-hook", () => {
  it("understands the older hook's config as it stands", () => {
    const world = freshWorld();
    cpSync(
      new URL("../../fixtures/cli/permissions-hook.toml", import.meta.url).pathname,
      join(world.project, "older.toml"),
    );
    const file = join(world.home, "config.toml");
    expect(world.run(["import", "permissions-hook", "older.toml", "-o", file]).code).toBe(0);
    expect(world.run(["validate"]).stdout).toContain("2 rules");
    expect(world.run(["test", "cargo test"]).code).toBe(0);
    expect(world.run(["test", "cargo test; rm -rf x"]).code).toBe(1);
  });
});
