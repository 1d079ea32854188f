import { describe, expect, it } from "vitest";
import { evaluate, matchRule } from "../../src/core/policy/evaluate.js";
import type { Answer } from "../../src/core/policy/evaluation.js";
import { allOf, anyOf, not } from "../../src/core/policy/match-text.js";
import type { RuleKind, ShellTest } from "../../src/core/policy/policy.js";
import type { ShellPart } from "../../src/core/shell/shell.js";
import { access, part, redirect, shellOf } from "./hand-made.js";
import { bash, callOf, deps, NOW, policyOf, regex, type ShortRule } from "./world.js";

const ALL: readonly Answer[] = ["yes", "no", "unknown"];

describe("three values", () => {
  it("and: no wins, then unknown", () => {
    const table = ALL.map((a) => ALL.map((b) => allOf([a, b])));
    expect(table).toEqual([
      ["yes", "no", "unknown"],
      ["no", "no", "no"],
      ["unknown", "no", "unknown"],
    ]);
    expect(allOf([])).toBe("yes");
  });

  it("or: yes wins, then unknown", () => {
    const table = ALL.map((a) => ALL.map((b) => anyOf([a, b])));
    expect(table).toEqual([
      ["yes", "yes", "yes"],
      ["yes", "no", "unknown"],
      ["yes", "unknown", "unknown"],
    ]);
    expect(anyOf([])).toBe("no");
  });

  it("not: unknown stays", () => {
    expect(ALL.map(not)).toEqual(["no", "yes", "unknown"]);
  });
});

function answer(
  kind: RuleKind,
  shell: ShellTest,
  parts: readonly ShellPart[],
  status: "ok" | "unknown" = "ok",
): Answer {
  const policy = policyOf([{ kind, shell }]);
  const [rule] = policy.rules;
  if (rule === undefined) throw new Error("no rule");
  return matchRule(policy, rule, bash("x"), deps(shellOf(parts, status)));
}

const names = (...list: string[]) => list.map((name) => ({ name, names: [name], value: null }));
const reads = (...paths: (string | null)[]) => ({ accesses: paths.map((path) => access(path, "read", path ?? "$x")) });
const assigned = (...list: string[]) => ({
  assigns: list.map((name) => ({ name, append: false, value: "1", pos: 0 })),
});

const globbed = (program: string, mode: "read" | "delete", glob: string) =>
  part(`${program} ${glob}`, { accesses: [access(null, mode, glob)] });

/** The answer of one condition, asked by a deny rule and by an allow rule. */
describe("structure of a part", () => {
  it.each<[string, ShellTest, ShellPart, Answer, Answer]>([
    ["program", { program: ["rm", "git"] }, part("git x"), "yes", "yes"],
    ["another program", { program: ["rm"] }, part("git x"), "no", "no"],
    ["a program in capitals", { program: ["rm"] }, part("RM x"), "yes", "no"],
    ["a program at a path of its own", { program: ["rm"] }, part("./rm x"), "yes", "no"],
    ["a program named by its path", { program: ["./rm"] }, part("./rm x"), "yes", "yes"],
    ["a dynamic program", { program: ["rm"] }, part("$x y"), "unknown", "unknown"],
    ["subcommand", { subcommand: ["push"] }, part("git push", { subcommand: "push" }), "yes", "yes"],
    ["subcommand by its first word", { subcommand: ["run"] }, part("npm run t", { subcommand: "run t" }), "yes", "yes"],
    ["subcommand by half a word", { subcommand: ["ru"] }, part("npm run t", { subcommand: "run t" }), "no", "no"],
    [
      "subcommand with a star",
      { subcommand: ["run t*"] },
      part("npm run t:x", { subcommand: "run t:x" }),
      "yes",
      "yes",
    ],
    ["subcommand before a star", { subcommand: ["run u*"] }, part("npm run t", { subcommand: "run t" }), "no", "no"],
    ["dynamic subcommand", { subcommand: ["push"] }, part("git $x", { subcommand: null }), "unknown", "unknown"],
    ["any flag", { flagsAny: ["-f", "--force"] }, part("rm -rf x"), "yes", "yes"],
    ["no such flag", { flagsAny: ["--force"] }, part("rm -r x"), "no", "no"],
    ["no such flag seen", { flagsAny: ["-f"] }, part("rm $x"), "unknown", "unknown"],
    ["all flags", { flagsAll: ["-r", "-f"] }, part("rm -f -r x"), "yes", "yes"],
    ["all flags in one word of the rule", { flagsAll: ["-rf"] }, part("rm -f -r x"), "yes", "yes"],
    ["all but one flag", { flagsAll: ["-r", "-f"] }, part("rm -r x"), "no", "no"],
    ["all but one flag seen", { flagsAll: ["-r", "-f"] }, part("rm -r $x"), "unknown", "unknown"],
    [
      "another spelling",
      { flagsAll: ["--recursive"] },
      part("rm", { flags: [{ name: "--recursive", names: ["-r", "--recursive"], value: null }] }),
      "yes",
      "yes",
    ],
    ["none of the flags", { flagsNone: ["-f"] }, part("rm -r x"), "yes", "yes"],
    ["one of the flags", { flagsNone: ["-f"] }, part("rm -f x"), "no", "no"],
    ["none of the flags seen", { flagsNone: ["-f"] }, part("rm $x"), "unknown", "unknown"],
    ["a flag that is one word", { flagsAny: ["-name"] }, part("find", { flags: names("-name") }), "yes", "yes"],
    ["args", { args: [regex("^origin$"), regex("ma")] }, part("git origin main"), "yes", "yes"],
    ["one arg too few", { args: [regex("^origin$"), regex("dev")] }, part("git origin main"), "no", "no"],
    ["a dynamic arg", { args: [regex("^main$")] }, part('git "$x"'), "unknown", "unknown"],
    [
      "a dynamic arg that cannot be it",
      { args: [regex("^main$")] },
      part('git "d$x"', { flagsKnown: true }),
      "no",
      "no",
    ],
    ["a glob is also what it says", { args: [regex("^\\*$")] }, part("rm *"), "yes", "unknown"],
    ["effect", { effect: ["reads"] }, part("ls"), "yes", "yes"],
    ["another effect", { effect: ["network"] }, part("ls"), "no", "no"],
    ["an unknown effect is an effect", { effect: ["unknown"] }, part("x", { effect: "unknown" }), "yes", "yes"],
    ["an unknown effect is no other", { effect: ["network"] }, part("x", { effect: "unknown" }), "no", "no"],
    ["the effect of a dynamic program", { effect: ["network"] }, part("$x", { effect: "unknown" }), "unknown", "no"],
    ["inside", { pathsInside: ["$PROJECT"] }, part("cat", reads("a", "b")), "yes", "yes"],
    ["partly inside", { pathsInside: ["$PROJECT"] }, part("cat", reads("a", "/etc/b")), "yes", "no"],
    ["inside by a link that leads out", { pathsInside: ["$PROJECT"] }, part("cat", reads("link-out/x")), "yes", "no"],
    ["inside in capitals", { pathsInside: ["$PROJECT"] }, part("cat", reads("/HOME/U/app/x")), "yes", "no"],
    ["inside, not known", { pathsInside: ["$PROJECT"] }, part("cat", reads(null)), "unknown", "unknown"],
    [
      "inside, not all known",
      { pathsInside: ["$PROJECT"] },
      part("cat", { ...reads("a"), accessesKnown: false }),
      "yes",
      "unknown",
    ],
    ["nothing touched", { pathsInside: ["$PROJECT"] }, part("cat"), "no", "yes"],
    ["a folder of the call", { pathsInside: ["$CWD/src"] }, part("cat", reads("src/x")), "yes", "yes"],
    ["the home folder", { pathsInside: ["~"] }, part("cat", reads("~/x")), "yes", "yes"],
    ["the null device is nowhere", { pathsOutside: ["$PROJECT"] }, part("cat", reads("/dev/null")), "no", "yes"],
    ["outside", { pathsOutside: ["$PROJECT", "/tmp"] }, part("rm", reads("/etc/x")), "yes", "yes"],
    ["partly outside", { pathsOutside: ["$PROJECT", "/tmp"] }, part("rm", reads("/etc/x", "/tmp/y")), "yes", "no"],
    ["outside by a link", { pathsOutside: ["$PROJECT"] }, part("rm", reads("link-out/x")), "yes", "no"],
    ["not outside", { pathsOutside: ["$PROJECT"] }, part("rm", reads("a")), "no", "no"],
    [
      "outside by a glob in a linked folder",
      { pathsOutside: ["$PROJECT"] },
      globbed("rm", "delete", "link-out/*"),
      "yes",
      "no",
    ],
    ["inside by a glob to delete", { pathsInside: ["$PROJECT"] }, globbed("rm", "delete", "src/*"), "yes", "yes"],
    ["inside by a glob to read", { pathsInside: ["$PROJECT"] }, globbed("cat", "read", "src/*"), "yes", "yes"],
    ["inside by a glob among links", { pathsInside: ["$PROJECT"] }, globbed("cat", "read", "k*"), "yes", "unknown"],
    ["outside, dynamic", { pathsOutside: ["$PROJECT"] }, part("rm", reads(null)), "unknown", "unknown"],
    ["outside, a loop of links", { pathsOutside: ["$PROJECT"] }, part("rm", reads("/loop/x")), "yes", "unknown"],
    [
      "a redirect",
      { redirects: { write: ["/tmp"] } },
      part("x", { redirects: [redirect(">", "/tmp/a")] }),
      "yes",
      "yes",
    ],
    [
      "a redirect elsewhere",
      { redirects: { write: ["/tmp"] } },
      part("x", { redirects: [redirect(">", "/var/a")] }),
      "no",
      "no",
    ],
    [
      "appending is writing",
      { redirects: { write: ["/tmp"] } },
      part("x", { redirects: [redirect(">>", "/tmp/a")] }),
      "yes",
      "yes",
    ],
    [
      "writing is not appending",
      { redirects: { append: ["/tmp"] } },
      part("x", { redirects: [redirect(">", "/tmp/a")] }),
      "no",
      "no",
    ],
    ["a variable", { env: ["A"] }, part("x", assigned("A")), "yes", "yes"],
    ["another variable too", { env: ["A"] }, part("x", assigned("A", "B")), "yes", "no"],
    ["after a program", { inPipelineWith: ["curl"] }, part("sh", { pipeline: ["curl"] }), "yes", "yes"],
    ["after another program", { inPipelineWith: ["curl"] }, part("sh", { pipeline: ["cat"] }), "no", "no"],
  ])("%s", (_what, shell, one, deny, allow) => {
    expect([answer("deny", shell, [one]), answer("allow", shell, [one])]).toEqual([
      deny,
      allow === "unknown" ? "no" : allow,
    ]);
  });

  it("before a program", () => {
    const shell: ShellTest = { program: ["curl"], inPipelineWith: ["sh"] };
    const curl = part("curl", { context: ["pipe-out"] });
    expect(answer("deny", shell, [curl, part("sh", { pipeline: ["curl"] })])).toBe("yes");
    expect(answer("deny", shell, [curl, part("jq", { pipeline: ["curl"] })])).toBe("no");
  });

  it("asks Monitor without a command about no part", () => {
    const policy = policyOf([{ kind: "deny", shell: { program: ["rm"] } }]);
    const decide = (input: Readonly<Record<string, unknown>>) =>
      evaluate(policy, callOf("Monitor", input), deps()).decision;
    expect([decide({ ws: "wss://x.example" }), decide({ command: 5 })]).toEqual(["passthrough", "ask"]);
  });

  it("is unknown in text that was not understood, and no for other tools", () => {
    expect(answer("deny", { program: ["rm"] }, [part("ls")], "unknown")).toBe("unknown");
    const policy = policyOf([{ kind: "deny", shell: { program: ["rm"] } }]);
    expect(evaluate(policy, callOf("Read", { file_path: "rm" }), deps()).decision).toBe("passthrough");
  });

  it("needs all conditions of a rule in the same part", () => {
    const shell: ShellTest = { program: ["rm"], flagsAny: ["-f"] };
    expect(answer("deny", shell, [part("rm x"), part("ls -f")])).toBe("no");
    expect(answer("deny", shell, [part("ls -f"), part("rm -f")])).toBe("yes");
  });
});

describe("conditions on the call", () => {
  const read = callOf("Read", { file_path: "/home/u/app/a.ts" });
  it.each<[string, Omit<ShortRule, "kind">, typeof read, Answer, Answer]>([
    ["tool", { tool: "Read|Grep" }, read, "yes", "yes"],
    ["half a tool's name", { tool: "Rea" }, read, "no", "no"],
    ["a former name", { tool: "Task" }, callOf("Agent", {}), "yes", "yes"],
    ["Bash rules hold for Monitor, to deny", { tool: "Bash" }, callOf("Monitor", { command: "ls" }), "yes", "no"],
    ["mode", { permissionMode: ["plan", "default"] }, read, "yes", "yes"],
    ["another mode", { permissionMode: ["auto"] }, read, "no", "no"],
    ["no mode told", { permissionMode: ["auto"] }, { ...read, permissionMode: undefined }, "unknown", "no"],
    ["headless", { session: "headless" }, { ...read, attended: false }, "yes", "yes"],
    ["not headless", { session: "headless" }, read, "no", "no"],
    ["cwd", { cwd: ["/home/u"] }, read, "yes", "yes"],
    ["cwd in capitals", { cwd: ["/HOME/u"] }, read, "yes", "no"],
    ["another cwd", { cwd: ["/srv"] }, read, "no", "no"],
    ["cwd not told", { cwd: ["/srv"] }, { ...read, cwd: "" }, "unknown", "no"],
    ["sandbox off", { tool: "Bash" }, bash("ls", {}), "yes", "yes"],
    [
      "sandbox off, not covered",
      { tool: "Bash" },
      callOf("Bash", { command: "ls", dangerouslyDisableSandbox: true }),
      "yes",
      "no",
    ],
    [
      "sandbox off, as text",
      { tool: "Bash" },
      callOf("Bash", { command: "ls", dangerouslyDisableSandbox: "yes" }),
      "yes",
      "no",
    ],
    [
      "sandbox off, covered",
      { tool: "Bash", sandbox: "disabled-too" },
      callOf("Bash", { command: "ls", dangerouslyDisableSandbox: true }),
      "yes",
      "yes",
    ],
    ["sandbox on", { tool: "Bash" }, callOf("Bash", { command: "ls", dangerouslyDisableSandbox: false }), "yes", "yes"],
  ])("%s", (_what, rule, call, deny, allow) => {
    const both = (["deny", "allow"] as const).map((kind) => {
      const policy = policyOf([{ kind, ...rule }]);
      return policy.rules[0] === undefined ? "no" : matchRule(policy, policy.rules[0], call, deps());
    });
    expect(both).toEqual([deny, allow]);
  });

  it("an expired rule is gone from that moment on", () => {
    const until = (expires: number) =>
      evaluate(policyOf([{ kind: "deny", tool: "Read", expires }]), read, deps()).decision;
    expect([until(NOW + 1), until(NOW), until(NOW - 1)]).toEqual(["deny", "passthrough", "passthrough"]);
  });
});
