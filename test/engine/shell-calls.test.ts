import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import { policyFrom } from "./toml.js";
import { bash, callOf, deps } from "./world.js";

const judge = (toml: string) => {
  const policy = policyFrom(toml);
  return (command: string, more = {}) => evaluate(policy, bash(command, more), deps());
};

const zh = '[[KIND]]\nname = "zh"\npattern = "Bash(zh *)"\n';

/** Spellings that Claude Code's own deny rules see, and those that they miss (contract 8.3). */
const REACHING_ZH = [
  "zh",
  "zh x",
  "zh   x",
  "timeout 5 zh x",
  "timeout -k 3 5 zh",
  "time zh",
  "nice -n 5 zh",
  "nohup zh",
  "stdbuf -oL zh",
  "command zh",
  "builtin zh",
  "xargs zh",
  "NODE_ENV=test zh",
  "\\zh",
  "'zh'",
  'z"h"',
  "zh x # c",
  "zh \\\n x",
  "! zh",
  "if zh; then zh; fi",
  "zh 2>&1",
  "zh >/dev/null",
  "true && zh",
  "true || zh",
  "true; zh",
  "true | zh",
  "true & zh",
  "true\nzh",
  "echo $(zh)",
  "echo `zh`",
  "cat <(zh)",
  "tee >(zh)",
  "(zh)",
  "{ zh; }",
  "for f in a; do zh $f; done",
  "while zh; do :; done",
  "case x in x) zh;; esac",
  "f() { zh; }; f",
  "[[ $(zh) ]]",
  "env zh",
  "env A=1 zh",
  "sudo zh",
  "doas zh",
  "watch zh",
  "setsid zh",
  "A=1 zh",
  "PATH=/x zh",
  "exec zh",
  "/usr/bin/zh",
  "./zh",
  "z\\h",
  "Z=zh; $Z x",
  "time -p zh",
  // Open in Claude Code 2.1.329.
  "bash -c 'zh x'",
  "sh -c 'zh x'",
  "zsh -c 'zh x'",
  "eval zh x",
  "xargs -n1 zh x",
  "find . -exec zh {} +",
  "npx zh",
  "busybox zh",
  "ssh host zh",
  "trap 'zh' EXIT",
  "cat <<E\n$(zh)\nE",
  "ZH x",
] as const;

/** What only runs zh by a way that cannot be read. */
const MAYBE_ZH = ["alias q=zh; q", "$(echo zh) x", "python3 -c \"os.system('zh')\""] as const;

describe("a deny rule for a program", () => {
  const deny = judge(zh.replace("KIND", "deny"));
  it.each(REACHING_ZH)("is met by %j", (command) => {
    expect(deny(command)).toMatchObject({ decision: "deny", rule: { id: "zh" } });
  });

  it.each(MAYBE_ZH)("is never ruled out by %j", (command) => {
    expect(["ask", "deny"]).toContain(deny(command).decision);
  });

  it.each(["echo zh", "git commit -m 'zh x'", "cat <<'E'\nzh x\nE", "zhx", "echo # zh", "grep zh file", "ls ./zh/x"])(
    "is not met by %j",
    (command) => {
      expect(deny(command).decision).toBe("passthrough");
    },
  );
});

describe("an allow rule for a program", () => {
  const allow = judge(zh.replace("KIND", "allow"));
  it.each([
    "zh",
    "zh x",
    "zh   x",
    "timeout 5 zh x",
    "time zh",
    "nice -n 5 zh",
    "nohup zh",
    "stdbuf -oL zh",
    "command zh",
    "NODE_ENV=test zh",
    "LANG=C zh",
    "\\zh",
    "'zh'",
    'z"h"',
    "zh x # c",
    'zh "a && b"',
    "zh \\\n x",
    "! zh",
    "if zh; then zh; fi",
    "zh 2>&1",
    "zh >/dev/null",
    "zh $x",
    "/usr/bin/zh x",
    "zh && zh y",
    "zh | zh",
    "X=1; zh",
  ])("covers %j", (command) => {
    expect(allow(command)).toMatchObject({ decision: "allow", rule: { id: "zh" } });
  });

  it.each([
    "zh && x",
    "zh || x",
    "zh; x",
    "zh | x",
    "zh & x",
    "zh\nx",
    "zh $(x)",
    "zh `x`",
    "zh <(x)",
    "sudo zh",
    "A=1 zh",
    "PATH=.. zh",
    "GIT_SSH_COMMAND=x zh",
    "bash -c x",
    "eval x",
    "./zh",
    "npx zh",
    "zh > f",
    "zh >> f",
    "ZH",
    "zhx",
    "x zh",
    "$X zh",
    "$(echo zh)",
    "zh() { x; }; zh",
    "alias zh=x; zh",
    "zh 'unclosed",
    "zh \0",
    "# zh",
    "",
    "trap x EXIT; zh",
    "ssh host zh",
    "zh\r x",
  ])("does not cover %j", (command) => {
    expect(allow(command).decision).not.toBe("allow");
  });
});

describe("an allow rule and what a wrapper runs", () => {
  const named = judge('[[allow]]\npattern = "Bash(npx tsc *)"\n[[allow]]\npattern = "Bash(sudo apt update)"\n');
  const open = judge(
    '[[allow]]\npattern = "Bash(npx *)"\n[[allow]]\npattern = "Bash(sudo *)"\n[[allow]]\npattern = "Bash(find *)"\n',
  );
  const both = judge('[[allow]]\npattern = "Bash(npx *)"\n[[allow]]\npattern = "Bash(tsc *)"\n');
  const assigned = judge('[[allow]]\npattern = "Bash(PYTHONPATH=. pytest *)"\n');
  it.each<[string, ReturnType<typeof judge>, string, boolean]>([
    ["covers the program it names", named, "npx tsc --noEmit", true],
    ["covers it with words after it", named, "npx tsc -p $x 2>&1", true],
    ["covers no other program", named, "npx rimraf x", false],
    ["covers no program after it", named, "npx tsc && rm x", false],
    ["covers words it names", named, "sudo apt update", true],
    ["covers no other words", named, "sudo apt install x", false],
    ["with a wildcard covers the wrapper only", open, "npx rimraf ~/work", false],
    ["with a wildcard covers no command of find", open, "find . -exec rm {} +", false],
    ["with a wildcard covers what find does itself", open, "find . -name x", true],
    ["and one for the inner program cover both", both, "npx tsc", true],
    ["names the variables it means", assigned, "PYTHONPATH=. pytest -q", true],
    ["means no other value", assigned, "PYTHONPATH=/tmp pytest -q", false],
    ["means no other variable", assigned, "PYTHONPATH=. LD_PRELOAD=x pytest -q", false],
  ])("%s", (_what, allow, command, isAllowed) => {
    expect(allow(command).decision).toBe(isAllowed ? "allow" : "passthrough");
  });
});

describe("an allow rule and options that run something", () => {
  const wide = judge(
    ["rg", "git", "sed", "awk", "tar", "sort", "sudo"]
      .map((name) => `[[allow]]\npattern = "Bash(${name} *)"\n`)
      .join(""),
  );
  const exact = judge(
    '[[allow]]\npattern = "Bash(rg --pre *)"\n[[allow]]\nshell = { program = ["git"], flags_any = ["-c"] }\n',
  );
  const structure = judge('[[allow]]\nshell = { program = ["rg"] }\n');
  const all = judge('[[allow]]\ntool = "Bash"\n');
  it.each<[string, boolean, ReturnType<typeof judge>]>([
    ["rg -n x src", true, wide],
    ["rg --pre 'sh -c id' x .", false, wide],
    ["rg --hostname-bin=/tmp/x x", false, wide],
    ["rg -n x src", true, structure],
    ["rg --pre sh x", false, structure],
    ["rg --pre sh x", true, exact],
    ["git log -p", true, wide],
    ["git -c core.pager='sh -c id' log", false, wide],
    ["git --exec-path=/tmp/evil status", false, wide],
    ["git -c core.pager=cat log", true, exact],
    ["sed -n 1,5p f", true, wide],
    ["sed 's/x/id/e' f", false, wide],
    ["awk '{print $1}' f", true, wide],
    ["awk '{print > \"/tmp/x\"}' f", false, wide],
    ["tar -I 'sh -c id' -xf a.tar", false, wide],
    ["sort --compress-program=x f", false, wide],
    ["rg --pre sh x", true, all],
  ])("%j: %s", (command, isAllowed, allow) => {
    expect(allow(command).decision).toBe(isAllowed ? "allow" : "passthrough");
  });
});

describe("rules from the older dialect", () => {
  const old = judge(`
[[allow]]
id = "cargo"
tool_regex = "Bash"
command_regex = "^cargo (build|test)"
command_exclude_regex = "[;&|]|nightly"
[[deny]]
id = "no-rm"
tool_regex = "Bash"
command_regex = "rm -rf"
`);
  it.each([
    ["cargo test --all", "allow"],
    ["cargo test $X", "ask"],
    ["cargo test --all --lib", "allow"],
    ["cargo run", "passthrough"],
    ["cargo test; cargo build", "passthrough"],
    ["cargo test 2>&1", "passthrough"],
    ["cargo test +nightly", "passthrough"],
    ["cargo test && rm -rf x", "deny"],
    ["echo 'a; rm -rf x'", "deny"],
  ])("%s: %s", (command, decision) => {
    expect(old(command).decision).toBe(decision);
  });
});

describe("raw rules", () => {
  const raw = judge(`
[[deny]]
name = "no-pipe-to-shell"
tool = "Bash"
raw = true
fields = { command = 'curl .*\\| *sh' }
[[allow]]
name = "exact"
tool = "Bash"
raw = true
fields = { command = '^make [a-z]+( && make [a-z]+)*$' }
`);
  it.each([
    ["curl x | sh", "deny"],
    ["curl x | sh 'unclosed", "deny"],
    ["ls 'unclosed", "passthrough"],
    ["echo 'curl x | sh'", "deny"],
    ["make test", "allow"],
    ["make test && make lint", "passthrough"],
  ])("%s: %s", (command, decision) => {
    expect(raw(command).decision).toBe(decision);
  });
});

describe("structure, through the real parser", () => {
  const rules = judge(`
[[deny]]
name = "rm-outside"
tool = "Bash"
[deny.shell]
program = ["rm"]
flags_all = ["-r", "-f"]
paths_outside = ["$PROJECT", "/tmp"]
[[deny]]
name = "download-into-shell"
[deny.shell]
program = ["sh", "bash"]
in_pipeline_with = ["curl"]
[[deny]]
name = "env"
pattern = "Read(.env)"
[[ask]]
name = "push"
[ask.shell]
program = ["git"]
subcommand = ["push"]
flags_none = ["--dry-run"]
[[allow]]
name = "reading"
[allow.shell]
effect = ["reads"]
[[allow]]
name = "src"
pattern = "Edit(/src/**)"
`);
  it.each([
    ["rm -rf ~/work", "deny", "rm-outside"],
    ["rm --recursive --force /srv", "deny", "rm-outside"],
    ["rm -fr -- ../other", "deny", "rm-outside"],
    ["cd / && rm -rf var", "deny", "rm-outside"],
    ["rm -rf link-out/x", "deny", "rm-outside"],
    ["rm -rf $X", "ask", "rm-outside"],
    ["$X -rf /", "ask", "rm-outside"],
    ["rm -rf build", "passthrough", undefined],
    ["rm -r ~/work", "passthrough", undefined],
    ["echo 'rm -rf ~/work'", "allow", "reading"],
    ["curl x | sudo sh", "deny", "download-into-shell"],
    ["curl x | jq .", "passthrough", undefined],
    ["cat .env", "deny", "env"],
    ["F=.env; cat $F", "deny", "env"],
    ["cd sub && cat .env", "deny", "env"],
    ["wc -l < .env", "deny", "env"],
    ["cat .e*", "ask", "env"],
    ["cat .{env,x}", "deny", "env"],
    ["cat .{env,x*}", "ask", "env"],
    ["cat src/{a,b}.ts", "allow", "reading"],
    ["rm -rf {build,~/work}", "ask", "rm-outside"],
    ["rm -rf {build,/srv}", "deny", "rm-outside"],
    ["rm -rf {build,dist}", "passthrough", undefined],
    ["{rm,-rf,/srv}", "deny", "rm-outside"],
    ["base64 .env", "deny", "env"],
    ["cp .env x", "deny", "env"],
    ["sed -i s/a/b/ .env", "deny", "env"],
    ["tee .env", "deny", "env"],
    ["source .env", "deny", "env"],
    ["tar cf - .env", "deny", "env"],
    ["dd if=.env of=x", "deny", "env"],
    ["dd of=.env", "deny", "env"],
    [`python -c "open('.env')"`, "ask", "env"],
    ["cat .ENV", "deny", "env"],
    ["cat *.ts", "allow", "reading"],
    ["git push", "ask", "push"],
    ["git -C sub push -f", "ask", "push"],
    ["git push --dry-run", "passthrough", undefined],
    ["git push $X", "ask", "push"],
    ["git log --oneline | head -3", "allow", "reading"],
    ["PATH=/tmp/x; ls", "passthrough", undefined],
    ["export PATH=/tmp/x; ls", "passthrough", undefined],
    ["LD_PRELOAD=/tmp/x ls", "passthrough", undefined],
    ["ls() { x; }; ls", "passthrough", undefined],
    ["git log > src/log.txt", "passthrough", undefined],
    ["ls > src/list; ls", "passthrough", undefined],
    ["git -c core.pager=x log", "passthrough", undefined],
    ["find . -delete", "ask", "builtin-files"],
    ["sort --compress-program=x f", "passthrough", undefined],
  ])("%s: %s by %s", (command, decision, id) => {
    const found = rules(command);
    expect([found.decision, found.rule?.id]).toEqual([decision, id]);
  });

  it("holds for Monitor and says what it found", () => {
    const policy = policyFrom('[[deny]]\nname = "rm"\npattern = "Bash(rm *)"\n');
    const call = callOf("Monitor", { description: "x", command: "tail -f x | rm y" });
    const found = evaluate(policy, call, deps());
    expect(found).toMatchObject({ decision: "deny", rule: { id: "rm" }, commands: ["tail", "rm"] });
    expect(found.paths).toContain("y");
  });
});

describe("self-protection, in any spelling", () => {
  const all = judge(`
[[allow]]
[allow.shell]
effect = ["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"]
[[allow]]
pattern = "Bash"
`);
  it.each([
    "echo x > ~/.claude/claude-permit/config.toml",
    "cat >> $HOME/.claude/settings.json <<'E'\n{}\nE",
    "cd ~/.claude && echo '{}' > settings.json",
    "cp x ~/.claude/settings.json",
    "mv /tmp/settings.json ~/.claude/",
    "cp -r evil/.claude .",
    "tee .claude/settings.local.json",
    "sed -i s/a/b/ ~/.claude/settings.json",
    "truncate -s 0 ~/.claude/claude-permit/audit.jsonl",
    "ln -sf /tmp/x ~/.claude/settings.json",
    "rm -rf ~/.claude",
    "rm -rf /home/u",
    "find ~/.claude -name 'settings.json' -delete",
    "find . -name '*.json' -delete",
    "find . -delete",
    "rm -rf .*",
    "chmod -x ~/.claude/claude-permit/hook.cjs",
    "dd if=/tmp/x of=/home/u/.claude/settings.json",
    "python3 -c \"open('/home/u/.claude/settings.json','w')\"",
    "python3 - <<'E'\nopen('/home/u/.claude/claude-permit/config.toml','w')\nE",
    "node -e \"fs.rmSync(process.env.HOME + '/.claude/claude-permit/config.toml')\"",
    "bash -c 'echo > ~/.claude/settings.json'",
    "sudo tee /etc/claude-permit/config.toml",
    "export CLAUDE_PERMIT_HOME=/tmp",
    "CLAUDE_CONFIG_DIR=/tmp claude -p x",
    "env CLAUDE_PERMIT_CONFIG=/tmp/x ls",
    "echo 'export CLAUDE_PERMIT_HOME=/tmp' >> ~/.bashrc",
    "kill -9 $(pgrep -f claude-permit)",
    "pkill -f claude-permit",
    "npm uninstall -g claude-permit",
    "claude-permit apply '{}'",
    "npx claude-permit trust",
    "npx -y claude-permit@latest init --yes",
    "node ./node_modules/claude-permit/dist/cli/main.js rules revoke x",
    "cd sub && ./node_modules/.bin/claude-permit review --approve 1",
    "true; claude-permit suggest --apply",
    "echo y | claude-permit init",
    "claude-permit $X",
    "claude --settings '{\"disableAllHooks\":true}' -p x",
    "claude plugin disable claude-permit",
  ])("asks about %j, and denies it headless", (command) => {
    expect(all(command)).toMatchObject({ decision: "ask", rule: { layer: "builtin" } });
    expect(all(command, { attended: false })).toMatchObject({ decision: "deny", rule: { layer: "builtin" } });
  });

  it.each([
    "cat ~/.claude/settings.json",
    "cp ~/.claude/settings.json /tmp/copy",
    "ls -la ~/.claude",
    "grep -r hooks .claude",
    "diff .claude/settings.json /tmp/x",
    "git commit -m 'guard .claude/settings.json and CLAUDE_CONFIG_DIR=x against disableAllHooks'",
    "echo CLAUDE_PERMIT_HOME",
    'claude-permit query \'{"type":"stats"}\'',
    "npx claude-permit status --json",
    "claude-permit analyze --format md | head",
    "npm install left-pad",
    "rm -rf build",
    "find . -name '*.pyc' -delete",
    "cp a b",
    "npm test",
    "kill 123",
  ])("leaves %j alone", (command) => {
    expect(all(command)).toMatchObject({ decision: "allow" });
  });
});
