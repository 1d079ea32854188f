/** Following a log through all that happens to a file: growth, halves of lines, rotation, truncation, replacement. */
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followLog, type LogFollower } from "../../src/cli/watch/follow-log.js";
import { encodeRecord } from "../../src/core/audit/encode.js";

const MINUTE = 60_000;
let folder: string;
let log: string;
let now: number;
let follower: LogFollower | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "follow-"));
  log = join(folder, "audit.jsonl");
  now = Date.now();
  follower = null;
});
afterEach(() => {
  follower?.close();
  rmSync(folder, { recursive: true });
});

function line(id: string): string {
  return encodeRecord({
    v: 1,
    id,
    timestamp: "2026-11-21T10:00:00.000Z",
    event: "PreToolUse",
    session_id: "s",
    auto_promoted: false,
  });
}

function follow(): void {
  follower = followLog(log, () => now);
}

/** Ids of what came, bad lines as their problem. */
function look(): string[] {
  return (follower?.look() ?? []).map((one) => (one.kind === "record" ? one.record.id : one.problem));
}

describe("followLog", () => {
  it("begins at the end and tells what is appended, with its place", () => {
    writeFileSync(log, line("old"));
    follow();
    expect(look()).toEqual([]);
    appendFileSync(log, line("a") + line("b"));
    const found = follower?.look() ?? [];
    expect(found.map(({ at }) => [at.file, at.offset])).toEqual([
      [log, line("old").length],
      [log, line("old").length + line("a").length],
    ]);
    expect(look()).toEqual([]);
  });

  it("begins a file that comes later at its beginning", () => {
    follow();
    expect([look(), follower?.isThere()]).toEqual([[], false]);
    writeFileSync(log, line("first"));
    expect([look(), follower?.isThere()]).toEqual([["first"], true]);
  });

  it("waits for the end of a line, the one it began in included", () => {
    writeFileSync(log, line("old") + line("half").slice(0, 20));
    follow();
    appendFileSync(log, line("half").slice(20, 60));
    expect(look()).toEqual([]);
    appendFileSync(log, line("half").slice(60) + line("next"));
    expect(look()).toEqual(["half", "next"]);
  });

  it("follows rotation, and the old file until it is sealed", () => {
    writeFileSync(log, line("old"));
    follow();
    appendFileSync(log, line("before"));
    renameSync(log, join(folder, "audit-20261121T100000.000Z-1.jsonl"));
    appendFileSync(join(folder, "audit-20261121T100000.000Z-1.jsonl"), line("late"));
    writeFileSync(log, line("after"));
    expect(look()).toEqual(["before", "late", "after"]);
    now += 11 * MINUTE;
    expect(look()).toEqual([]);
    appendFileSync(join(folder, "audit-20261121T100000.000Z-1.jsonl"), line("sealed"));
    appendFileSync(log, line("more"));
    expect(look()).toEqual(["more"]);
  });

  it("misses no segment when the log was rotated twice between two looks", () => {
    writeFileSync(log, line("old"));
    follow();
    appendFileSync(log, line("one"));
    renameSync(log, join(folder, "audit-20261121T100000.000Z-1.jsonl"));
    writeFileSync(log, line("two"));
    renameSync(log, join(folder, "audit-20261121T100500.000Z-1.jsonl"));
    writeFileSync(log, line("three"));
    expect(look()).toEqual(["one", "two", "three"]);
  });

  it("begins again when the file was emptied in place, or replaced", () => {
    writeFileSync(log, line("old"));
    follow();
    truncateSync(log, 0);
    expect(look()).toEqual([]);
    appendFileSync(log, line("fresh"));
    expect(look()).toEqual(["fresh"]);
    writeFileSync(join(folder, "new"), line("replaced"));
    renameSync(join(folder, "new"), log);
    expect(look()).toEqual(["replaced"]);
  });

  it("tells of lines it cannot use and goes on", () => {
    writeFileSync(log, "");
    follow();
    appendFileSync(log, `nonsense\n{"v":1,"id":"torn\n${line("good")}`);
    expect(look()).toEqual(["not-json", "torn", "good"]);
  });

  it("lets a line that is too long pass by without keeping it", () => {
    writeFileSync(log, "");
    follow();
    const megabyte = "x".repeat(1 << 20);
    for (let count = 0; count < 18; count++) appendFileSync(log, megabyte);
    appendFileSync(log, `\n${line("after")}`);
    const found = [...look(), ...look(), ...look()];
    expect(found).toEqual(["too-long", "after"]);
  });
});
