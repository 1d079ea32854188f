/**
 * Families of ways around a hook that no list names (options, variables, wrappers, spellings, files that run later), and
 * everyday commands beside them. fixtures/starter/families-outcomes.txt holds every decision; a row is never run.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgeCommand, outcomeLine, readRows } from "./starter-world.js";

const rows = readRows<{ readonly cmd: string }>("families.jsonl").map(({ cmd }) => cmd);
/** One a line; `⏎` stands for the end of a line. */
const everyday = readFileSync("fixtures/starter/everyday.txt", "utf8")
  .trimEnd()
  .split("\n")
  .map((cmd) => cmd.replaceAll("⏎", "\n"));

/** Words that delete, read keys or write what others run: where they run for sure, they are never let through. */
const DELETES = /^(?:\S+=\S* )*(?:\\\\?)?rm -rf ~/;
const READS_KEYS = /^(?:cat|tac|nl|strings|xxd|od -c|base64|comm|paste|diff) (?:~|\$HOME|\/home\/dev)\/\.ssh\/id_rsa/;

describe("the starter policy on families of bypasses", () => {
  it("decides each as the table says", async () => {
    const lines = rows.map((cmd) => outcomeLine(judgeCommand(cmd), cmd));
    const head = `${"decision".padEnd(12)}${"rule".padEnd(38)}command`;
    await expect(`${[head, ...lines].join("\n")}\n`).toMatchFileSnapshot(
      "../../fixtures/starter/families-outcomes.txt",
    );
  });

  it("denies what plainly deletes or reads keys", () => {
    const plain = rows.filter((cmd) => DELETES.test(cmd) || READS_KEYS.test(cmd));
    expect(plain.length).toBeGreaterThan(10);
    expect(plain.filter((cmd) => judgeCommand(cmd).decision !== "deny")).toEqual([]);
  });

  it("allows none that names another program, file or machine to run", () => {
    const allowed = rows.filter((cmd) => judgeCommand(cmd).decision === "allow");
    expect(allowed.filter((cmd) => /id_rsa|\/etc\/(?:shadow|passwd)|bashrc|sh -c|rm -rf ~|https?:/.test(cmd))).toEqual(
      [],
    );
  });
});

describe("the starter policy on everyday commands", () => {
  it.each(everyday.map((cmd) => [cmd]))("allows %s", (cmd) => {
    expect(judgeCommand(cmd).decision).toBe("allow");
  });
});
