/** The screen of `watch`: fits its terminal, whatever its size and whatever the log holds. */
import { describe, expect, it } from "vitest";
import { UTC } from "../../src/analyze/zone.js";
import type { FoundRecord } from "../../src/cli/decision-rows.js";
import { type Screen, screenLines } from "../../src/cli/watch/screen.js";

const NOON = Date.UTC(2026, 10, 21, 12);

function found(place: number, command: string): FoundRecord {
  const timeMs = NOON - place * 1000;
  return {
    kind: "record",
    timeMs,
    at: { file: "/h/audit.jsonl", offset: place, length: 10 },
    record: {
      v: 1,
      id: `id-${place}`,
      timestamp: new Date(timeMs).toISOString(),
      event: "PreToolUse",
      session_id: "session",
      tier: "allow",
      decision: "allow",
      tool_name: "Bash",
      tool_input: { command },
      auto_promoted: false,
    },
  };
}

const screen: Screen = {
  counts: {
    decisions: { allow: 1200, rerouted: 1, ask: 4, deny: 2, passthrough: 0, error_passthrough: 3 },
    tiers: [
      ["allow", 1200],
      ["ask", 4],
    ],
    prompts: 4,
    unusable: 1,
  },
  records: Array.from({ length: 40 }, (_, place) =>
    found(place, place === 1 ? "evil \u001b[2J\n日本語" : "git status"),
  ),
  sinceMs: NOON - 12 * 3_600_000,
  lastMs: NOON,
  remark: "",
};

describe("screenLines", () => {
  it("says what was decided, by whom, and shows the newest", () => {
    const lines = screenLines(screen, { zone: UTC, columns: 100, rows: 10, color: false });
    expect(lines.map((line) => line.trimEnd())).toEqual([
      "claude-permit watch · since 2026-11-21 00:00:00 (UTC) · q quits",
      "1,201 approved, 4 asked, 2 blocked, 3 let through after an error",
      "by allow 1,200, ask 4",
      "4 prompts · 1 line could not be used · last record 2026-11-21 12:00:00",
      "",
      "time                 decision  by     tool  call                    rule  session  id    mode",
      "2026-11-21 12:00:00  allow     allow  Bash  git status                    session  id-0",
      "2026-11-21 11:59:59  allow     allow  Bash  evil \\u{1b}[2J\\n日本語        session  id-1",
      "2026-11-21 11:59:58  allow     allow  Bash  git status                    session  id-2",
    ]);
  });

  it.each([
    [20, 3],
    [40, 8],
    [80, 24],
    [200, 60],
  ])("%i columns and %i rows hold it", (columns, rows) => {
    const lines = screenLines(screen, { zone: UTC, columns, rows, color: false });
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.join("\n")).not.toContain("\u001b");
  });
});
