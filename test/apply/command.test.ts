/** `apply` on the command line: the write switch, dry runs, exit codes; and who may write at all. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Flags } from "../../src/cli/flags.js";
import { processIo } from "../../src/cli/io.js";
import { writeRefusal } from "../../src/cli/write-switch.js";
import { freshWorld } from "../cli/run-cli.js";
import { compile } from "../policy/read-policy.js";

const ADD = '{"type":"add_rule","kind":"ask","rule":{"name":"ask-push","pattern":"Bash(git push *)"}}';

describe("the command", () => {
  it("writes with the switch only, and takes it back", () => {
    const { run, home } = freshWorld("# mine\n");
    const config = () => readFileSync(join(home, "config.toml"), "utf8");
    expect(run(["apply", ADD])).toMatchObject({ code: 2, stdout: expect.stringContaining('"writes_refused"') });
    const dry = run(["apply", "--dry-run", "-"], { input: ADD });
    expect(JSON.parse(dry.stdout)).toMatchObject({
      result: { dry_run: true, files: [{ diff: expect.stringContaining('+name = "ask-push"') }] },
    });
    expect(config()).toBe("# mine\n");
    const made = run(["apply", ADD], { env: { CLAUDE_PERMIT_ALLOW_WRITES: "1" } });
    expect(made.code).toBe(0);
    expect(config()).toContain("ask-push");
    expect(JSON.parse(run(["test", "--json", "git push"]).stdout)).toMatchObject({ decision: "ask" });
    const { rollback_id: id } = (JSON.parse(made.stdout) as { result: { rollback_id: string } }).result;
    expect(run(["apply", "--allow-writes", JSON.stringify({ type: "rollback", id })]).code).toBe(0);
    expect(config()).toBe("# mine\n");
  });

  it("refuses Claude, whatever it switches on", () => {
    const { run } = freshWorld("# mine\n");
    const env = { CLAUDECODE: "1", CLAUDE_PERMIT_ALLOW_WRITES: "1" };
    expect(run(["apply", "--allow-writes", ADD], { env })).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("while Claude runs it"),
    });
    expect(run(["apply", "--dry-run", ADD], { env }).code).toBe(0);
  });

  it("says what is wrong with the change, and what none is", () => {
    const { run } = freshWorld("# mine\n");
    expect(run(["apply", "--allow-writes", '{"type":"add_rul"}'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("did you mean"),
    });
    expect(run(["apply"])).toMatchObject({ code: 2, stdout: expect.stringContaining('"message":"no change"') });
  });
});

describe("the write switch", () => {
  const open = compile("settings.allow_writes = true\n", { layer: "managed" });
  const closed = compile("settings.allow_writes = true\n", { layer: "user" });
  it.each([
    ["nothing said", closed, {}, {}, false],
    ["the flag", closed, { allowWrites: true }, {}, true],
    ["the variable", closed, {}, { CLAUDE_PERMIT_ALLOW_WRITES: "1" }, true],
    [
      "both, but Claude runs it",
      closed,
      { allowWrites: true },
      { CLAUDE_PERMIT_ALLOW_WRITES: "1", CLAUDECODE: "1" },
      false,
    ],
    ["the managed file, and Claude runs it", open, {}, { CLAUDECODE: "1" }, true],
    ["the managed file, but --read-only", open, { readOnly: true }, {}, false],
  ])("%s", (_, policy, flags, env, isOpen) => {
    const invocation = { io: { ...processIo(), env }, flags: new Flags(flags) };
    expect(writeRefusal(invocation, policy) === null).toBe(isOpen);
  });
});
