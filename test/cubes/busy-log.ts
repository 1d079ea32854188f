/**
 * A made log of busy machines: sessions that interleave out of order, hooks registered twice, prompts, refusals, reused
 * ids, records without ids, torn and foreign lines. Same seed, same bytes.
 */
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

export const BUSY_START = Date.UTC(2026, 9, 20);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Fields = Partial<AuditRecord>;

export interface BusyLog {
  /** Lines in the order of the file. */
  readonly text: string;
  readonly records: readonly AuditRecord[];
  readonly badLines: number;
}

export function busyLog(seed: number, sessions: number, callsPerSession: number): BusyLog {
  const random = chance(seed);
  const streams = Array.from({ length: sessions }, (_, index) => sessionRecords(random, index, callsPerSession));
  // Writers race: a line may land up to three seconds late, but never before an earlier one of its own session.
  const written = streams.flatMap((records) => {
    let landed = 0;
    return records.map((record) => {
      landed = Math.max(landed, Date.parse(record.timestamp) + Math.floor(random() * 3000));
      return { landed, record };
    });
  });
  written.sort((a, b) => a.landed - b.landed);
  let badLines = 0;
  const lines = written.flatMap(({ record }) => {
    const line = encodeRecord(record).trimEnd();
    if (random() > 0.01) return [line];
    badLines++;
    return [line, BAD_LINES[badLines % BAD_LINES.length] ?? ""];
  });
  return { text: `${lines.join("\n")}\n`, records: written.map(({ record }) => record), badLines };
}

const BAD_LINES = [
  '{"v":1,"id":"torn',
  "not json at all",
  "[1,2,3]",
  '{"decision":"deny","tool_name":"Bash"}',
  "\0\0\0\0",
];
const TOOLS = ["Bash", "Bash", "Read", "Edit", "WebFetch", "mcp__tracker__search", 'odd "tool" \\ name'];
const COMMANDS = ["git push", "git status", "npm run test", "rm -r", "naïve 日本", "\u{1f600} x", "\uff5e y"];
const MODES = ["default", "acceptEdits", "plan", "auto", "bypassPermissions"];
const EFFECTS = ["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"] as const;
const ANSWERS: readonly Fields[] = [
  { tier: "allow", decision: "allow", rule_id: "allow-a", rule_ids: ["allow-a", "allow-b"] },
  { tier: "allow", decision: "allow", rule_id: "allow-b", rule_ids: ["allow-b"] },
  { tier: "auto", decision: "allow", rule_id: "auto-c", rule_ids: ["auto-c"] },
  { tier: "llm", decision: "allow", llm_score: "GREEN", llm_confidence: 0.65, llm_model: "small", llm_latency_ms: 700 },
  { tier: "llm", decision: "deny", llm_score: "RED", llm_confidence: 0.9, llm_model: "small", llm_latency_ms: 1400 },
  {
    tier: "reroute",
    decision: "rerouted",
    rule_ids: ["allow-b"],
    llm_score: "YELLOW",
    llm_latency_ms: 90,
    llm_cached: true,
    reroute: {
      mode: "reroute",
      original_input: { command: "x" },
      alternative_input: { command: "y" },
      matched_rules: ["allow-b"],
      rationale: "safer",
    },
  },
  { tier: "ask", decision: "ask", rule_id: "ask-d", rule_ids: ["ask-d"] },
  { tier: "deny", decision: "deny", rule_id: "deny-e", rule_ids: ["deny-e"] },
  { tier: "passthrough", decision: "passthrough" },
  { tier: "passthrough", decision: "passthrough", rule_id: "left-f" },
  { tier: "error", decision: "error_passthrough" },
  { tier: "error", decision: "error_passthrough", llm_error: "request timed out", llm_latency_ms: 15_000 },
];

function sessionRecords(random: () => number, index: number, calls: number): AuditRecord[] {
  const pick = <Item>(list: readonly Item[], fallback: Item): Item =>
    list[Math.floor(random() * list.length)] ?? fallback;
  const session_id = `session-${index}`;
  const records: AuditRecord[] = [];
  let now = BUSY_START + Math.floor(random() * 12 * HOUR);
  const add = (fields: Fields & { readonly event: string }, wait = 1 + Math.floor(random() * 900)) => {
    now += wait;
    records.push({
      v: 1,
      id: `${index}-${records.length}`,
      timestamp: new Date(now).toISOString(),
      session_id,
      auto_promoted: false,
      ...fields,
    });
  };
  const attended = index % 5 !== 0;
  const isTwice = index % 3 === 0;
  add({ event: "SessionStart" });
  for (let call = 0; call < calls; call++) {
    if (random() < 0.1) add({ event: "UserPromptSubmit" }, 2 * MINUTE);
    const answer = pick(ANSWERS, {});
    const id = `toolu_${index}_${call}`;
    const agent = random() < 0.1 ? { agent_id: `agent-${call % 3}` } : {};
    const called: Fields = {
      tool_name: pick(TOOLS, "Bash"),
      permission_mode: pick(MODES, "default"),
      attended,
      project: `/home/u/p${index % 4}`,
      input_hash: `hash-${index}-${call}`,
      policy_hash: `policy-${call % 3}`,
      commands: [pick(COMMANDS, "x"), pick(COMMANDS, "y")],
      ...agent,
    };
    const decided = () => ({
      ...called,
      effect: pick(EFFECTS, "reads"),
      duration_us: Math.floor(200 + random() ** 3 * 90_000),
    });
    const shape = random();
    if (shape < 0.04) {
      add({ event: "PreToolUse", ...decided(), ...answer }); // no id: nothing joins
      continue;
    }
    add({ event: "PreToolUse", tool_use_id: id, ...decided(), ...answer }, 5 + Math.floor(random() * 40_000));
    const effect = records.at(-1)?.effect ?? "reads";
    if (isTwice) {
      const stricter: Fields =
        random() < 0.1 ? { tier: "deny", decision: "deny", rule_id: "deny-g", rule_ids: ["deny-g"] } : answer;
      add({ event: "PreToolUse", tool_use_id: id, ...decided(), effect, ...stricter }, 3);
    }
    if (shape < 0.07) {
      add({
        event: "PermissionDenied",
        tool_use_id: id,
        tier: "auto_mode",
        decision: "deny",
        tool_name: called.tool_name ?? "",
        ...agent,
      });
    } else if (shape < 0.3) {
      for (let copy = 0; copy < (isTwice ? 2 : 1); copy++) add({ event: "PermissionRequest", ...called }, 4);
    }
    if (shape > 0.2 && shape < 0.9) {
      const failed = random() < 0.2;
      const event = failed ? "PostToolUseFailure" : "PostToolUse";
      const ran = {
        tool_use_id: id,
        tool_name: called.tool_name ?? "",
        tool_success: !failed,
        ...(call % 2 === 0 ? {} : { input_hash: call % 3 === 0 ? `hash-${index}-${call}` : "another" }),
        tool_duration_ms: Math.floor(random() * 5000),
        ...agent,
      };
      add({ event, ...ran }, random() < 0.02 ? 3 * HOUR : 300);
      if (isTwice) add({ event, ...ran }, 2);
    } else if (shape > 0.98) {
      add({ event: "PreToolUse", tool_use_id: id, ...decided(), ...answer }, 2 * HOUR); // the id once more, a call of its own
    }
  }
  add({ event: "rule_promoted", promoted_rule: `auto-${index % 7}`, policy_hash: "policy-1" });
  if (index % 2 === 0) add({ event: "SessionEnd" }, 5 * MINUTE);
  return records;
}

/** mulberry32 */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
