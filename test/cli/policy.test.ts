/** The commands about rules: test, explain, validate, rules, trust. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshWorld } from "./run-cli.js";

const POLICY = `
[[deny]]
name = "no-force-push"
description = "Shared history is not rewritten."
reason = "Use --force-with-lease."
pattern = "Bash(git push --force *)"
match = ["git push --force origin main"]
not_match = ["git push --force-with-lease"]

[[allow]]
name = "look"
tool = "Bash"
[allow.shell]
effect = ["reads"]
`;

describe("test: would this call be allowed?", () => {
  const world = freshWorld(POLICY);

  it.each([
    ["git status", 0, "allow", "look"],
    ["git status && git log", 0, "allow", "look"],
    ["git status && git commit -m x", 1, "passthrough", null],
    ["git push --force origin main", 1, "deny", "no-force-push"],
    ["echo 'git push --force x'", 0, "allow", "look"],
  ])("%s", (command, code, decision, rule) => {
    const ran = world.run(["test", command, "--json"]);
    expect(ran.code).toBe(code);
    const answer = JSON.parse(ran.stdout);
    expect({ decision: answer.decision, rule: answer.matched_rule?.id ?? null }).toEqual({ decision, rule });
  });

  it("says in words what covers each part and what is missing", () => {
    const { stdout } = world.run(["test", "git status && git commit -m x"]);
    expect(stdout).toContain("covered by `look`");
    expect(stdout).toContain("no allow rule covers it");
  });

  it.each([
    [
      ["--tool", "Read", ' {"file_path":"/etc/passwd"}'],
      ["--tool", "Read", "--input", '{"file_path":"/etc/passwd"}'],
    ],
    [['{"command":"git push --force"}'], ["git push --force"]],
    [["{ git status; }"], ["--input", '{"command":"{ git status; }"}']],
    [
      ["--tool", "Read", "{x}"],
      ["--tool", "Read", "--input", '{"file_path":"{x}"}'],
    ],
  ])("takes a JSON object for the whole input, and anything else for its main field: %j", (short, long) => {
    for (const command of ["test", "explain"]) {
      const asked = world.run([command, ...short, "--json"]);
      expect(JSON.parse(asked.stdout)).toEqual(JSON.parse(world.run([command, ...long, "--json"]).stdout));
    }
  });

  it("judges other tools by their input", () => {
    const { stdout, code } = world.run(["test", "--tool", "Read", "--input", '{"file_path":"/etc/passwd"}', "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ decision: "passthrough", effect: "reads" });
  });

  it("tells of a file that breaks after its policy was kept, and judges by it again once it is mended", () => {
    const other = freshWorld(POLICY);
    const config = join(other.home, "config.toml");
    const keep = () => other.run(["test", "git status"]);
    // Of files that were written a moment ago nothing is kept.
    expect([keep().code, keep().code]).toEqual([0, 0]);
    expect(readdirSync(join(other.home, "cache")).some((name) => name.startsWith("policy-whole-"))).toBe(true);
    writeFileSync(config, `${POLICY}\n[[allow]]\nnam = "wrong"\n`, { mode: 0o600 });
    const broken = other.run(["test", "git status"]);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("config.toml:")]);
    writeFileSync(config, POLICY, { mode: 0o600 });
    expect(keep()).toMatchObject({ code: 0, stderr: "" });
  });

  it("runs a file of cases and names the one that differs", () => {
    const file = join(world.project, "cases.toml");
    writeFileSync(
      file,
      `[[case]]\ncommand = "git log"\nexpect = "allow"\n[[case]]\ncommand = "git push --force x"\nexpect = "ask"\n`,
    );
    const { stdout, code } = world.run(["test", "--file", file]);
    expect(code).toBe(1);
    expect(stdout).toContain("git push --force x: deny by `no-force-push`, expected ask");
    expect(stdout).toContain("2 cases, 1 not as expected");
  });

  it("a file of cases that is none says where", () => {
    const file = join(world.project, "bad.toml");
    writeFileSync(file, "[[case]\n");
    const { stderr, code } = world.run(["test", "--file", file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/bad\.toml:1:/);
  });
});

describe("validate", () => {
  it("of a file that is not there says that, and nothing of other files", () => {
    const { stdout, stderr, code } = freshWorld(POLICY).run(["validate", "nowhere.toml"]);
    expect({ stdout, code }).toEqual({ stdout: "not valid: 0 rules from 0 files, 1 error, 0 warnings\n", code: 2 });
    expect(stderr).toMatch(/nowhere\.toml` does not exist\n {2}hint: check the path given/);
  });

  it("is quiet about a good policy", () => {
    const { stdout, stderr, code } = freshWorld(POLICY).run(["validate"]);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(stdout).toBe("valid: 2 rules from 1 file, 0 errors, 0 warnings\n");
  });

  it.each([
    ["[[deny]]\nnmae = 'x'\ntool = 'Bash'\n", "config.toml:2:1", "did you mean `name`?"],
    ["[[deny]]\nname = 'x'\ntool = 'Bash('\n", "config.toml:3:", ""],
    ["[[deny]]\nname = 'x'\npattern = 'Bash(git push)'\nmatch = ['git pull']\n", "config.toml:1:1", "git pull"],
    ['[[deny]]\nname = "x\n', "config.toml:2:", ""],
  ])("%j", (policy, place, text) => {
    const { stderr, code } = freshWorld(policy).run(["validate"]);
    expect(code).toBe(2);
    expect(stderr).toContain(place);
    expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("checks a file that is not in force", () => {
    const world = freshWorld();
    const file = join(world.project, "other.toml");
    writeFileSync(file, POLICY);
    expect(world.run(["validate", file]).stdout).toContain("valid: 2 rules");
    expect(world.run(["validate-config", join(world.project, "none.toml")]).code).toBe(2);
  });

  it("finds the shipped starter policy valid, every example included", () => {
    const { stderr, code } = freshWorld().run([
      "validate",
      new URL("../../policies/starter.toml", import.meta.url).pathname,
    ]);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  });
});

describe("rules", () => {
  const world = freshWorld(POLICY);

  it("lists every rule with its place; without a log hits are no data", () => {
    const { rules } = JSON.parse(world.run(["rules", "list", "--json"]).stdout);
    expect(rules).toContainEqual(
      expect.objectContaining({
        id: "no-force-push",
        kind: "deny",
        hits: null,
        source_line: 2,
        source_file: join(world.home, "config.toml"),
      }),
    );
    expect(rules.some((rule: { layer: string }) => rule.layer === "builtin")).toBe(true);
    expect(world.run(["rules", "list"]).stdout).toContain("no data");
  });

  it("shows the line of a rule and when it was promoted, on a narrow terminal too", () => {
    const { home, run } = freshWorld(POLICY);
    writeFileSync(
      join(home, "auto-rules.toml"),
      '[[allow]]\nname = "ls"\npattern = "Bash(ls)"\npromoted_at = "2026-11-02T10:00:00.000Z"\npromoted_tier = "GREEN"\n',
    );
    const line = (columns: string) =>
      run(["rules", "list"], { env: { COLUMNS: columns } }).stdout.match(/.* ls .*/)?.[0];
    expect(line("72")).toContain("auto-rules.toml:1");
    expect(line("120")).toMatch(/auto-rules\.toml:1 +promoted 2026-11-02/);
    const { rules } = JSON.parse(run(["rules", "list", "--json"]).stdout);
    expect(rules.find(({ id }: { id: string }) => id === "ls")).toMatchObject({
      provenance: { promotedTier: "GREEN" },
    });
  });

  it("shows one rule whole", () => {
    const { stdout } = world.run(["rules", "show", "no-force-push"]);
    for (const text of ["Shared history", "--force-with-lease", "config.toml:2"]) expect(stdout).toContain(text);
  });
});

describe("trust", () => {
  const PROJECT = `[[allow]]\nname = "everything"\ntool = ".*"\n`;
  const prepared = () => {
    const world = freshWorld();
    mkdirSync(join(world.project, ".claude"));
    const file = join(world.project, ".claude", "claude-permit.toml");
    writeFileSync(file, PROJECT);
    return { world, file };
  };
  const decision = (world: ReturnType<typeof freshWorld>) =>
    JSON.parse(world.run(["test", "ls", "--json"]).stdout).decision;

  it("a project's allow counts only after trust, and not after a change", () => {
    const { world, file } = prepared();
    expect(decision(world)).toBe("passthrough");
    expect(world.run(["trust"]).stdout).toContain("trusted, until one of these changes");
    expect(decision(world)).toBe("allow");
    writeFileSync(file, `${PROJECT}# \n`);
    expect(decision(world)).toBe("passthrough");
    expect(world.run(["status"]).stdout).toContain("changed since it was trusted");
  });

  it("can be taken back", () => {
    const { world } = prepared();
    world.run(["trust"]);
    expect(world.run(["trust", "--revoke"]).code).toBe(0);
    expect(decision(world)).toBe("passthrough");
  });

  it("is not for Claude to give", () => {
    const { world } = prepared();
    const { stderr, code } = world.run(["trust"], { env: { CLAUDECODE: "1" } });
    expect(code).toBe(2);
    expect(stderr).toContain("refused while Claude runs it");
    expect(decision(world)).toBe("passthrough");
  });

  it("has nothing to trust without a file", () => {
    expect(freshWorld().run(["trust"])).toMatchObject({ code: 2 });
  });
});
