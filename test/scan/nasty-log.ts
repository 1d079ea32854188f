/**
 * A made log that tries everything which a reader that takes short cuts may stumble over: more distinct values than it
 * can remember, values of one field in another, odd texts, other orders, damage. Same seed, same bytes.
 */
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

export const NASTY_START = Date.UTC(2026, 9, 20);

/** @param records so many lines, beside those that damage adds */
export function nastyLog(seed: number, records: number): Buffer {
  const random = chance(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <Item>(list: readonly [Item, ...Item[]]): Item => list[below(list.length)] ?? list[0];
  const seldom = (share: number) => random() < share;
  const parts: Buffer[] = [];
  let timeMs = NASTY_START;
  for (let index = 0; index < records; index++) {
    timeMs += below(1_500);
    const shift = seldom(0.01) ? -below(900_000) : -below(40);
    // Sessions come back after many others took their places in memory.
    const session = seldom(0.3) ? below(6_000) : Math.floor(index / 40);
    const text = () =>
      seldom(0.1) ? pick(TEXTS) : seldom(0.02) ? pick(TEXTS).repeat(1 + below(60)) : `value-${below(9_000)}`;
    const decision = pick(["allow", "allow", "ask", "deny", "passthrough", "rerouted", "error_passthrough"] as const);
    const command = pick(COMMANDS);
    const fields: Record<string, unknown> = {
      v: 1,
      id: `019c0000-0000-7000-8000-${String(index).padStart(12, "0")}`,
      timestamp: new Date(timeMs + shift).toISOString(),
      event: pick(["PreToolUse", "PreToolUse", "PostToolUse", "PermissionRequest", "Stop", "PermissionDenied", text()]),
      session_id: `session-${session}`,
      tier: pick(["deny", "ask", "allow", "auto", "llm", "passthrough", "reroute", undefined] as const),
      decision: seldom(0.05) ? undefined : decision,
      tool_name: pick(["Bash", "Bash", "Read", "WebFetch", "deny", "allow", text()]),
      rule_id: seldom(0.3) ? undefined : pick(["deny", "ask", "reads", "GREEN", text(), text()]),
      llm_score: seldom(0.1) ? pick(["GREEN", "YELLOW", "RED"] as const) : undefined,
      permission_mode: pick(["default", "plan", "auto", text()]),
      attended: pick([true, false, undefined] as const),
      agent_id: seldom(0.1) ? text() : undefined,
      tool_use_id: seldom(0.05) ? undefined : `toolu_${seldom(0.3) ? below(index + 1) : index}`,
      duration_us: pick([below(90_000), 0, -1, 1.5, 2 ** 53, 1e21, 1e-7]),
      llm_latency_ms: seldom(0.1) ? below(20_000) : undefined,
      llm_error: seldom(0.03) ? text() : undefined,
      tool_success: pick([true, false, undefined] as const),
      tool_duration_ms: seldom(0.5) ? below(100_000) : undefined,
      redacted: seldom(0.05) ? below(4) : undefined,
      project: seldom(0.2) ? undefined : `/home/u/p${below(40)}`,
      cwd: `/home/u/${text()}`,
      home: pick(["/home/u", "", undefined] as const),
      rule_ids: seldom(0.4) ? undefined : Array.from({ length: below(3) }, text),
      commands: seldom(0.4) ? undefined : Array.from({ length: below(3) }, text),
      paths: seldom(0.4) ? undefined : Array.from({ length: below(3) }, text),
      effect: pick(["reads", "network", "unknown", undefined] as const),
      resolved: seldom(0.1) ? { [text()]: text() } : undefined,
      input_hash: seldom(0.5) ? `hash-${below(index + 1)}` : undefined,
      reason: seldom(0.3) ? text() : undefined,
      tool_input: seldom(0.1) ? text() : { command, url: command, nested: { decision: "deny", list: [1, text()] } },
      auto_promoted: seldom(0.05),
    };
    const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    parts.push(damaged(Buffer.from(encodeRecord(present as unknown as AuditRecord)), seldom(0.03) ? below(14) : -1));
  }
  return Buffer.concat(parts);

  /** One line of `line`, as writers, editors and disks leave it. */
  function damaged(line: Buffer, kind: number): Buffer {
    const text = line.toString();
    const changed = (other: string) => Buffer.from(other);
    switch (kind) {
      case 0:
        return changed(text.replace("\n", "\r\n"));
      case 1:
        return changed(text.slice(0, below(text.length)));
      case 2:
        return changed(`${text.slice(0, below(text.length))}\n`);
      case 3:
        return changed(text.replace(/"decision":"\w+"/, `"decision":"value-${below(9_000)}"`));
      case 4:
        return changed(text.replace(/"tier":"\w+"/, '"tier":"deny","tier":"allow"'));
      case 5:
        return changed(
          text.replace(/"decision":"\w+",/, "").replace('"tool_input":', '"decision":"deny","tool_input":'),
        );
      case 6:
        return changed(text.replaceAll(":", ": "));
      case 7:
        return changed(text.replaceAll("a", "\\u0061"));
      case 8:
        return changed(text.replace(/"command":"[^"\\]*"/, '"command":"https:\\/\\/h\\u006fst.example\\u002fx"'));
      case 9:
        return Buffer.from(line.fill(0xff, below(line.length - 1)).fill(0x0a, line.length - 1));
      case 10:
        return changed(text.trimEnd() + text);
      case 11:
        return changed(text.replace('"v":1', '"v":2'));
      case 12:
        return changed(`\n  \n${text}`);
      case 13:
        return changed(text.replace(/"effect":"\w+"/, '"effect":"deny"'));
      default:
        return line;
    }
  }
}

const TEXTS = [
  "",
  "deny",
  "reads",
  'quo"te',
  "back\\slash",
  "\\",
  "line\nbreak",
  "\u0000control",
  "naïve 日本 \u{1f600}",
  "\u2028",
  '","decision":"deny',
  ',"auto_promoted":true}',
  '{"v":1,"id":"',
  "__proto__",
  "x".repeat(125),
  "x".repeat(126),
  "x".repeat(127),
] as const;
const COMMANDS = [
  "git status",
  "curl https://one.example/a",
  'wget "http://two.example:80/?q=1"',
  "curl https://three.example\\x",
  "echo a\tb",
  `cat <<E\n${"é ".repeat(3_000)}\nE`,
] as const;

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
