/** Three weeks of one machine up to yesterday, written as the hook writes it: prompts fall, the model has a bad day, rules change. */
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

const MINUTE = 60_000;
const DAY = 86_400_000;
const DAYS = 21;
const CALLS = 20;

type Fields = Partial<AuditRecord> & { readonly event: string };

/** @param now the newest session begins at noon of the day before, UTC, so that no session crosses midnight. */
export function storyLog(now: number): { readonly text: string; readonly records: readonly AuditRecord[] } {
  const records: AuditRecord[] = [];
  const add = (timeMs: number, fields: Fields) => {
    records.push({
      v: 1,
      id: `01900000-0000-7000-8000-${String(records.length).padStart(12, "0")}`,
      timestamp: new Date(timeMs).toISOString(),
      session_id: "",
      auto_promoted: false,
      ...fields,
    });
  };
  for (let day = 0; day < DAYS; day++) {
    const start = Math.floor(now / DAY) * DAY - (DAYS - day) * DAY + 12 * 60 * MINUTE;
    const session_id = `session-${String(day).padStart(2, "0")}`;
    const prompts = Math.max(1, 12 - Math.floor(day / 2));
    add(start, { event: "SessionStart", session_id });
    for (let call = 0; call < CALLS; call++) {
      const at = start + (call + 1) * MINUTE;
      const id = `toolu_${day}_${call}`;
      const answer = answerOf(day, call, prompts);
      const called = {
        session_id,
        tool_name: "Bash",
        attended: true,
        permission_mode: "default",
        input_hash: `hash-${day}-${call}`,
      } as const;
      add(at, {
        event: "PreToolUse",
        ...called,
        tool_use_id: id,
        policy_hash: day < 10 ? "aaaa" : "bbbb",
        duration_us: 900 + call,
        effect: "writes-project",
        project: "/home/u/shop",
        cwd: "/home/u/shop",
        home: "/home/u",
        ...answer,
      });
      if (answer.decision === "ask") add(at + 5, { event: "PermissionRequest", ...called });
      if (answer.decision !== "deny")
        add(at + 900, { event: "PostToolUse", ...called, tool_use_id: id, tool_success: true });
    }
    if (day === 10) {
      add(start + 40 * MINUTE, {
        event: "rule_promoted",
        session_id,
        promoted_rule: "auto-make",
        reason: "three equal verdicts",
      });
      add(start + 41 * MINUTE, { event: "policy_changed", session_id, policy_hash: "bbbb", reason: "was aaaa" });
    }
    add(start + 50 * MINUTE, { event: "SessionEnd", session_id });
  }
  return { records, text: records.map(encodeRecord).join("") };
}

function answerOf(day: number, call: number, prompts: number): Partial<AuditRecord> {
  const command = (text: string): Partial<AuditRecord> => ({ commands: [text], tool_input: { command: text } });
  if (call < prompts)
    return { tier: "ask", decision: "ask", rule_id: "ask-push", rule_ids: ["ask-push"], ...command("git push") };
  if (call === 19 && day % 3 === 0) {
    return {
      tier: "deny",
      decision: "deny",
      rule_id: "no-force",
      rule_ids: ["no-force"],
      reason: "Use --force-with-lease.",
      ...command("git push --force"),
    };
  }
  if (call === 18) {
    const verdict = { llm_latency_ms: 600 + day, llm_model: "claude-haiku-4-5", ...command("make") };
    if (day === 20)
      return { tier: "error", decision: "error_passthrough", ...verdict, llm_error: "timed out after 15000 ms" };
    if (day === 19) return { tier: "llm", decision: "deny", llm_score: "RED", llm_confidence: 0.6, ...verdict };
    return { tier: "llm", decision: "allow", llm_score: "GREEN", llm_confidence: 0.95, ...verdict };
  }
  if (call === 17 && day > 10)
    return { tier: "auto", decision: "allow", rule_id: "auto-make", rule_ids: ["auto-make"], ...command("make") };
  if (call === 16)
    return { tier: "passthrough", decision: "passthrough", ...command(day === 20 ? "nc -l" : "terraform plan") };
  return {
    tier: "allow",
    decision: "allow",
    rule_id: "git-reading",
    rule_ids: ["git-reading"],
    ...command("git status"),
  };
}
