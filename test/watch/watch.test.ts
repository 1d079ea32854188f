/** `watch` as its user runs it: on a pipe, for a program, and on a terminal. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const PATIENCE_MS = 20_000;
const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.log("skipped 2 tests: there is no `script` to make a terminal");

let home: string;
let log: string;
let made: number;
let child: ChildProcess | null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "watch-"));
  log = join(home, "audit.jsonl");
  made = 0;
  child = null;
});
afterEach(() => void child?.kill("SIGKILL"));

function line(command: string, fields: Partial<AuditRecord> = {}): string {
  made++;
  return encodeRecord({
    v: 1,
    id: `01900000-0000-7000-8000-${String(made).padStart(12, "0")}`,
    timestamp: new Date().toISOString(),
    event: "PreToolUse",
    session_id: "s1",
    tier: "allow",
    decision: "allow",
    tool_name: "Bash",
    tool_use_id: `toolu_${made}`,
    tool_input: { command },
    auto_promoted: false,
    ...fields,
  });
}

interface Watching {
  readonly text: () => string;
  readonly faults: () => string;
  readonly until: (wanted: string) => Promise<void>;
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;
}

function watching(program: string, args: readonly string[], env: Record<string, string> = {}): Watching {
  const started = spawn(program, args, {
    env: { PATH: process.env["PATH"] ?? "", HOME: home, TZ: "UTC", NO_COLOR: "1", COLUMNS: "100", ...env },
  });
  child = started;
  let text = "";
  let faults = "";
  started.stdout.on("data", (bytes: Buffer) => {
    text += bytes.toString("utf8");
  });
  started.stderr.on("data", (bytes: Buffer) => {
    faults += bytes.toString("utf8");
  });
  const ended = new Promise<number | null>((resolve) => started.on("exit", resolve));
  const until = async (wanted: string) => {
    const end = Date.now() + PATIENCE_MS;
    while (!(text + faults).includes(wanted)) {
      if (Date.now() > end) throw new Error(`waited in vain for ${wanted}:\n${text}\n${faults}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { text: () => text, faults: () => faults, until, ended, child: started };
}

const watch = (...args: readonly string[]) =>
  watching(process.execPath, [CLI, "watch", "--home", home, "--tz", "UTC", ...args]);

describe("on a pipe", { timeout: 60_000 }, () => {
  it("prints the last decisions, then new ones as they come, through a rotation", async () => {
    writeFileSync(log, line("git status") + line("ls"));
    const seen = watch();
    await seen.until("ls");
    appendFileSync(log, line("git push --force", { tier: "deny", decision: "deny", rule_id: "no-force" }));
    await seen.until("no-force");
    renameSync(log, join(home, "audit-20261121T100000.000Z-1.jsonl"));
    writeFileSync(log, line("after rotation"));
    await seen.until("after rotation");
    seen.child.kill("SIGINT");
    expect(await seen.ended).toBe(0);
    const calls = seen.text().trimEnd().split("\n");
    expect(calls.map((text) => text.slice(21).split(/ {2,}/))).toEqual([
      ["allow", "allow", "Bash", "git status"],
      ["allow", "allow", "Bash", "ls"],
      ["deny", "deny", "Bash", "git push --force", "[no-force]"],
      ["allow", "allow", "Bash", "after rotation"],
    ]);
  });

  it("--json: one line a record, from now on, with its place; bad lines on stderr", async () => {
    writeFileSync(log, line("old"));
    const seen = watch("--json");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const from = line("old").length;
    appendFileSync(log, `${line("new")}broken\n${line("", { event: "PostToolUse", tool_success: true })}`);
    await seen.until("PostToolUse");
    await seen.until("not-json");
    seen.child.kill("SIGTERM");
    expect(await seen.ended).toBe(0);
    const records = seen
      .text()
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(records.map(({ event }) => event)).toEqual(["PreToolUse", "PostToolUse"]);
    expect(records[0]).toMatchObject({ tool_input: { command: "new" }, at: `${log}:${from}` });
  });

  it("--since gives the backlog first, filtered, and each record once", async () => {
    writeFileSync(log, line("one") + line("two", { decision: "deny", tier: "deny" }) + line("three"));
    const seen = watch("--json", "--since", "1h", "--decision", "deny");
    await seen.until("two");
    appendFileSync(log, line("four") + line("five", { decision: "deny", tier: "deny" }));
    await seen.until("five");
    seen.child.kill("SIGINT");
    await seen.ended;
    const commands = seen
      .text()
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text).tool_input.command);
    expect(commands).toEqual(["two", "five"]);
  });

  it("waits for a log that is not there yet", async () => {
    const seen = watch("--json");
    await seen.until("waiting for");
    writeFileSync(log, line("first"));
    await seen.until("first");
    expect(seen.faults().match(/waiting for/g)).toHaveLength(1);
  });

  it("ends without complaint when nobody reads on", async () => {
    writeFileSync(log, line("one"));
    const seen = watching("sh", ["-c", `"${process.execPath}" "${CLI}" watch --home "${home}" | head -n 1; echo over`]);
    await seen.until("one");
    appendFileSync(log, line("two"));
    await seen.until("over");
    expect(await seen.ended).toBe(0);
    expect(seen.faults()).toBe("");
  });

  it.each([
    [["--until", "now"], "has no end"],
    [["--audit", "-"], "cannot follow `-`"],
    [["--audit", "/nowhere/audit.jsonl"], "does not exist"],
  ])("refuses %j", (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [CLI, "watch", "--home", home, ...args], {
      encoding: "utf8",
    });
    expect([status, stderr.split("\n")[0]]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe.skipIf(!hasScript)("on a terminal", { timeout: 60_000 }, () => {
  const onTerminal = () => {
    const command = `stty cols 90 rows 12; "${process.execPath}" "${CLI}" watch --home "${home}" --tz UTC; echo left $?`;
    return watching("script", ["-qec", command, "/dev/null"], { TERM: "xterm-256color" });
  };

  it.each([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
  ])("a screen with today's scorecard and the newest decisions; %s gives the terminal back", async (_, key) => {
    writeFileSync(log, line("git status") + line("git push", { tier: "ask", decision: "ask", rule_id: "ask-push" }));
    const seen = onTerminal();
    await seen.until("1 approved, 1 asked, 0 blocked");
    appendFileSync(log, line("rm -rf / \u001b[31m", { tier: "deny", decision: "deny" }));
    await seen.until("1 approved, 1 asked, 1 blocked");
    await seen.until("by allow 1, ask 1, deny 1");
    await seen.until("rm -rf / \\u{1b}[31m");
    seen.child.stdin?.write(key);
    await seen.until("left 0");
    const text = seen.text();
    expect(text.indexOf("\u001b[?1049h")).toBeLessThan(text.indexOf("approved"));
    expect(text).toMatch(/\u001b\[\?7h\u001b\[\?25h\u001b\[\?1049l[^\u001b]*left 0/);
  });
});
