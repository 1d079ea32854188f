/** The commands that read the log, on the sample week: what their user sees, and that all of them say the same. */
import { closeSync, mkdtempSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshWorld, SAMPLE } from "./run-cli.js";

const world = freshWorld();
const sample = ["--audit", SAMPLE];

interface Line {
  readonly event: string;
  readonly decision?: string;
  readonly tool_name?: string;
  readonly tool_use_id?: string;
  readonly session_id: string;
  readonly timestamp: string;
  readonly id: string;
  readonly rule_id?: string;
}

/** An independent reading of the sample: every line parsed, nothing of ours used. */
const lines: Line[] = readFileSync(SAMPLE, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const decided = lines.filter((line) => line.event === "PreToolUse");
const having = (decision: string) => decided.filter((line) => line.decision === decision).length;

function json(args: readonly string[]): Record<string, never> {
  const { stdout, code } = world.run([...args, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe("US-1: how many calls were approved, asked, blocked", () => {
  it("stats says it in its first line", () => {
    const { stdout } = world.run(["stats", ...sample]);
    const expected = `${having("allow")} approved, ${having("ask")} asked, ${having("deny")} blocked`;
    expect(stdout.split("\n")[0]).toContain(expected);
  });

  it("stats counts what an independent reading counts", () => {
    const report = json(["stats", ...sample]);
    expect(report).toMatchObject({
      sections: {
        scorecard: {
          figures: {
            calls: { value: new Set(decided.map((line) => `${line.session_id} ${line.tool_use_id}`)).size },
            approved: { value: having("allow") },
            asked: { value: having("ask") },
            blocked: { value: having("deny") },
            left_alone: { value: having("passthrough") },
            sessions: { value: new Set(decided.map((line) => line.session_id)).size },
          },
        },
      },
    });
  });

  it("narrows to a tool, a decision, a day", () => {
    const value = (args: readonly string[]) => JSON.stringify(json(["stats", ...sample, ...args])["sections"]);
    const calls = (args: readonly string[]) => JSON.parse(value(args)).scorecard.figures.calls.value;
    expect(calls(["--tool", "Bash"])).toBe(decided.filter((line) => line.tool_name === "Bash").length);
    expect(calls(["--decision", "deny"])).toBe(having("deny"));
    const day = decided.filter((line) => line.timestamp.startsWith("2026-01-28")).length;
    expect(calls(["--since", "2026-01-28", "--until", "2026-01-29"])).toBe(day);
    expect(day).toBeGreaterThan(0);
  });
});

describe("list", () => {
  it("shows the newest decisions first", () => {
    const { records } = json(["list", ...sample, "--limit", "5"]) as unknown as { records: (Line & { at: string })[] };
    const newest = lines
      .filter((line) => line.decision !== undefined)
      .toReversed()
      .slice(0, 5);
    expect(records.map((record) => record.id)).toEqual(newest.map((line) => line.id));
  });

  it("leads to the line itself", () => {
    const { records } = json(["list", ...sample, "--decision", "deny"]) as unknown as {
      records: (Line & { at: string })[];
    };
    expect(records.length).toBe(having("deny"));
    const bytes = readFileSync(SAMPLE);
    for (const { at, id } of records) {
      const offset = Number(at.slice(at.lastIndexOf(":") + 1));
      expect(JSON.parse(bytes.subarray(offset, bytes.indexOf(10, offset)).toString()).id).toBe(id);
    }
  });

  it("never cuts a time or a decision on a narrow terminal", () => {
    const { stdout } = world.run(["list", ...sample], { env: { COLUMNS: "50" } });
    const [, ...rows] = stdout.trimEnd().split("\n");
    expect(rows).toHaveLength(20);
    for (const row of rows) expect(row).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}(allow|ask|deny|passthrough)/);
  });

  it("says so when nothing matches", () => {
    const { stdout, stderr, code } = world.run(["list", ...sample, "--rule", "no-such-rule"]);
    expect({ stdout, stderr, code }).toEqual({ stdout: "", stderr: "no records match\n", code: 0 });
  });
});

describe("US-2: the session's summary", () => {
  it("is about the newest session unless told otherwise", () => {
    const last = decided.at(-1)?.session_id ?? "";
    const mine = decided.filter((line) => line.session_id === last);
    const { stdout } = world.run(["session", ...sample]);
    expect(stdout).toContain(`session ${last}`);
    expect(stdout).toContain(`${mine.filter((line) => line.decision === "allow").length} approved`);
    expect(world.run(["session", "last", ...sample]).stdout).toBe(stdout);
    expect(world.run(["session", last.slice(0, 8), ...sample]).stdout).toBe(stdout);
    expect(world.run(["session", "last-1", ...sample]).stdout).not.toBe(stdout);
  });

  it("comes as Markdown", () => {
    expect(world.run(["session", "--format", "md", ...sample]).stdout).toMatch(/^### Session /);
  });
});

describe("US-4: one decision explained", () => {
  const denied = decided.find((line) => line.decision === "deny");

  it("by its id: the rule, where it stands, the reason, and judged again", () => {
    const { stdout, code } = world.run(["explain", denied?.id ?? "", ...sample]);
    expect(code).toBe(0);
    expect(stdout).toContain(denied?.rule_id ?? "-");
    expect(stdout).toMatch(/Judged again under/);
  });

  it("last is the newest decision", () => {
    expect(json(["explain", "last", ...sample])).toMatchObject({
      record: { id: lines.filter((line) => line.decision).at(-1)?.id },
    });
  });
});

describe("analyze", () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-permit-reports-"));

  it("leaves the mode of a file that is there as it is", () => {
    const file = join(folder, "shared.md");
    writeFileSync(file, "", { mode: 0o644 });
    expect(world.run(["analyze", "--section", "tools", "--format", "md", "-o", file, ...sample]).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it("puts a whole file in the place of the one that is there, behind a link too", () => {
    const [file, link] = [join(folder, "old.md"), join(folder, "link.md")];
    writeFileSync(file, "old");
    symlinkSync(file, link);
    const held = openSync(file, "r");
    expect(world.run(["analyze", "--section", "tools", "--format", "md", "-o", link, ...sample]).code).toBe(0);
    expect(readFileSync(held, "utf8")).toBe("old");
    expect(readFileSync(file, "utf8")).toContain("Tools");
    closeSync(held);
  });

  it("gives one report in four formats with the same numbers", () => {
    const html = join(folder, "r.html");
    const markdown = world.run(["analyze", "--format", "md", ...sample]).stdout;
    const term = world.run(["analyze", ...sample]).stdout;
    const { stdout, code } = world.run(["analyze", "--format", "html", "-o", html, ...sample]);
    expect({ stdout, code }).toEqual({ stdout: `${html}\n`, code: 0 });
    expect(statSync(html).mode & 0o777).toBe(0o600);
    const page = readFileSync(html, "utf8");
    const calls = new Set(decided.map((line) => `${line.session_id} ${line.tool_use_id}`)).size.toLocaleString("en-US");
    for (const text of [markdown, term, page]) expect(text).toContain(calls);
    const report = json(["analyze", "--format", "json", ...sample]);
    expect(Object.keys(report["sections"] ?? {})).toEqual(
      expect.arrayContaining([
        "scorecard",
        "denials",
        "rules",
        "tools",
        "commands",
        "paths",
        "sessions",
        "projects",
        "quality",
      ]),
    );
  }, 120_000);

  it("writes HTML into the home's reports when no file is named", () => {
    const { stdout } = world.run(["analyze", "--format", "html", ...sample]);
    expect(stdout.trim()).toMatch(new RegExp(`^${join(world.home, "reports")}/report-.*\\.html$`));
  });

  it("fails on a crossed threshold only", () => {
    const crossed = world.run(["analyze", "--section", "scorecard", "--fail-on", "deny>0", ...sample]);
    expect(crossed.code).toBe(1);
    expect(crossed.stderr).toContain("deny>0");
    expect(world.run(["analyze", "--section", "scorecard", "--fail-on", "deny>99%, unusable>0", ...sample]).code).toBe(
      0,
    );
  });

  it("shows days in the zone asked for and says so", () => {
    const { stdout } = world.run(["analyze", "--section", "scorecard", "--tz", "America/New_York", ...sample]);
    expect(stdout).toContain("America/New_York");
  });
});

describe("no log yet", () => {
  it.each([["stats"], ["list"], ["session"], ["analyze"]])("%s says what to do", (command) => {
    const { stderr, code } = freshWorld().run([command]);
    expect(code).toBe(2);
    expect(stderr).toContain("import transcripts");
  });
});
