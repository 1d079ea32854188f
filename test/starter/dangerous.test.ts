/** Attack and destructive commands, as text: the starter policy allows none of them, attended or not, in any folder. */
import { describe, expect, it } from "vitest";
import { judgeCommand, PROJECT, readRows } from "./starter-world.js";

const rows = readRows<{ readonly cmd: string; readonly category: string }>("dangerous.jsonl");

describe("the starter policy on 619 attack and destructive commands", () => {
  it.each([
    ["attended", { attended: true }],
    ["headless", { attended: false }],
    ["in auto mode", { permissionMode: "auto" }],
    ["with the home folder as the project", { project: "/home/dev", cwd: "/home/dev" }],
    ["started from /tmp", { project: "/tmp/work", cwd: "/tmp/work" }],
    ["in a folder of the project", { cwd: `${PROJECT}/src` }],
  ])("allows none %s", (_, more) => {
    const allowed = rows.filter(({ cmd }) => judgeCommand(cmd, more).decision === "allow");
    expect(allowed.map(({ category, cmd }) => `${category}: ${cmd}`)).toEqual([]);
    expect(rows).toHaveLength(619);
  });
});
