/** A session of the real client, kept: the import recovers from it what the client tests see live. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { importTranscripts } from "../../src/analyze/import/import-transcripts.js";
import { findTranscripts } from "../../src/analyze/import/transcript-files.js";
import { ROOT } from "../cli/run-cli.js";
import { TOLD, toldIn } from "./told.js";

it("recovers who decided each call of a session of Claude Code 2.1.329", () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-permit-recorded-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const output = join(folder, "imported-transcripts.jsonl");
  const account = importTranscripts({
    files: findTranscripts([join(ROOT, "fixtures", "client", "projects")]).files,
    output,
    logged: { find: () => undefined },
    describeCall: () => ({}),
    projectOf: (start) => start,
    home: "/home/dev/user",
    redact: (text) => ({ text, count: 0 }),
  });
  const records = readFileSync(output, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(account.problems).toEqual([]);
  expect(toldIn(records)).toEqual(TOLD);
  expect(records.filter(({ event }) => event === "PermissionRequest")).toEqual([]);
  expect(records.filter(({ event, attended }) => event === "PreToolUse" && attended !== false)).toEqual([]);

  const outcomes = records.filter(({ event }) => event === "PostToolUse" || event === "PostToolUseFailure");
  const failed = outcomes.filter(({ tool_success: success }) => !success).map(({ tool_use_id: id }) => id);
  expect(failed).toEqual(["toolu_no-tool", "toolu_no-schema", "toolu_no-file", "toolu_fails", "toolu_no-edit"]);
  const ran = outcomes.filter(({ tool_success: success }) => success).map(({ tool_use_id: id }) => id);
  expect(ran.toSorted()).toEqual(
    ["agent", "allowed", "echoes", "lists", "ruled", "sub-allowed"].map((name) => `toolu_${name}`),
  );
});
