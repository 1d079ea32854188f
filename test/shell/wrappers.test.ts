import { describe, expect, it } from "vitest";
import { analyze, effectOf, line, lines } from "./part-lines.js";

/** The part of `zh`, which no table knows: how sure it is, and what runs it. */
function inner(text: string): string | undefined {
  const part = analyze(text).parts.find(({ program, argv }) => program === "zh" && argv[1]?.value === "x");
  return part === undefined ? undefined : `${part.certainty} ${part.via.join(">")}`;
}

describe("the inner command is found", () => {
  it.each([
    ["sudo zh x", "sudo"],
    ["sudo -u root -E A=1 zh x", "sudo"],
    ["doas zh x", "doas"],
    ["env zh x", "env"],
    ["env -i A=1 -- zh x", "env"],
    ["env -u B C=2 zh x", "env"],
    ["env -S 'zh x'", "env"],
    ["xargs zh x", "xargs"],
    ["xargs -n1 -P4 zh x", "xargs"],
    ["xargs -I{} zh x {}", "xargs"],
    ["timeout 5 zh x", "timeout"],
    ["timeout -k 3 -s KILL 5 zh x", "timeout"],
    ["nice zh x", "nice"],
    ["nice -n 5 zh x", "nice"],
    ["ionice -c3 zh x", "ionice"],
    ["nohup zh x", "nohup"],
    ["setsid -w zh x", "setsid"],
    ["stdbuf -oL -e0 zh x", "stdbuf"],
    ["command zh x", "command"],
    ["builtin zh x", "builtin"],
    ["exec zh x", "exec"],
    ["watch -n1 zh x", "watch"],
    ["watch 'zh x'", "watch"],
    ["flock /tmp/l zh x", "flock"],
    ["flock /tmp/l -c 'zh x'", "flock"],
    ["parallel zh x ::: a", "parallel"],
    ["find . -name y -exec zh x {} +", "find"],
    ["find . -execdir zh x ';'", "find"],
    ["find . -ok zh x ';' -okdir ls ';'", "find"],
    ["fd -e ts -x zh x", "fd"],
    ["fd y -X zh x", "fd"],
    ["bash -c 'zh x'", "bash"],
    ["bash -lc 'zh x'", "bash"],
    ["bash -euo pipefail -c 'zh x'", "bash"],
    ["sh -c 'zh x' name arg", "sh"],
    ["zsh -c 'zh x'", "zsh"],
    ["bash <<'E'\nzh x\nE", "bash"],
    ["bash <<< 'zh x'", "bash"],
    ["eval zh x", "eval"],
    ["eval 'zh x'", "eval"],
    ["trap 'zh x' EXIT", "trap"],
    ["ssh host zh x", "ssh"],
    ["ssh -p 22 -i k user@host 'cd y && zh x'", "ssh"],
    ["docker exec -it c zh x", "docker"],
    ["docker run --rm -v a:b image zh x", "docker"],
    ["podman exec c zh x", "podman"],
    ["docker compose exec -T web zh x", "docker"],
    ["docker-compose run --rm web zh x", "docker-compose"],
    ["kubectl exec -it pod -n ns -- zh x", "kubectl"],
    ["kubectl -n ns exec pod -c c -- zh x", "kubectl"],
    ["su -c 'zh x'", "su"],
    ["su - bob -c 'zh x'", "su"],
    ["script -qc 'zh x' /dev/null", "script"],
    ["npx zh x", "npx"],
    ["npx -y -p pkg zh x", "npx"],
    ["npm exec -- zh x", "npm"],
    ["pnpm exec zh x", "pnpm"],
    ["yarn dlx zh x", "yarn"],
    ["bunx zh x", "bunx"],
    ["uvx zh x", "uvx"],
    ["uv run zh x", "uv"],
    ["mise exec -- zh x", "mise"],
    ["mise x node@20 -- zh x", "mise"],
    ["poetry run zh x", "poetry"],
    ["busybox zh x", "busybox"],
    ["toybox zh x", "toybox"],
    ["chroot /r zh x", "chroot"],
    ["nsenter -t 1 -m zh x", "nsenter"],
    ["unshare -r zh x", "unshare"],
    ["strace -f -o out zh x", "strace"],
    ["perf stat zh x", "perf"],
    ["systemd-run --user zh x", "systemd-run"],
    ["git bisect run zh x", "git"],
    ["git rebase --exec 'zh x' main", "git"],
    ["git submodule foreach 'zh x'", "git"],
    ["sudo env timeout 5 zh x", "sudo>env>timeout"],
    ["bash -c \"bash -c 'zh x'\"", "bash>bash"],
    ["time zh x", ""],
    ["cat <<E\n$(zh x)\nE", ""],
    ["FOO=1 zh x", ""],
    ["Z=zh; $Z x", ""],
  ])("%s", (text, via) => {
    expect(inner(text)).toBe(`certain ${via}`);
  });
});

describe("what may run is a candidate", () => {
  it.each([
    ["an unknown program", "chronicle zh x"],
    ["an unknown program with options", "prog --flag zh x"],
    ["a program of its own", "./run.sh zh x"],
    ["an unknown program's shell text", "prog -c 'zh x'"],
    ["an unknown option of a wrapper", "timeout --unheard 5 zh x"],
    ["a word that is not static before it", "timeout $N zh x"],
    ["a pipe into a shell", "echo zh x | sh"],
    ["a here-document with expansions", "bash <<E\nzh x $Y\nE"],
    ["a program to run named by an option", "rg --pre 'zh x' y"],
    ["an alias", "alias q='zh x'"],
    ["a variable that others start", "PAGER='zh x' git log"],
    ["a job for later", "echo zh x | at now"],
    ["a substituted name", "$(echo zh) x"],
    ["another case", "ZH x"],
    ["a call in code", "python3 -c \"import os; os.system('zh x')\""],
    ["a list in code", "python3 -c \"import subprocess as s; s.run(['zh', 'x'])\""],
    ["a call in a here-document of code", "python3 - <<'E'\nimport os\nos.system('zh x')\nE"],
    ["a call in node", "node -e \"require('child_process').execSync('zh x')\""],
    ["backticks in ruby", "ruby -e '`zh x`'"],
    ["kubectl without dashes", "kubectl exec pod zh x"],
  ])("%s: %s", (_, text) => {
    expect(inner(text)).toMatch(/^candidate/);
  });

  it("does not read data as commands", () => {
    for (const text of [
      "git commit -m 'zh x'",
      "echo 'zh x'",
      "grep 'zh x' f",
      "cat <<'E'\nzh x\nE",
      "python3 -c \"print('zh x')\"",
    ])
      expect(inner(text)).toBeUndefined();
  });
});

describe("transparent wrappers add nothing of their own", () => {
  it.each([
    ["timeout 5 ls", ["~timeout reads", "ls reads"]],
    ["nice -n 5 nohup ls", ["~nice reads", "~nohup reads", "ls reads"]],
    ["env A=1 ls", ["~env reads", "ls reads"]],
    ["cat f | xargs grep y", ["cat reads", "~xargs reads", "grep reads"]],
    ["bash -c 'ls && rm x'", ["~bash reads", "ls reads", "rm writes"]],
    ["command -v git", ["command reads"]],
    ["sudo ls", ["sudo unknown", "ls reads"]],
    ["ssh h ls", ["ssh network", "ls network"]],
    ["npx tsc", ["npx network", "tsc runs-code"]],
    ["docker exec c ls", ["docker exec runs-code", "ls runs-code"]],
    ["env PATH=/x ls", ["env unknown", "ls unknown"]],
    ["env", ["env unknown"]],
    ["env -u A prog", ["~env reads", "prog unknown"]],
    ["bash script.sh", ["bash script.sh runs-code"]],
    ["bash -n script.sh", ["bash script.sh reads"]],
    ["curl x | sh", ["curl network", "sh unknown"]],
  ])("%s", (text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  it("gives the inner command the wrapper's redirects", () => {
    const { parts } = analyze("timeout 5 bash -c 'ls' > f");
    expect(parts.map((part) => part.redirects.map(({ target }) => target?.value))).toEqual([["f"], ["f"], ["f"]]);
  });

  it("knows wrappers that a user declares", () => {
    const declared = [{ program: "rtk", valueFlags: ["-o"], skip: 0 }];
    expect(lines("rtk -v -o y git status", declared)).toEqual(["~rtk reads", "git status reads"]);
    expect(lines("rtk git push --force", declared)).toEqual(["~rtk reads", "git push --force network"]);
    expect(lines("rtk git status").at(0)).toBe("rtk git unknown");
  });
});

describe("pipelines", () => {
  it("tells which programs feed a part", () => {
    const { parts } = analyze("curl x | sudo sh");
    expect(parts.filter(({ program }) => program === "sh").map(({ pipeline }) => pipeline)).toEqual([["curl"]]);
  });
});

describe("a name defined in the call hides the program", () => {
  it("does not trust the name: the body says what it does", () => {
    const call = analyze("git() { rm x; }; git status").parts.find(({ program }) => program === "git");
    expect(call).toMatchObject({ transparent: true, effect: "reads" });
    expect(analyze("git() { rm x; }; git status").parts.map(line)).toContain("rm writes");
  });

  it.each([
    "(git() { ls; }); git status",
    "true && git() { ls; }; git status",
    "git status; git() { ls; }",
    "git() { ls; }; unset -f git; git status",
    "git() { ls; }; echo x | xargs git status",
    "if x; then git() { ls; }; fi; git status",
  ])("covers nothing where the function may not be meant: %s", (text) => {
    const calls = analyze(text).parts.filter(({ program }) => program === "git");
    expect(calls.map(({ transparent, effect }) => [transparent, effect])).toEqual([[false, "unknown"]]);
  });

  it("does not trust the name in a shell below", () => {
    expect(effectOf("git() { rm x; }; export -f git; bash -c 'git status'")).toBe("unknown");
  });

  it("does not trust a file of the same name", () => {
    expect(lines("./git status")).toEqual(["./git runs-code", "?status unknown"]);
    expect(lines("/tmp/x/ls")).toEqual(["ls runs-code"]);
    expect(lines("/usr/bin/git status")).toEqual(["git status reads"]);
  });
});
