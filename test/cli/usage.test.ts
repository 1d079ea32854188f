/** What every command has in common: help, exit codes, errors for people and for machines, pipes. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.js";
import { freshWorld, ROOT, SAMPLE } from "./run-cli.js";

const world = freshWorld();

const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.log("skipped 3 tests: there is no `script` to make a terminal");

describe("help", () => {
  it("names every command", () => {
    const { stdout, code } = world.run(["--help"]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
  });

  it.each(COMMANDS.flatMap(({ name, children }) => [[name], ...(children ?? []).map((child) => [name, child.name])]))(
    "%s %s has help of its own",
    (...path) => {
      const { stdout, code } = world.run([...path.filter((word) => word !== undefined), "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain("Usage:");
    },
  );

  it("prints the package's version", () => {
    const manifest: unknown = JSON.parse(spawnSync("cat", [join(ROOT, "package.json")], { encoding: "utf8" }).stdout);
    expect(manifest).toMatchObject({ version: world.run(["--version"]).stdout.trim() });
  });
});

describe("wrong usage ends in 2 and says what to do", () => {
  it.each([
    [["lst"], "unknown command 'lst'"],
    [["list", "--limit", "x"], "whole number"],
    [["list", "--decision", "maybe"], "not a decision"],
    [["list", "--tier", "maybe"], "`maybe` is not a tier"],
    [["list", "--effect", "maybe"], "Allowed choices are reads,"],
    [["list", "--decison", "deny"], "did you mean `--decision`?"],
    [["list", "--bogus"], "see `claude-permit list --help`"],
    [["rules"], "`claude-permit rules` needs a command\n  hint: one of list, show, "],
    [["import", "transcript"], "did you mean `transcripts`?"],
    [["list", "--since", "someday"], "not a time"],
    [["list", "--since", "1d", "--until", "2d"], "--since is not before --until"],
    [["list", "--tz", "Mars/Olympus"], "not a time zone"],
    [["list", "--audit", "/nowhere/audit.jsonl"], "does not exist"],
    [["analyze", "--section", "nothing", "--audit", SAMPLE], "no section `nothing`"],
    [["analyze", "--fail-on", "deny>>0", "--audit", SAMPLE], "not a condition"],
    [["analyze", "--format", "pdf"], "Allowed choices are"],
    [["test"], "no call to judge"],
    [["test", "--input", "{"], "not JSON"],
    [["rules", "show", "nope"], "no rule `nope`"],
    [["completions", "tcsh"], "no completions for `tcsh`"],
    [["explain", "00000000-0000-0000-0000-000000000000", "--audit", SAMPLE], "no record"],
    [["session", "zzz", "--audit", SAMPLE], "no session `zzz`"],
  ])("%j", (args, message) => {
    const { stdout, stderr, code } = world.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("tells machines the same as one JSON object", () => {
    const { stdout, code } = world.run(["list", "--audit", "/nowhere/audit.jsonl", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "log_not_found" } });
  });
});

it("takes several words after an option that may be given again", () => {
  const { stdout, code } = world.run(["analyze", "--section", "denials", "gaps", "--json", "--audit", SAMPLE, SAMPLE]);
  expect(code).toBe(0);
  expect(Object.keys(JSON.parse(stdout).sections)).toEqual(["denials", "gaps"]);
});

it("does not take the argument of a command for one more log", () => {
  const { stdout, code } = world.run(["query", "--audit", SAMPLE, '{"type":"log","last_n":1}']);
  expect({ code, count: JSON.parse(stdout).result_count }).toEqual({ code: 0, count: 1 });
});

it.skipIf(!hasScript).each(["hook", "statusline", "list --audit -"])(
  "`%s` does not wait for a person to type data",
  (line) => {
    const command = `${process.execPath} ${join(ROOT, "dist", "cli", "main.js")} ${line} --home ${world.home}`;
    const { stdout, status } = spawnSync("script", ["-qec", command, "/dev/null"], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(status).toBe(2);
    expect(stdout).toContain("and that is a terminal");
  },
);

describe("pipes", () => {
  it("a reader that stops early is not a failure", () => {
    const command = `node dist/cli/main.js list --all --limit 100000 --json --audit "$SAMPLE" | head -c 10 > /dev/null; echo \${PIPESTATUS[0]}`;
    const { stdout } = spawnSync("bash", ["-c", command], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, SAMPLE },
    });
    expect(stdout.trim()).toBe("0");
  });

  it("reads a log from standard input", () => {
    const line = spawnSync("head", ["-1", SAMPLE], { encoding: "utf8" }).stdout;
    const { stdout, code } = world.run(["list", "--all", "--json", "--audit", "-"], { input: line });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ records: [{ id: JSON.parse(line).id }] });
  });
});

describe("completions", () => {
  it.each(["bash", "zsh", "fish"])("%s offers every command", (shell) => {
    const { stdout, code } = world.run(["completions", shell]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
  });

  it("bash completes a subcommand", () => {
    const script = world.run(["completions", "bash"]).stdout;
    const ask = `${script}\nCOMP_WORDS=(claude-permit import tr); COMP_CWORD=2; _claude_permit; echo "\${COMPREPLY[@]}"`;
    expect(spawnSync("bash", ["-c", ask], { encoding: "utf8" }).stdout.trim()).toBe("transcripts");
  });
});
