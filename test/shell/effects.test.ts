import { describe, expect, it } from "vitest";
import { checkAwk } from "../../src/core/shell/awk-script.js";
import { checkSed } from "../../src/core/shell/sed-script.js";
import { accesses, analyze, effectOf } from "./part-lines.js";

const reads = (...commands: readonly string[]) => commands.map((command) => [command, "reads"] as const);

describe("every command that only reads has a neighbour that does not", () => {
  it.each([
    ...reads(
      "ls -la src",
      "cat -n f",
      "head -20 f",
      "tail -n +3 f",
      "wc -l *.ts",
      "pwd",
      "echo -n x",
      "printf '%s\\n' x",
      "true",
      "test -f x",
      "[ -d y ]",
    ),
    ["printf -v PATH x", "unknown"],
    ...reads(
      "grep -rn --include='*.ts' foo src",
      "grep -c x f",
      'grep "$X" f',
      "rg -n foo -g '*.ts' src",
      "rg --files",
    ),
    ["rg --pre 'sh -c id' x .", "unknown"],
    ["rg --hostname-bin=/tmp/x x", "unknown"],
    ["rg --pr 'sh -c id' x", "unknown"],
    ["rg -z x", "unknown"],
    ['rg "$X" f', "unknown"],
    ...reads(
      "find . -name '*.ts' -type f",
      "find src -maxdepth 2 -not -path './x/*' -print0",
      "find . \\( -name a -o -name b \\) -newer c",
    ),
    ["find . -delete", "writes"],
    ["find . -fprintf out x", "writes"],
    ["find . -fls out", "writes"],
    ["find . -exec rm {} +", "writes"],
    ["find . -e\\xec rm {} +", "writes"],
    ["find . -unheard x", "unknown"],
    ...reads("sort -u -k2,2 f", "sort -t, -nk3 f"),
    ["sort -o out f", "writes"],
    ["sort --outp=out f", "unknown"],
    ["sort --compress-program=sh f", "unknown"],
    ["sort *.txt", "unknown"],
    ...reads(
      "sort src/*.txt",
      "uniq -c",
      "cut -d, -f1 f",
      "tr a b",
      "nl f",
      "base64 -d",
      "xxd f",
      "diff -u a b",
      "jq -r '.a | .b' f",
      "jq --arg a b '.c' f",
    ),
    ["uniq f out", "writes"],
    ["xxd -r p /tmp/x", "writes"],
    ["base64 -d -o out f", "writes"],
    ...reads("sed -n '1,5p' f", "sed 's/a/b/g' f", "sed -e 's/a/b/' -e '/x/d' f", "sed '/^#/d;s/ *$//' f"),
    ["sed -i s/a/b/ f", "writes"],
    ["sed -i.bak s/a/b/ f", "writes"],
    ["sed --in-place s/a/b/ f", "writes"],
    ["sed 's/x/id/e' f", "unknown"],
    ["sed -n 'w out' f", "unknown"],
    ["sed '1e id' f", "unknown"],
    ['sed "s/x/$Y/" f', "unknown"],
    ["sed -f script f", "unknown"],
    ...reads("awk '{print $1}' f", "awk -F: '$3 > 5 {print}' f", "awk 'NR==1 || /a|b/' f"),
    ["awk '{print > \"out\"}' f", "unknown"],
    ["awk 'BEGIN{system(\"id\")}'", "unknown"],
    ["awk -f prog f", "runs-code"],
    ...reads("tar -tf a.tar", "tar tzf a.tgz", "unzip -l a.zip", "zcat f.gz"),
    ["tar -xf a.tar", "writes"],
    ["tar -tf host:a.tar", "unknown"],
    ["tar xzf a.tgz -C /tmp", "writes"],
    ["tar -tf a --to-command=id", "unknown"],
    ["tar -I 'sh -c id' -tf a", "unknown"],
    ["tar -cf /dev/null f --checkpoint-action=exec=id", "unknown"],
    ["less +'!id' f", "unknown"],
    ["man -P id x", "unknown"],
    ...reads(
      "date +%F",
      "date +%s",
      "date -u -d yesterday +%F",
      "uname -a",
      "whoami",
      "ps aux",
      "which git",
      "command -v git",
      "type ls",
    ),
    ["date -s 12:00", "unknown"],
    ["date 010100002026", "unknown"],
    ["env", "unknown"],
    ["printenv", "unknown"],
    ["curl -s https://e.example", "network"],
    ["curl -o f https://e.example", "network"],
    ["curl -K conf", "unknown"],
    ["cp a b", "writes"],
    ["mkdir -p x/y", "writes"],
    ["rm -rf x", "writes"],
    ["rm --unheard x", "unknown"],
    ["dd if=a of=b", "writes"],
    ["tee f", "writes"],
    ["chmod -x f", "writes"],
    ["kill 1", "unknown"],
    ["unheard x", "unknown"],
    ["unheard --version", "unknown"],
    ["$X", "unknown"],
  ] as const)("%s: %s", (command, effect) => {
    expect(effectOf(command)).toBe(effect);
  });
});

describe("git", () => {
  it.each([
    ...reads(
      "git status --short",
      "git log --oneline -5",
      "git log -p --since=1.week -- src",
      "git diff --stat HEAD~1",
      "git show HEAD:a.ts",
      "git rev-parse --show-toplevel",
      "git branch",
      "git branch -a -v",
      "git branch --show-current",
      "git branch --list 'a*'",
    ),
    ...reads(
      "git tag",
      "git tag -l 'v*'",
      "git remote -v",
      "git stash list",
      "git stash show -p",
      "git config --get user.name",
      "git config -l",
      "git worktree list",
      "git ls-files",
      "git blame -L1,5 f",
      "git grep -n x",
      "git reflog",
      "git -C sub status",
      "git --no-pager log",
      "git --version",
    ),
    ["git log --output=f", "writes"],
    ["git diff --output f", "writes"],
    ["git diff --ext-diff", "unknown"],
    ["git grep -O x", "unknown"],
    ["git grep --open-files-in-pager=id x", "unknown"],
    ["git -c core.pager=id log", "unknown"],
    ["git -c core.fsmonitor=id status", "unknown"],
    ["git --config-env=core.pager=X log", "unknown"],
    ["git --exec-path=/tmp status", "unknown"],
    ["git --git-dir=/tmp/x status", "unknown"],
    ["git -p log", "unknown"],
    ["git branch new", "writes"],
    ["git branch -D old", "writes"],
    ["git branch --list -D old", "writes"],
    ["git tag v1", "writes"],
    ["git tag -d v1", "writes"],
    ["git remote add x y", "unknown"],
    ["git config user.name x", "writes"],
    ["git config --global core.hooksPath /tmp", "unknown"],
    ["git config --get x --unset y", "unknown"],
    ["git reflog expire --all", "writes"],
    ["git stash", "writes"],
    ["git stash pop", "writes"],
    ["git add .", "writes"],
    ["git reset --hard", "writes"],
    ["git clean -fd", "writes"],
    ["git restore f", "writes"],
    ["git rm f", "writes"],
    ["git commit -m x", "runs-code"],
    ["git checkout -- .", "runs-code"],
    ["git merge x", "runs-code"],
    ["git push", "network"],
    ["git fetch", "network"],
    ["git ls-remote --upload-pack='sh -c id' .", "unknown"],
    ["git ls-remote --upload-pa='sh -c id' .", "unknown"],
    ["git fetch 'ext::sh -c id'", "unknown"],
    ["git clone -c core.hooksPath=x y", "unknown"],
    ["git unheard", "unknown"],
    ["git $X", "unknown"],
    ["git gc", "unknown"],
    ["git log --show-signature", "unknown"],
    ["git status $X", "unknown"],
    ["git -c alias.x='!id' x", "unknown"],
  ] as const)("%s: %s", (command, effect) => {
    expect(effectOf(command)).toBe(effect);
  });
});

describe("build tools, packages, forges, containers", () => {
  it.each([
    ["npm test", "runs-code"],
    ["npm run build", "runs-code"],
    ["npm install", "network"],
    ["npm ls", "reads"],
    ["npm --version", "reads"],
    ["npm config set x y", "unknown"],
    ["npx tsc", "network"],
    ["yarn --version", "runs-code"],
    ["yarn why x", "runs-code"],
    ["tsc --version", "reads"],
    ["node script.js", "runs-code"],
    ["node --version", "reads"],
    ["node --check x.js", "reads"],
    ["node --check -r ./x.js y.js", "runs-code"],
    ["python3 -m pytest", "runs-code"],
    ["python3 -V", "reads"],
    ["ruby -v x.rb", "runs-code"],
    ["go test ./...", "runs-code"],
    ["go doc fmt", "reads"],
    ["go env -w X=y", "writes"],
    ["go get x", "network"],
    ["cargo test", "runs-code"],
    ["cargo --list", "reads"],
    ["cargo install --list", "network"],
    ["cargo install --version 1.0.0 x", "network"],
    ["make test", "runs-code"],
    ["mise run lint", "runs-code"],
    ["gofmt -l .", "reads"],
    ["gofmt -w .", "writes"],
    ["gh pr view 1", "network"],
    ["gh pr view 1 --web", "unknown"],
    ["gh --version", "reads"],
    ["gh auth token", "unknown"],
    ["docker ps -a", "reads"],
    ["docker -H tcp://e.example ps", "network"],
    ["docker rm c", "unknown"],
    ["kubectl get pods", "network"],
    ["psql -c 'select 1'", "unknown"],
  ] as const)("%s: %s", (command, effect) => {
    expect(effectOf(command)).toBe(effect);
  });
});

describe("paths", () => {
  it.each([
    ["cat a b", ["read:a", "read:b"]],
    ["cat -- -n", ["read:-n"]],
    ["cat src/*.ts", ["read:?"]],
    ["grep -e x f", ["read:f"]],
    ["grep x f", ["read:f"]],
    ["grep -rn x", ["read:."]],
    ["ls", ["read:."]],
    ["cp a b c", ["read:a", "read:b", "write:c", "write:c/a", "write:c/b"]],
    ["cp -t d x/a b/", ["write:d", "read:x/a", "read:b/", "write:d/a", "write:d/b"]],
    ["mv a b", ["delete:a", "write:b", "write:b", "write:b/a"]],
    ["rm -rf a", ["delete:a"]],
    ["sed -i s/a/b/ f", ["read:f", "write:f"]],
    ["sed -i '' s/a/b/ f", ["read:f", "write:f"]],
    ["find a -delete", ["delete:a"]],
    ["tar czf a.tgz d", ["read:d", "write:a.tgz"]],
    ["tar -C x -cf a.tgz d", ["read:x/d", "write:a.tgz"]],
    ["dd if=a of=b", ["read:a", "write:b"]],
    ["curl -o out -T up https://e.example", ["write:out", "read:up"]],
    ["git -C sub add f.ts", ["read:sub/f.ts", "write:sub/."]],
    ["git show HEAD:.env", ["read:.env"]],
    ["git diff main -- .env", ["read:.env"]],
    ["git diff main", []],
    ["git -C sub diff main", ["read:sub/."]],
    ["git apply p.diff", ["read:p.diff", "write:."]],
    ["git apply --stat p.diff", ["read:p.diff"]],
    ["git clone https://e.example/x", ["write:."]],
    ["git clone https://e.example/x y", ["write:y"]],
    ["unzip a.zip", ["read:a.zip", "write:."]],
    ["unzip -l a.zip", ["read:a.zip"]],
    ["tar xf a.tar", ["read:a.tar", "write:."]],
    ["tar -C x -xf a.tar", ["read:a.tar", "write:x/."]],
    ["curl -O https://e.example/f", ["write:."]],
    ["curl -d @f -F a=@g https://e.example", ["read:f", "read:g"]],
    ["gh api x -F body=@f", ["read:f"]],
    ["python3 x.py", ["run:x.py"]],
    ["./x.sh", ["run:./x.sh"]],
    ["source .env", ["run:.env"]],
    ["cat < f", []],
    ["cat -", []],
    ["git -C $X add f.ts", ["read:?", "write:?"]],
  ])("%s", (command, expected) => {
    expect(accesses(command)).toEqual(expected);
  });

  it("says when it does not know them all", () => {
    const known = (text: string) => analyze(text).parts.every((part) => part.accessesKnown);
    expect(known("cat a")).toBe(true);
    expect(known("unheard a")).toBe(false);
    expect(known("ssh h cat a")).toBe(false);
    expect(known("rm --unheard a")).toBe(false);
  });
});

describe("flags", () => {
  const flags = (text: string) =>
    analyze(text).parts[0]?.flags.map(({ name, value }) => (value === null ? name : `${name}=${value}`));

  it.each([
    ["rm -rf x", ["--recursive", "--force"]],
    ["rm -R --force x", ["--recursive", "--force"]],
    ["rm --recur x", ["--recursive"]],
    ["head -n5 f", ["--lines=5"]],
    ["head -n 5 f", ["--lines=5"]],
    ["head --lines=5 f", ["--lines=5"]],
    ["head -20 f", ["-20"]],
    ["git push -fu origin", ["--force", "--set-upstream"]],
    ["unheard -rf --x=y", ["-rf", "-r", "-f", "--x=y"]],
  ])("%s", (text, expected) => {
    expect(flags(text)).toEqual(expected);
  });

  it("knows every spelling of one flag", () => {
    expect(analyze("rm -R x").parts[0]?.flags[0]?.names).toEqual(["-r", "-R", "--recursive"]);
  });

  it("is not sure when a dynamic word may be one", () => {
    const known = (text: string) => analyze(text).parts[0]?.flagsKnown;
    expect([
      known("rm x"),
      known("rm $X"),
      known('rm "$X"'),
      known('rm -- "$X"'),
      known('rm "./$X"'),
      known("rm ./$X"),
    ]).toEqual([true, false, false, true, true, false]);
  });
});

describe("scripts", () => {
  it.each([
    "p",
    "1,5p",
    "$!N;P;D",
    "/a/,/b/{p;q}",
    "s/a/b/gI",
    "s|a|b|2p",
    "/x/!d",
    "y/abc/xyz/",
    "1~2d",
    "\\,a,d",
    ":a;N;$!ba;s/\\n/ /g",
    "/x/a\\\ntext",
    "2i hello w there",
    "s/[0-9]*//",
  ])("sed %s only prints", (script) => {
    expect(checkSed(script).effect).toBe("reads");
  });

  it.each([
    "w f",
    "1w f",
    "s/a/b/w f",
    "s/a/b/gw f",
    "e id",
    "s/a/b/e",
    "s/a/b/ge",
    "r f",
    "R f",
    "W f",
    "s/a/b",
    "/a",
    "1{w f\n}",
    "p;w f",
    "p w f",
    "s/a/b/;e id",
    "k",
    "s/[/]w f",
  ])("sed %s does not", (script) => {
    expect(checkSed(script).effect).toBe("unknown");
  });

  it.each([
    "{print $1}",
    "$3 > 5",
    "{print ($1 > 2)}",
    "/a|b/ {n++} END {print n}",
    '{gsub(/\\//, "-"); print}',
    "{print $1 / 2}",
    'NR>1 && $2 != "a|b"',
    "# comment | x\n{print}",
  ])("awk %s only reads", (script) => {
    expect(checkAwk(script).effect).toBe("reads");
  });

  it.each([
    '{system("id")}',
    '{print | "sh"}',
    '"id" | getline',
    '{print > "f"}',
    '{printf "x" >> "f"}',
    '{getline < "f"}',
    '@load "x"',
    '{print "a',
    '{if (x) /"/; print | "sh" #"\n}',
    'BEGIN{ARGV[1]="f"}',
  ])("awk %s does not", (script) => {
    expect(checkAwk(script).effect).toBe("unknown");
  });
});
