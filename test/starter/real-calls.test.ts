/**
 * The starter policy over a large collection of real sessions, which is no part of the repository: without it the
 * tests are skipped and counted. What users rejected and the policy allows is held against classes argued in
 * fixtures/starter/rejected-classes.json; a call in no class fails.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/core/policy/evaluation.js";
import { judge } from "./starter-world.js";

const ROWS = new URL("../../../shared/data/claude_toolcalls.jsonl.gz", import.meta.url);
const isPresent = existsSync(ROWS);
if (!isPresent) console.log("skipped 3 tests: the shared tool calls are not here");

interface Row {
  readonly session_id: string;
  readonly tool_name: string;
  readonly tool_input: Readonly<Record<string, unknown>> | null;
  readonly cwd: string | null;
  readonly is_error: boolean | null;
  readonly rejected: string | null;
}

interface Judged {
  readonly row: Row;
  readonly subject: string;
  readonly found: Evaluation;
}

interface ArguedClass {
  readonly class: string;
  readonly rule: string;
  /** Regex on the tool and its main input. */
  readonly call: string;
  readonly argument: string;
}

/** What keeps a call from running. */
const STOPPED = new Set([
  "user",
  "hook",
  "permission_rule",
  "auto_mode_classifier",
  "interrupt",
  "needs_grant",
  "permission_stream_closed",
  "sibling",
]);

function judgeAll(): readonly Judged[] {
  const text = gunzipSync(readFileSync(ROWS)).toString("utf8").trim();
  const projects = new Map<string, string>();
  return text.split("\n").map((line) => {
    const row: Row = JSON.parse(line);
    const cwd = row.cwd ?? "/Users/user/project";
    const project = projects.get(row.session_id) ?? cwd;
    if (row.cwd !== null) projects.set(row.session_id, project);
    const input = row.tool_input ?? {};
    const tool = row.tool_name === "Task" ? "Agent" : row.tool_name;
    const subject = `${tool} ${String(input["command"] ?? input["file_path"] ?? input["path"] ?? "")}`;
    return { row, subject, found: judge({ tool, input, cwd, project, home: "/Users/user" }) };
  });
}

const judged = isPresent ? judgeAll() : [];
const didRun = ({ row }: Judged): boolean => row.is_error !== null && !STOPPED.has(row.rejected ?? "");

describe("the starter policy on real calls", () => {
  it.skipIf(!isPresent)("allows 85 % outright", () => {
    const allowed = judged.filter(({ found }) => found.decision === "allow");
    expect(judged).toHaveLength(31_435);
    expect(allowed.length / judged.length).toBeGreaterThan(0.85);
  });

  it.skipIf(!isPresent)("denies under 0.5 % of what ran, each of them listed", async () => {
    const ran = judged.filter(didRun);
    const denied = ran.filter(({ found }) => found.decision === "deny");
    const lines = denied.map(({ subject, found }) => `${found.rule?.id}  ${subject.replaceAll("\n", "⏎")}`);
    expect(denied.length / ran.length).toBeLessThan(0.005);
    await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("../../fixtures/starter/denied-although-ran.txt");
  });

  it.skipIf(!isPresent)("allows what a user rejected only where that is argued", async () => {
    const classes: readonly ArguedClass[] = JSON.parse(
      readFileSync(new URL("../../fixtures/starter/rejected-classes.json", import.meta.url), "utf8"),
    );
    const rejected = judged.filter(({ row, found }) => row.rejected === "user" && found.decision === "allow");
    const counts = new Map(classes.map((one) => [one.class, 0]));
    const unargued: string[] = [];
    for (const { subject, found } of rejected) {
      const ids = [...found.ruleIds].sort().join(" ");
      const one = classes.find(
        (each) => new RegExp(`^(?:${each.rule})$`).test(ids) && new RegExp(each.call, "u").test(subject),
      );
      if (one === undefined) unargued.push(`${ids}: ${subject}`);
      else counts.set(one.class, (counts.get(one.class) ?? 0) + 1);
    }
    expect(unargued).toEqual([]);
    expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
    const lines = [...counts].map(([name, count]) => `${String(count).padStart(4)}  ${name}`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../fixtures/starter/rejected-counts.txt");
  });
});
