import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { ShellPart } from "../../src/core/shell/shell.js";
import { access, part, redirect, shellOf } from "./hand-made.js";
import { bash, deps, HOME, policyOf, type ShortRule, settings } from "./world.js";

const text = (parts: readonly ShellPart[]) =>
  parts.map((one) => one.argv.map((w) => w.raw).join(" ")).join("; ") || "x";

function decide(rules: readonly ShortRule[], parts: readonly ShellPart[], more = {}) {
  return evaluate(policyOf(rules), bash(text(parts), more), deps(shellOf(parts)));
}

const allow = (pattern: string): ShortRule => ({ kind: "allow", pattern, name: pattern });
const deny = (pattern: string): ShortRule => ({ kind: "deny", pattern, name: pattern });

describe("allow needs every part", () => {
  const git = allow("Bash(git status *)");
  it.each<[string, readonly ShortRule[], readonly ShellPart[], string]>([
    ["one covered part", [git], [part("git status")], "allow"],
    ["a second part without a rule", [git], [part("git status"), part("curl x")], "passthrough"],
    ["two rules for two parts", [git, allow("Bash(ls *)")], [part("git status"), part("ls -a")], "allow"],
    [
      "a candidate is no part of an allow",
      [git],
      [part("git status"), part("rm x", { certainty: "candidate" })],
      "allow",
    ],
    ["candidates alone allow nothing", [git], [part("git status", { certainty: "candidate" })], "passthrough"],
    ["a harmless wrapper", [git], [part("timeout 5", { transparent: true }), part("git status")], "allow"],
    ["a harmless wrapper alone", [git], [part("timeout 5", { transparent: true })], "passthrough"],
    ["plain assignments run nothing", [git], [assigns("x", "1"), part("git status")], "allow"],
    [
      "assignments that run something",
      [git],
      [assigns("PATH", "/tmp", "runs-code"), part("git status")],
      "passthrough",
    ],
    ["nothing at all", [git], [], "passthrough"],
    ["another program's path", [git], [part("./git status")], "passthrough"],
    ["the system's path", [git], [part("/usr/bin/git status")], "allow"],
    ["a dynamic tail under a wildcard", [git], [part("git status $x")], "allow"],
    ["a dynamic subcommand", [git], [part("git $x status")], "passthrough"],
    ["a dynamic program", [allow("Bash(* status)")], [part("$x status")], "passthrough"],
    ["a dynamic word without a wildcard", [allow("Bash(git status src)")], [part("git status $x")], "passthrough"],
    ["a dynamic word under an inner wildcard", [allow("Bash(git * src)")], [part("git $x src")], "passthrough"],
    ["a blank inside a word is no word boundary", [allow("Bash(npm run test)")], [part("npm run·test")], "passthrough"],
    ["a variable that only changes the language", [git], [part("git status", env("LANG"))], "allow"],
    ["a variable that may run code", [git], [part("git status", env("GIT_SSH_COMMAND"))], "passthrough"],
  ])("%s", (_what, rules, parts, decision) => {
    expect(decide(rules, parts).decision).toBe(decision);
  });

  it("names one rule a part", () => {
    const found = decide([git, allow("Bash(ls *)")], [part("ls"), part("git status"), part("ls -a")]);
    expect([found.rule?.id, found.ruleIds]).toEqual(["Bash(ls *)", ["Bash(ls *)", "Bash(git status *)"]]);
  });

  it("prefers what a person wrote to what was promoted, and says which it was", () => {
    const auto: ShortRule = { ...git, layer: "auto", name: "promoted" };
    expect(decide([auto], [part("git status")])).toMatchObject({ decision: "allow", tier: "auto" });
    expect(decide([auto, git], [part("git status")])).toMatchObject({ tier: "allow", ruleIds: [git.name] });
  });
});

function assigns(name: string, value: string, effect: ShellPart["effect"] = "reads"): ShellPart {
  return part("", { assigns: [{ name, append: false, value, pos: 0 }], effect });
}

function env(name: string): Partial<ShellPart> {
  return { assigns: [{ name, append: false, value: "x", pos: 0 }], effect: "unknown" };
}

describe("files that redirects write", () => {
  const echo = allow("Bash(echo *)");
  const edit = allow("Edit(/src/**)");
  const writes = (target: string) => [part("echo x", { redirects: [redirect(">", target)] })];
  const toOut: ShortRule = { kind: "allow", shell: { program: ["echo"], redirects: { write: ["$PROJECT/out"] } } };
  const inside: ShortRule = { kind: "allow", shell: { program: ["echo"], pathsInside: ["$PROJECT"] } };
  const effects: ShortRule = { kind: "allow", shell: { program: ["echo"], effect: ["reads", "writes-project"] } };
  const code: ShortRule = { kind: "allow", shell: { effect: ["runs-code"] } };
  it.each<[string, readonly ShortRule[], readonly ShellPart[], string]>([
    ["are not covered by a rule about the program", [echo], writes("src/a"), "passthrough"],
    ["are covered by an Edit rule", [echo, edit], writes("src/a"), "allow"],
    ["are not covered by an Edit rule for elsewhere", [echo, edit], writes("lib/a"), "passthrough"],
    ["are not covered through a link that leads out", [echo, allow("Edit(/**)")], writes("link-out/a"), "passthrough"],
    ["need the spelling too, not only the target", [echo, edit], writes("inner/a"), "passthrough"],
    ["may be the null device", [echo], writes("/dev/null"), "allow"],
    ["may be listed by the rule itself", [toOut], writes("out/log"), "allow"],
    ["must be in the rule's list", [toOut], writes("outer/log"), "passthrough"],
    ["may lie in the rule's folders", [inside], writes("out"), "allow"],
    ["must lie in the rule's folders", [inside], writes("/tmp/out"), "passthrough"],
    ["may be the rule's effect", [effects], writes("out"), "allow"],
    ["must not go beyond the rule's effect", [effects], writes("/tmp/out"), "passthrough"],
    [
      "do not hide behind a stronger effect",
      [code],
      [part("make", { effect: "runs-code", redirects: [redirect(">", "/x")] })],
      "passthrough",
    ],
    ["may not be dynamic", [echo, allow("Edit(/**)")], writes("$x"), "passthrough"],
    [
      "count on a wrapper too",
      [echo],
      [part("timeout 5", { transparent: true, redirects: [redirect(">", "a")] }), part("echo x")],
      "passthrough",
    ],
  ])("%s", (_what, rules, parts, decision) => {
    expect(decide(rules, parts).decision).toBe(decision);
  });
});

describe("deny and ask need any part", () => {
  const rm = deny("Bash(rm -rf *)");
  it.each<[string, readonly ShortRule[], readonly ShellPart[], string]>([
    ["a later part", [rm], [part("ls"), part("rm -rf x")], "deny"],
    ["a candidate", [rm], [part("chronic rm -rf x"), part("rm -rf x", { certainty: "candidate" })], "deny"],
    ["a full path", [rm], [part("/bin/rm -rf x")], "deny"],
    ["a path of one's own", [rm], [part("./rm -rf x")], "deny"],
    ["another case", [rm], [part("RM -rf x")], "deny"],
    ["other words", [rm], [part("rm -r x")], "passthrough"],
    ["words in quotes are data", [rm], [part("echo rm·-rf·x")], "passthrough"],
    ["a dynamic tail is sure when the rest is", [rm], [part("rm -rf $x")], "deny"],
    ["a dynamic flag may be meant", [rm], [part("rm $x y")], "ask"],
    ["a dynamic program may be meant", [rm], [part("$x -rf /")], "ask"],
    ["a dynamic word elsewhere is not", [rm], [part("git commit -m $x")], "passthrough"],
    [
      "deny beats ask and allow",
      [rm, allow("Bash(rm *)"), { kind: "ask", pattern: "Bash(rm *)" }],
      [part("rm -rf x")],
      "deny",
    ],
    ["ask beats allow", [allow("Bash(rm *)"), { kind: "ask", pattern: "Bash(rm *)" }], [part("rm x")], "ask"],
    [
      "a sure ask beats an unsure deny",
      [rm, { kind: "ask", pattern: "Bash(ls *)" }],
      [part("ls"), part("rm $x")],
      "ask",
    ],
  ])("%s", (_what, rules, parts, decision) => {
    expect(decide(rules, parts).decision).toBe(decision);
  });

  it("denies what is unsure when nobody can be asked", () => {
    const unsure = decide([rm], [part("rm $x")], { attended: false });
    expect(unsure).toMatchObject({ decision: "deny", tier: "deny", unknown: true, open: false });
    const ask: ShortRule = { kind: "ask", pattern: "Bash(ls *)" };
    expect(decide([rm, ask], [part("ls"), part("rm $x")], { attended: false }).decision).toBe("deny");
    expect(decide([ask], [part("ls")], { attended: false }).decision).toBe("ask");
  });
});

describe("text that was not understood", () => {
  const rules = [deny("Bash(rm -rf *)"), allow("Bash(*)"), allow("Bash")];
  const unclear = (more = {}) => evaluate(policyOf(rules), bash("ls 'x", more), deps(shellOf([part("ls")], "unknown")));

  it("is never allowed, and asks when a rule could be meant", () => {
    expect(unclear()).toMatchObject({ decision: "ask", unknown: true, open: false, effect: "unknown" });
    expect(unclear({ attended: false }).decision).toBe("deny");
    expect(unclear().reason).toContain("unclosed-quote");
  });

  it("is left alone, and not open, when no deny or ask rule is about the shell", () => {
    const call = bash("ls 'x");
    const found = evaluate(policyOf([allow("Bash")]), call, deps(shellOf([part("ls")], "unknown")));
    expect(found).toMatchObject({ decision: "passthrough", unknown: true, open: false });
  });

  it.each([
    ["NUL", "ls \0"],
    ["a lone surrogate", "ls \ud800"],
    ["more than 32 KiB", `ls ${"x".repeat(32_768)}`],
    ["more than 32 KiB of bytes", `ls ${"é".repeat(17_000)}`],
    ["nothing", ""],
  ])("includes %s", (_what, command) => {
    const found = evaluate(policyOf(rules), bash(command), deps(shellOf([part("ls")])));
    expect(found).toMatchObject({ decision: "ask", unknown: true });
  });

  it("names the rule whose words stand in the text", () => {
    const two = policyOf([{ ...deny("Bash(dd *)") }, { kind: "deny", name: "curl", shell: { program: ["curl"] } }]);
    expect(evaluate(two, bash("(curl 'x"), deps(shellOf([], "unknown"))).rule?.id).toBe("curl");
  });

  it("does not hide a part that was found", () => {
    const found = evaluate(policyOf(rules), bash("rm -rf x 'y"), deps(shellOf([part("rm -rf x")], "unknown")));
    expect(found).toMatchObject({ decision: "deny", rule: { id: "Bash(rm -rf *)" } });
  });
});

describe("paths of parts", () => {
  const secret = deny("Read(.env)");
  const ssh = deny("Read(~/.ssh/**)");
  const cat = (path: string | null, raw = path ?? "?") => [
    part(`cat ${raw}`, { accesses: [access(path, "read", raw)] }),
  ];
  it.each<[string, readonly ShortRule[], readonly ShellPart[], string]>([
    ["a read", [secret], cat(".env"), "deny"],
    ["another case", [secret], cat(".ENV"), "deny"],
    ["another file", [secret], cat(".envrc"), "passthrough"],
    ["a spelling with dots", [ssh], cat("../../u/.ssh/id_rsa"), "deny"],
    ["a link to it", [ssh], cat("keys"), "deny"],
    ["the folder itself", [ssh], cat("~/.ssh"), "deny"],
    ["a folder beside it", [ssh], cat("~/.ssh2/x"), "passthrough"],
    ["after cd", [secret], [part("cat .env", { cwd: "sub", accesses: [access(".env", "read")] })], "deny"],
    [
      "after cd to its folder",
      [ssh],
      [part("cat id_rsa", { cwd: "~/.ssh", accesses: [access("id_rsa", "read")] })],
      "deny",
    ],
    [
      "after cd to somewhere not known",
      [ssh],
      [part("cat id_rsa", { cwd: null, accesses: [access("id_rsa", "read")] })],
      "ask",
    ],
    ["a write where reading is denied", [secret], [part("tee .env", { accesses: [access(".env", "write")] })], "deny"],
    ["a redirect that reads it", [secret], [part("wc", { redirects: [redirect("<", ".env")] })], "deny"],
    [
      "a redirect that writes it",
      [deny("Edit(.env)")],
      [part("echo", { redirects: [redirect(">>", ".env")] })],
      "deny",
    ],
    ["reading where only writing is denied", [deny("Edit(.env)")], cat(".env"), "passthrough"],
    ["a variable may be it", [secret], cat(null, "$f"), "ask"],
    ["a glob that is not it", [secret], cat(null, "*.ts"), "passthrough"],
    ["a glob that may be it", [secret], cat(null, ".e*"), "ask"],
    ["a glob in a linked folder", [ssh], cat(null, "link-out/id*"), "ask"],
    ["a glob in another folder", [ssh], cat(null, "src/*"), "passthrough"],
    [
      "a word of an unknown program",
      [secret],
      [part("mytool .env", { effect: "unknown", accessesKnown: false })],
      "ask",
    ],
    ["removing the folder above", [ssh], [part("rm -r /home/u", { accesses: [access("/home/u", "delete")] })], "deny"],
    ["removing another folder", [ssh], [part("rm -r build", { accesses: [access("build", "delete")] })], "passthrough"],
    ["an allow for reading allows no program", [allow("Read(**)")], cat("a.ts"), "passthrough"],
  ])("%s", (_what, rules, parts, decision) => {
    expect(decide(rules, parts).decision).toBe(decision);
  });

  it("keeps what was resolved, by absolute spelling", () => {
    const found = decide([ssh], cat("keys"));
    expect(found.resolved).toEqual({ "/home/u/app/keys": `${HOME}/.ssh/id_rsa` });
    expect(found.paths).toEqual(["keys"]);
  });
});

describe("auto mode", () => {
  const rules: readonly ShortRule[] = [allow("Bash(ls *)"), allow("Bash(make *)")];
  const make = [part("make", { effect: "runs-code" })];
  const auto = { permissionMode: "auto" };
  const full = { settings: settings({ autoMode: "full" }) };

  it("lets our allow skip the classifier for reading only", () => {
    expect(decide(rules, [part("ls")], auto).decision).toBe("allow");
    expect(decide(rules, make).decision).toBe("allow");
    expect(decide(rules, make, auto)).toMatchObject({ decision: "passthrough", tier: "passthrough", open: false });
    expect(decide(rules, make, auto).rule?.id).toBe("Bash(make *)");
  });

  it("is lifted by the setting, and by a rule that names the mode", () => {
    const named: ShortRule = { ...allow("Bash(make *)"), name: "named", permissionMode: ["auto"] };
    expect(evaluate(policyOf(rules, full), bash("make", auto), deps(shellOf(make))).decision).toBe("allow");
    expect(decide([...rules, named], make, auto)).toMatchObject({ decision: "allow", rule: { id: "named" } });
    expect(decide([...rules, named], [part("ls"), ...make], auto).ruleIds).toEqual(["Bash(ls *)", "named"]);
    expect(decide([named], make).decision).toBe("passthrough");
  });
});
