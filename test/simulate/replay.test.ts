/** Replay equals the hook: from the written line the same decision, or none at all. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Rejudge } from "../../src/analyze/simulate/rejudge.js";
import { policyOf } from "../hook/scene.js";
import { simulated } from "./simulated.js";
import { type Asked, written } from "./written.js";

const STARTER = readFileSync(new URL("../../policies/starter.toml", import.meta.url), "utf8");
const SHARED = fileURLToPath(new URL("../../../shared/data/claude_toolcalls.jsonl.gz", import.meta.url));

const POLICY = policyOf(`
[[deny]]
name = "no-force"
pattern = "Bash(git push --force *)"
[[deny]]
name = "no-secrets"
pattern = "Read(//secrets/**)"
[[ask]]
name = "ask-push"
pattern = "Bash(git push *)"
[[allow]]
name = "git"
pattern = "Bash(git *)"
[[allow]]
name = "cat"
tool = "Bash"
[allow.shell]
program = ["cat", "echo"]
paths_inside = ["$PROJECT"]
[[allow]]
name = "read"
pattern = "Read(//work/p/**)"
`);

const bash = (command: string, more: Partial<Asked> = {}): Asked => ({ tool: "Bash", input: { command }, ...more });
const read = (file_path: string, more: Partial<Asked> = {}): Asked => ({ tool: "Read", input: { file_path }, ...more });
const links = (map: Readonly<Record<string, string | null>>): Pick<Asked, "effects"> => ({
  effects: { resolvePath: (path) => (Object.hasOwn(map, path) ? (map[path] ?? null) : path) },
});

describe("from the written record", () => {
  test.each<[string, Asked, string]>([
    ["an allow", bash("git status"), "allow"],
    ["a deny", bash("git push --force origin"), "deny"],
    ["an ask", bash("git push origin"), "ask"],
    ["nothing", bash("make"), "passthrough"],
    ["a link that leads into a denied folder", read("/work/p/a", links({ "/work/p/a": "/secrets/a" })), "deny"],
    ["a link that leads out of the project", bash("cat a", links({ "/work/p/a": "/etc/a" })), "passthrough"],
    ["a project behind a link", bash("cat a", links({ "/work/p": "/real/p", "/work/p/a": "/real/p/a" })), "allow"],
    ["a path that cannot be resolved", read("/work/p/a", links({ "/work/p/a": null })), "not judged as allow"],
    ["nobody to ask", bash("git push origin", { effects: { env: { CLAUDE_CODE_SESSION_ATTENDED: "0" } } }), "ask"],
    ["text that was not understood", bash("$X --force"), "not judged as allow"],
    ["auto mode", bash("git commit -m x", { more: { permission_mode: "auto" } }), "passthrough"],
    ["a label that is no secret of ours", bash("echo REDACTED_x"), "allow"],
  ])("%s is judged again as it was", (_, asked, expected) => {
    const { decided, scanned } = written(POLICY, asked);
    const again = new Rejudge(() => POLICY).judge(scanned.record, scanned.timeMs);
    expect(again).toMatchObject({ kind: "judged", decision: decided.decision });
    if (expected === "not judged as allow") expect(decided.decision).not.toBe("allow");
    else expect(decided.decision).toBe(expected);
  });

  test.each<[string, Asked, string]>([
    ["a command that was cut", bash(`git log ${"a".repeat(40_000)}`), "cut"],
    ["a field that was cut", { tool: "Write", input: { file_path: "/work/p/a", content: "x".repeat(2_000) } }, "cut"],
    ["a folder that was cut", bash("git status", { more: { cwd: `/work/${"d".repeat(2_000)}` } }), "cut"],
    ["a secret in the command", bash("echo ghp_abcdefghijklmnopqrstuvwxyz0123456789"), "redacted"],
    ["a broken character", bash("git log \ud800"), "altered"],
    ["an unknown project", bash("git status"), "no-policy"],
  ])("%s is unknowable", (_, asked, why) => {
    const { scanned } = written(POLICY, asked);
    const rejudge = new Rejudge(() => (why === "no-policy" ? null : POLICY));
    expect(rejudge.judge(scanned.record, scanned.timeMs)).toEqual({ kind: "unknowable", why });
  });

  it("judges each distinct call once, and expired rules at their time", () => {
    const policy = policyOf(
      `[[allow]]\nname = "a"\npattern = "Bash(ls *)"\nexpires = "2026-11-22T00:00:00Z"\n[[allow]]\nname = "b"\ntool = "Read"\n`,
    );
    const { scanned } = written(policy, bash("ls -l"));
    const rejudge = new Rejudge(() => policy);
    const decisionAt = (timeMs: number) => rejudge.judge(scanned.record, timeMs);
    const day = Date.UTC(2026, 10, 21);
    expect(decisionAt(day)).toMatchObject({ decision: "allow" });
    expect(decisionAt(day + 3_600_000)).toMatchObject({ decision: "allow" });
    expect(rejudge.distinct).toBe(1);
    expect(decisionAt(day + 2 * 86_400_000)).toMatchObject({ decision: "passthrough" });
    expect(rejudge.distinct).toBe(2);
  });
});

const COMMANDS = [
  "git status",
  "git push --force a",
  "git push a",
  "cat a ../b",
  "cat /etc/passwd && git log",
  "echo $(git push x) > out",
  "$RUN a",
  "rm -rf build",
  "sudo git push",
  "for f in *; do cat $f; done",
];

test("the same policy gives no drift, whatever was called", () => {
  const asked = fc.record({
    command: fc.constantFrom(...COMMANDS),
    mode: fc.constantFrom("default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"),
    attended: fc.boolean(),
    target: fc.constantFrom("/work/p/a", "/secrets/a", null),
  });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 12 }), (all) => {
      const lines = all.map(({ command, mode, attended, target }) =>
        written(POLICY, {
          ...bash(command, links({ "/work/p/a": target })),
          more: { permission_mode: mode },
          effects: {
            ...links({ "/work/p/a": target }).effects,
            env: { CLAUDE_CODE_SESSION_ATTENDED: attended ? "1" : "0" },
          },
        }),
      );
      const found = simulated(POLICY, lines.map(({ scanned }) => scanned).toReversed());
      expect(found).toMatchObject({ calls: all.length, unchanged: all.length, groups: [] });
    }),
    { numRuns: 60 },
  );
});

/** Every 40th real call under the starter policy. */
it.skipIf(!existsSync(SHARED))("holds for real calls", () => {
  const policy = policyOf(STARTER);
  const rows = gunzipSync(readFileSync(SHARED)).toString().trim().split("\n");
  const counts = { judged: 0, unknowable: 0 };
  rows.forEach((line, index) => {
    if (index % 40 !== 0) return;
    const { tool_name: tool, tool_input: input, cwd } = JSON.parse(line);
    const { decided, scanned } = written(policy, { tool, input: input ?? {}, more: { cwd: cwd ?? "/work/p" } });
    const again = new Rejudge(() => policy).judge(scanned.record, scanned.timeMs);
    counts[again.kind]++;
    if (again.kind === "judged") expect(again.decision).toBe(decided.decision);
  });
  expect(counts.judged).toBeGreaterThan(counts.unknowable * 5);
});
