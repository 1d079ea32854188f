/**
 * Commands that nobody had in mind when the policy was written, from several hands: ways around a hook, of which none
 * is allowed; everyday commands beside them (`everyday.txt`, in families.test.ts); and those that are left to Claude
 * Code, each class of them argued in its file. A row is never run.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgeCommand } from "./starter-world.js";

const linesOf = (name: string): readonly string[] =>
  readFileSync(new URL(`../../fixtures/starter/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");

const bypasses = linesOf("unseen-bypasses.txt");

/** Found in the same lists, and allowed: nothing but the project and the home folder is read, nothing is run. */
const HARMLESS: readonly (readonly [command: string, argument: string])[] = [
  ["watch -n1 id", "repeats a command that is judged itself"],
  ['expr 1 : "$(id)"', "the substitution is judged itself"],
  ['test -e x -a -n "$(id)"', "the substitution is judged itself"],
  ["printf '%s' \"$(id)\" > x", "writes in the project"],
  ["fd -x id", "runs a command that is judged itself"],
  ["fd --exec-batch id", "runs a command that is judged itself"],
  ["find . -fprintf out.txt '%p'", "writes in the project"],
  ["git config --list --show-origin", "shows what reading ~/.gitconfig shows, which is allowed"],
  ["git log -p", "reads the project"],
  ["git var GIT_EDITOR", "tells a name"],
  ["go fmt -x ./...", "formats the project"],
  ["go test ./... -args x", "words for the project's tests"],
  ["go version -m ~/x", "reads a file of the home folder"],
  ["shellcheck -x /tmp/x", "reads; nothing of the script is run"],
  ["tree --info", "reads comments of the project"],
];

describe("the starter policy on unseen ways around it", () => {
  it.each([
    ["attended", {}],
    ["headless", { attended: false }],
    ["with another project", { project: "/home/dev/elsewhere/app", cwd: "/home/dev/elsewhere/app" }],
  ])("allows none %s", (_, more) => {
    expect(bypasses.filter((command) => judgeCommand(command, more).decision === "allow")).toEqual([]);
    expect(bypasses.length).toBeGreaterThan(800);
  });

  it.each(HARMLESS)("allows %s: %s", (command) => {
    expect(judgeCommand(command).decision).toBe("allow");
  });
});

describe("what is left to Claude Code, or asked", () => {
  const rows = linesOf("everyday-left.txt");
  const classes = rows.filter((row) => row.startsWith("# "));

  it("is argued class by class", () => {
    expect(rows[0]).toBe(classes[0]);
    expect(classes.length).toBeGreaterThan(5);
  });

  it.each(rows.filter((row) => !row.startsWith("# ")).map((row) => [row]))("%s", (command) => {
    expect(["passthrough", "ask"]).toContain(judgeCommand(command).decision);
  });
});
