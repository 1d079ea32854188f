import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processIo } from "../../src/cli/io.js";
import { runCli } from "../../src/cli/program.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { formatTimestamp } from "../../src/core/audit/timestamp.js";
import { recordOf } from "../audit/record-of.js";

const DAY = 86_400_000;
/** Files are told apart by when they were last touched, which is now: so the command runs a day later. */
const now = Date.now() + DAY;
let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "prune-"));
  for (const days of [100, 50, 3]) segment(days, 40);
  writeFileSync(join(home, "audit.jsonl"), line(0, 1));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function line(daysAgo: number, index: number): string {
  const id = `019c0000-0000-7000-8000-${String(daysAgo * 1000 + index).padStart(12, "0")}`;
  const timestamp = new Date(now - daysAgo * DAY + index * 1000).toISOString();
  const decision = index % 4 === 0 ? "deny" : "allow";
  return encodeRecord(recordOf({ id, timestamp, decision, tier: decision, tool_use_id: `toolu_${daysAgo}_${index}` }));
}

function segment(daysAgo: number, lines: number): void {
  const name = `audit-${formatTimestamp(now - daysAgo * DAY).replaceAll(/[-:]/g, "")}-1.jsonl`;
  writeFileSync(join(home, name), Array.from({ length: lines }, (_, index) => line(daysAgo, index)).join(""));
}

async function run(args: readonly string[], env = {}): Promise<{ exit: number; text: string; errors: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const stream = (texts: string[]) => ({ write: (text: string) => void texts.push(text), isTTY: false, columns: 120 });
  const io = { ...processIo(), env, cwd: home, osHome: home, now: () => now, stdout: stream(out), stderr: stream(err) };
  const exit = await runCli([...args, "--home", home], io);
  return { exit, text: out.join(""), errors: err.join("") };
}

const config = (text: string) => writeFileSync(join(home, "config.toml"), text);
const segments = () => readdirSync(home).filter((name) => name.startsWith("audit-"));
/** Places name the file, so its new name shows in them. */
const stats = async () =>
  JSON.parse((await run(["stats", "--json", "--read-only"])).text.replaceAll(".jsonl.gz:", ".jsonl:"));

describe("prune", () => {
  it("compresses what is sealed, and reports say the same", async () => {
    const before = await stats();
    const { exit, text } = await run(["prune"]);
    expect(exit).toBe(0);
    expect(text.split("\n").filter((told) => /compressed, [\d.]+ MB to [\d.]+ MB/.test(told))).toHaveLength(3);
    expect(segments().every((name) => name.endsWith(".gz"))).toBe(true);
    const after = await stats();
    expect(after.sections).toEqual(before.sections);
    expect(after.completeness).toEqual(before.completeness);
    expect((await run(["prune"])).text).toBe("nothing to compress, nothing past its time\n");
  });

  it("removes what is past retain_days and keeps what it added up to", async () => {
    config("[settings.audit]\nretain_days = 30\n");
    const shown = JSON.parse((await run(["prune", "--dry-run", "--json"])).text);
    expect(shown.segments.map(({ did }: { did: string }) => did)).toEqual(["removed", "compressed", "compressed"]);
    expect(segments()).toHaveLength(3);
    expect(existsSync(join(home, "state"))).toBe(false);

    expect((await run(["prune", "--json"])).exit).toBe(0);
    expect(segments()).toHaveLength(2);
    const retired = readFileSync(join(home, "state", "retired.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    expect(retired.map((one) => JSON.parse(one))).toMatchObject([
      { records: 40, unusable: 0, days: [{ calls: 40, approved: 30, blocked: 10, asked: 0 }] },
    ]);

    const { completeness } = await stats();
    expect(completeness.complete).toBe(false);
    expect(completeness.notes.join()).toMatch(
      /^1 segment of .* removed by `prune`, not counted here: 40 calls, of which 30 approved, 0 asked, 10 blocked\.$/,
    );
    const recent = JSON.parse((await run(["stats", "--json", "--since", "60d"])).text);
    expect(recent.completeness.notes).toEqual([]);
  });

  it("is not for Claude, and not for --read-only", async () => {
    expect(await run(["prune"], { CLAUDECODE: "1" })).toMatchObject({
      exit: 2,
      errors: expect.stringContaining("refused"),
    });
    expect(await run(["prune", "--read-only"])).toMatchObject({ exit: 2 });
    expect(segments().some((name) => name.endsWith(".gz"))).toBe(false);
  });

  it("says what it could not do, and leaves it", async () => {
    const [first = ""] = segments();
    mkdirSync(join(home, `${first}.gz`));
    const { exit, text } = await run(["prune"]);
    expect(exit).toBe(2);
    expect(text).toContain(`${first}  left as it is (`);
    expect(existsSync(join(home, first))).toBe(true);
    expect(segments().filter((name) => name.endsWith(".gz"))).toHaveLength(3);
  });

  it("is asked for by status when something is past its time", async () => {
    config("[settings.audit]\nretain_days = 30\n");
    expect((await run(["status", "--read-only"])).text).toMatch(
      /log segments: 1 rotated segments? .*\n.*\n.*claude-permit prune/,
    );
  });
});
