import { describe, expect, it } from "vitest";
import { analyze } from "./part-lines.js";

describe("normalised commands", () => {
  it.each([
    ["git push origin main", "git push"],
    ["git -C x --no-pager log -5", "git log"],
    ["git push -f", "git push --force"],
    ["git reset --hard HEAD", "git reset --hard"],
    ["git commit --amend -m x", "git commit --amend"],
    ["git stash list", "git stash list"],
    ["git remote -v", "git remote"],
    ["npm run test -- --watch", "npm run test"],
    ["npm test", "npm test"],
    ["yarn build", "yarn build"],
    ["bun run lint", "bun run lint"],
    ["mise run test:ci", "mise run test:ci"],
    ["make -j4 test", "make test"],
    ["make a b", "make a b"],
    ["rm -rf x", "rm -r"],
    ["rm x", "rm"],
    ["sed -i s/a/b/ f", "sed -i"],
    ["python3 -m pytest -x tests", "python3 -m pytest"],
    ["python3 -c 'print(1)'", "python3 -c"],
    ["python3 scripts/x.py a", "python3 scripts/x.py"],
    ["python3 /Users/bob/x.py a", "python3 x.py"],
    ["node x.js", "node x.js"],
    ["bash -c 'ls'", "bash"],
    ["bash script.sh", "bash script.sh"],
    ["gh pr view 12", "gh pr view"],
    ["gh api -X PATCH x", "gh api -X"],
    ["docker compose up -d", "docker compose up"],
    ["kubectl -n x get pods", "kubectl get"],
    ["/usr/bin/grep x f", "grep"],
    ["./scripts/run.sh --all", "./scripts/run.sh"],
    ["/Users/bob/bin/tool x", "tool"],
    ["curl -H 'Authorization: secret' https://e.example", "curl"],
    ["unheard sub --flag", "unheard sub"],
    ["unheard ./path", "unheard"],
    ["sudo rm -r x", "sudo"],
    ["X=1", ""],
    ["$X y", ""],
  ])("%s: %s", (text, expected) => {
    expect(analyze(text).parts[0]?.normalised).toBe(expected);
  });

  it("is short whatever the words are", () => {
    expect(analyze(`npm run ${"x".repeat(500)}`).parts[0]?.normalised.length).toBe(80);
  });
});
