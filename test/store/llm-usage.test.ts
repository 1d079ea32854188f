/** Counters of model calls that many hooks share, and verdicts kept for a while. */
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/core/verdict.js";
import { noteFailure, noteSuccess, spendCall } from "../../src/store/llm-usage.js";
import { keepVerdict, readVerdict, type VerdictGround, verdictKey } from "../../src/store/verdict-cache.js";
import { callOf } from "../llm/world.js";
import { temporaryPlace } from "./temporary.js";

const NOW = Date.UTC(2026, 10, 21, 12, 0, 30);
const MINUTE = 60_000;

describe("spending", () => {
  it("counts every call of a minute and of a session", () => {
    const { home } = temporaryPlace();
    const limits = { perMinute: 2, perSession: 3 };
    const spend = (session: string, at: number) => spendCall(home, session, limits, at);
    expect([spend("a", NOW), spend("a", NOW), spend("b", NOW)]).toEqual(["", "", "2 model calls a minute"]);
    expect(spend("a", NOW + MINUTE)).toBe("");
    expect(spend("a", NOW + MINUTE)).toBe("3 model calls a session");
    expect(spend("b", NOW + 2 * MINUTE)).toBe("");
  });

  it("keeps no minute that is over, and no session nobody goes on with", () => {
    const { home } = temporaryPlace();
    const limits = { perMinute: 9, perSession: 9 };
    const began = Date.now();
    spendCall(home, "old", limits, began);
    const folder = join(home, "llm");
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1, 1);
    spendCall(home, "new", limits, began + MINUTE);
    expect(readdirSync(folder).map((name) => name.replace(/-.*/, ""))).toEqual(["minute", "session"]);
  });

  it("asks nothing that cannot be counted", () => {
    const { home } = temporaryPlace();
    writeFileSync(join(home, "llm"), "a file where the folder should be");
    expect(spendCall(home, "a", { perMinute: 9, perSession: 9 }, NOW)).toContain("cannot be written");
    expect(noteFailure(home)).toBe(0);
  });

  it("counts failures until a verdict comes", () => {
    const { home } = temporaryPlace();
    noteSuccess(home);
    expect([noteFailure(home), noteFailure(home)]).toEqual([1, 2]);
    noteSuccess(home);
    expect(noteFailure(home)).toBe(1);
  });
});

describe("a verdict", () => {
  const GREEN: Verdict = { score: "GREEN", confidence: 1, reasoning: "fine" };
  const ground: VerdictGround = { model: "m", promptVersion: 1, policyHash: "h", policyText: "" };
  const call = callOf({ command: "ls" });
  const key = verdictKey(call, ground);

  it("has another name for everything it rests on", () => {
    const others = [
      verdictKey({ ...call, tool: "Monitor" }, ground),
      verdictKey({ ...call, input: { command: "ls", description: "" } }, ground),
      verdictKey({ ...call, project: "/q" }, ground),
      verdictKey({ ...call, cwd: "/work/p/src" }, ground),
      verdictKey({ ...call, permissionMode: "plan" }, ground),
      verdictKey({ ...call, attended: false }, ground),
      ...[{ model: "n" }, { promptVersion: 2 }, { policyHash: "i" }, { policyText: "x" }].map((more) =>
        verdictKey(call, { ...ground, ...more }),
      ),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
    expect(verdictKey({ ...call, sessionId: "other", toolUseId: "t" }, ground)).toBe(key);
  });

  it("is used while it is young, and not when the clock was turned back", () => {
    const { home } = temporaryPlace();
    keepVerdict(home, key, GREEN, 1_000, NOW);
    expect(readVerdict(home, key, 1_000, NOW + 999)).toEqual(GREEN);
    expect(readVerdict(home, key, 1_000, NOW + 1_000)).toBeNull();
    expect(readVerdict(home, key, 1_000, NOW - 1)).toBeNull();
    expect(readVerdict(home, verdictKey({ ...call, tool: "x" }, ground), 1_000, NOW)).toBeNull();
  });

  it.each(["", "{", "null", "[]", '{"at":1}', '{"at":1,"verdict":{"score":"BLUE","reasoning":"r"}}'])(
    "that is damaged (%s) is none",
    (text) => {
      const { home } = temporaryPlace();
      mkdirSync(join(home, "verdicts"));
      writeFileSync(join(home, "verdicts", `${key}.json`), text);
      expect(readVerdict(home, key, NOW * 2, NOW)).toBeNull();
    },
  );

  it("lies in a file that does not show the call", () => {
    const { home } = temporaryPlace();
    keepVerdict(home, key, GREEN, 1_000, NOW);
    const [name = ""] = readdirSync(join(home, "verdicts"));
    expect(name).toBe(`${key}.json`);
    expect(readFileSync(join(home, "verdicts", name), "utf8")).not.toContain("ls");
  });
});
