/** The log of a session accounts for every call of its transcript, and importing the transcript recovers the same. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../cli/run-cli.js";
import { busySession } from "./busy-session.js";
import { POLICY, shell, storyOf } from "./calls.js";
import { type Json, makeStage, parseLines, type Stage } from "./stage.js";
import { hasTmux, openTerminal } from "./terminal.js";
import { TOLD, toldIn, UNSEEN } from "./told.js";

/** What `claude-permit import transcripts` says and writes. */
function importInto(home: string, stage: Stage): { readonly account: Json; readonly records: readonly Json[] } {
  const transcripts = join(stage.osHome, ".claude", "projects");
  const args = ["import", "transcripts", transcripts, "--home", home, "--json"];
  const told = execFileSync(process.execPath, [join(ROOT, "dist", "cli", "main.js"), ...args], {
    encoding: "utf8",
    env: stage.env,
    cwd: stage.project,
  });
  const written = readFileSync(join(home, "imported-transcripts.jsonl"), "utf8");
  return { account: JSON.parse(told), records: parseLines(written) };
}

/** Ids of the calls that the transcripts hold. */
function callsOf(stage: Stage): readonly unknown[] {
  const blocks = stage
    .transcripts()
    .flatMap(({ text }) => parseLines(text))
    .flatMap(({ type, message }) =>
      type === "assistant" && typeof message === "object" && message !== null && "content" in message
        ? [message.content].flat()
        : [],
    );
  return blocks.flatMap((block) =>
    typeof block === "object" && block !== null && "type" in block && block.type === "tool_use" && "id" in block
      ? [block.id]
      : [],
  );
}

it("logs every call of the transcript, those that no hook was asked about as such", async () => {
  const stage = await busySession();
  if (process.env["CLAUDE_PERMIT_RECORD"] !== undefined) record(stage);
  const calls = callsOf(stage);
  expect(calls.toSorted()).toEqual(Object.keys(TOLD).toSorted());

  const records = stage.records();
  const eventsOf = (id: unknown) => records.filter(({ tool_use_id: of }) => of === id).map(({ event }) => event);
  const seen = calls.filter((id) => eventsOf(id).includes("PreToolUse"));
  const unseen = calls.filter((id) => !seen.includes(id));
  expect(unseen.toSorted()).toEqual(UNSEEN.toSorted());
  for (const id of unseen) expect(eventsOf(id)).toEqual(["PostToolBatch"]);
  // Nothing else is in the log: one decision a call that was judged, and no call that the transcript does not have.
  expect(
    records
      .filter(({ event }) => event === "PreToolUse")
      .map(({ tool_use_id: id }) => id)
      .toSorted(),
  ).toEqual(seen.toSorted());
});

it("recovers from the transcript who decided each call, with and without our log beside it", async () => {
  const stage = await busySession();
  const alone = importInto(join(stage.osHome, "elsewhere"), stage);
  expect(alone.account).toMatchObject({ calls: 18, results: 18, alreadyLogged: 0, problemCounts: {}, lostEarlier: 0 });
  expect(toldIn(alone.records)).toEqual(TOLD);
  expect(alone.records.filter(({ event }) => event === "PermissionRequest")).toEqual([]);

  const beside = importInto(stage.home, stage);
  expect(beside.account).toMatchObject({ calls: 18, alreadyLogged: 18 });
  // What we only saw the beginning of gains its end, and no call is told twice.
  expect(storyOf(beside.records)).toEqual([
    "PostToolBatch toolu_rule-shell",
    "PostToolBatch toolu_asked",
    "PostToolBatch toolu_left",
    "PostToolBatch toolu_unasked",
  ]);
});

it.skipIf(!hasTmux)("recovers what the user answered at the terminal", async () => {
  const stage = makeStage({ policy: POLICY });
  const model = await stage.startModel({
    turns: [
      [shell("yes", "zh asked 1")],
      [shell("always", "zh keep 2")],
      [shell("kept", "zh keep 3")],
      [shell("no", "zh asked 4")],
      "All asked.",
    ],
  });
  const terminal = await openTerminal(stage, model, ["--permission-mode", "default"]);
  await terminal.say("please begin");
  await terminal.choose("zh asked 1", "Yes");
  await terminal.choose("zh keep 2", "Yes, and don");
  await terminal.choose("zh asked 4", "No");
  await terminal.say("what now");
  await terminal.until("All asked.");
  await terminal.leave();

  const { records } = importInto(join(stage.osHome, "elsewhere"), stage);
  expect(toldIn(records)).toEqual({
    toolu_yes: "allow user",
    toolu_always: "allow user",
    toolu_kept: "allow claude_rule",
    toolu_no: "deny user",
  });
});

/** Keeps the transcripts as fixtures: only the lines that hold calls and their results, with another home. */
function record(stage: Stage): void {
  const root = dirname(stage.project);
  for (const { path, text } of stage.transcripts()) {
    const kept = text
      .split("\n")
      .filter((line) => /"type":"(?:tool_use|tool_result)"/.test(line) && !/^\{"type":"api/.test(line));
    const named = [kept.join("\n"), path].map((part) =>
      part.replaceAll(root, "/home/dev").replaceAll(root.replaceAll(/[^A-Za-z0-9]/g, "-"), "-home-dev"),
    );
    const file = join(ROOT, "fixtures", "client", "projects", named[1] ?? "");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${named[0]}\n`);
  }
}
