/** A machine for queries: a policy text, a log of literal records, nothing of the real one. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foldLog } from "../../src/analyze/cubes/fold-log.js";
import { openJudgements } from "../../src/analyze/judgements.js";
import type { QueryWorld } from "../../src/analyze/query/world.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { UTC } from "../../src/analyze/zone.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { loadPolicy } from "../../src/store/load-policy.js";
import { locations } from "../../src/store/locations.js";

export const NOW = Date.UTC(2026, 10, 21, 12);

export const POLICY = `
[[deny]]
name = "no-force-push"
description = "Shared history is not rewritten."
pattern = "Bash(git push --force *)"

[[ask]]
name = "ask-push"
pattern = "Bash(git push *)"

[[allow]]
name = "read-git"
pattern = "Bash(git status *)"

[[allow]]
name = "read-files"
tool = "Read|Grep"

[settings.llm]
enabled = true
`;

export function queryWorld(records: readonly AuditRecord[] | null, policy = POLICY): QueryWorld {
  const base = mkdtempSync(join(tmpdir(), "claude-permit-query-"));
  const config = join(base, "config.toml");
  writeFileSync(config, policy, { mode: 0o600 });
  const log = join(base, "audit.jsonl");
  if (records !== null) writeFileSync(log, records.map((record) => encodeRecord(record)).join(""));
  const places = locations({ homeFlag: base, configFlag: undefined, env: {}, cwd: base, osHome: base, hook: false });
  const loaded = loadPolicy({ locations: places, project: base, engine: "test", programFolder: null }, () => null);
  return {
    cwd: base,
    home: base,
    now: () => NOW,
    elapsed: () => 0,
    unattended: false,
    zone: () => UTC,
    policyFor: () => loaded.policy,
    policyByHash: () => null,
    openLog: () => openScan([log]),
    count: (scan, options) => foldLog(scan, { ...options, rollups: null }),
    judgements: ({ hash }) => openJudgements(join(base, "judged"), hash, false),
    readText: () => policy,
  };
}

/** One decision a minute, the newest last. */
export function decisions(count: number): readonly AuditRecord[] {
  return Array.from({ length: count }, (_, index): AuditRecord => {
    const kind = (["allow", "allow", "deny", "ask", "passthrough"] as const)[index % 5] ?? "allow";
    const command = kind === "allow" ? "git status" : kind === "passthrough" ? "make" : `git push ${index}`;
    const id = `019c1b4a-e31f-7399-bc41-${String(index).padStart(12, "0")}`;
    const rule = { allow: "read-git", deny: "no-force-push", ask: "ask-push", passthrough: undefined }[kind];
    return {
      v: 1,
      id,
      timestamp: new Date(NOW - (count - index) * 60_000).toISOString(),
      event: "PreToolUse",
      session_id: `session-${Math.floor(index / 10)}`,
      tier: kind,
      decision: kind,
      tool_name: "Bash",
      ...(rule === undefined ? {} : { rule_id: rule }),
      ...(index % 7 === 0 ? { llm_error: "timeout" } : {}),
      tool_use_id: `toolu_${index}`,
      duration_us: 100 + index,
      commands: [command.split(" ").slice(0, 2).join(" ")],
      tool_input: { command },
      auto_promoted: false,
    };
  });
}
