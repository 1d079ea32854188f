/**
 * Logs written before version 1, by the first claude-permit and by the claude-code-permissions-hook family
 * (kornysietsma's audit file in both its forms; EricBLivingston's tool-use, operational and review logs), read into our
 * fields. Their own mistakes stay: what a field of theirs does not say is left out, never guessed.
 */
import { isDecision, isTier, type Tier } from "../decision.js";
import { importedId } from "./imported-id.js";
import { parseTimestamp } from "./timestamp.js";

type Fields = Readonly<Record<string, unknown>>;

/** Fields whose name and meaning never changed. */
const SAME_NAME = [
  "cwd",
  "permission_mode",
  "agent_id",
  "tool_use_id",
  "prompt_id",
  "llm_model",
  "llm_error",
  "promoted_rule",
  "project",
  "home",
  "error",
] as const;

/** `null` when it is no call of a dialect we know: no moment, no session or no tool. */
export function fromOlderDialect(line: Fields): Record<string, unknown> | null {
  const payload = fields(line["payload"]);
  const rule = fields(line["rule_metadata"]);
  const model = fields(line["llm_metadata"]);
  const decidedBy = fields(line["decided_by"]);
  const timestamp = line["timestamp"] ?? line["ts"];
  const session = text(line["session_id"]) ?? text(payload["session_id"]);
  const tool = text(line["tool_name"]) ?? text(payload["tool_name"]);
  const event = text(line["event"]) ?? text(line["hook_event_name"]) ?? text(payload["hook_event_name"]);
  if (timestamp === undefined || session === undefined || (tool === undefined && event === undefined)) return null;

  const decision = decisionOf(line);
  const tier = tierOf(line, decision, rule, decidedBy);
  const input = line["tool_input"] ?? payload["tool_input"];
  const reasoning = text(line["reasoning"]);
  const assessment = text(line["llm_score"]) ?? text(line["llm_assessment"]) ?? text(model["assessment"]);
  const record: Record<string, unknown> = {
    id: olderId(timestamp, session, tool, decision, input),
    timestamp,
    event: event ?? "PreToolUse",
    session_id: session,
    tier,
    decision,
    tool_name: tool,
    rule_id: ruleName(line, rule),
    llm_score: scoreOf(assessment),
    duration_us: microseconds(line),
    llm_latency_ms: number(line["llm_latency_ms"]) ?? number(model["processing_time_ms"]),
    llm_confidence: number(line["llm_confidence"]) ?? number(model["confidence"]),
    llm_model: text(model["model"]),
    llm_error: assessment === "TIMEOUT" || assessment === "ERROR" ? assessment.toLowerCase() : undefined,
    input_truncated: isCut(input) || undefined,
    rule_matched: text(line["rule_matched"]) ?? ruleText(decidedBy),
    rule_source: text(rule["config_file"]),
    reason: text(line["reason"]) ?? (tier === "llm" ? undefined : reasoning),
    llm_reasoning: text(line["llm_reasoning"]) ?? text(model["reasoning"]) ?? (tier === "llm" ? reasoning : undefined),
    tool_input: input ?? undefined,
    auto_promoted: line["auto_promoted"] === true,
  };
  for (const name of SAME_NAME) record[name] ??= text(line[name]) ?? text(payload[name]);
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** A word we do not know stays, so that the line is reported as unusable instead of counted wrongly. */
function decisionOf(line: Fields): string | undefined {
  const said = text(line["decision"]);
  if (said === "passthrough" && text(line["error"]) !== undefined) return "error_passthrough";
  return said;
}

function tierOf(line: Fields, decision: string | undefined, rule: Fields, decidedBy: Fields): Tier | undefined {
  const said = line["tier"];
  if (isTier(said)) return said;
  if (line["decision_source"] === "llm" || line["llm_assessment"] !== undefined) return "llm";
  const kind = line["rule_type"] ?? rule["rule_type"] ?? decidedBy["kind"];
  if (kind === "deny" || kind === "ask" || kind === "allow") return kind;
  if (decision === "error_passthrough") return "error";
  return isDecision(decision) && isTier(decision) ? decision : undefined;
}

/** `deny[no-force-push]: tool=Bash` names its rule; a bare position does not. */
function ruleName(line: Fields, rule: Fields): string | undefined {
  const named = text(line["rule_id"]) ?? text(rule["rule_id"]);
  return named ?? /^\w+\[([^\]]*[^\]\d][^\]]*)\]/.exec(text(line["rule_matched"]) ?? "")?.[1];
}

function ruleText(decidedBy: Fields): string | undefined {
  const kind = text(decidedBy["kind"]);
  if (kind === undefined) return undefined;
  const position = number(decidedBy["index"]);
  const description = text(decidedBy["description"]);
  return `${kind}[${position ?? ""}]${description === undefined ? "" : `: ${description}`}`;
}

const SCORES: Readonly<Record<string, string>> = {
  GREEN: "GREEN",
  SAFE: "GREEN",
  ALLOW: "GREEN",
  YELLOW: "YELLOW",
  QUERY: "YELLOW",
  UNKNOWN: "YELLOW",
  RED: "RED",
  UNSAFE: "RED",
  DENY: "RED",
};

function scoreOf(assessment: string | undefined): string | undefined {
  const word = assessment?.toUpperCase() ?? "";
  return Object.hasOwn(SCORES, word) ? SCORES[word] : undefined;
}

function microseconds(line: Fields): number | undefined {
  const ms = number(line["duration_ms"]);
  return number(line["duration_us"]) ?? (ms === undefined ? undefined : Math.round(ms * 1000));
}

/** Cut JSON text, or a string that ends in the ellipsis these hooks leave where they cut. */
function isCut(input: unknown): boolean {
  if (typeof input === "string") return true;
  return Object.values(fields(input)).some(
    (value) => typeof value === "string" && /(?:…|…\[truncated, \d+ chars\])$/.test(value),
  );
}

function olderId(
  timestamp: unknown,
  session: string,
  tool: string | undefined,
  decision: string | undefined,
  input: unknown,
): string {
  const moment = typeof timestamp === "string" ? timestamp : "";
  const parts = [moment, session, tool ?? "", decision ?? "", inputText(input)];
  return importedId(parseTimestamp(moment) ?? 0, ...parts);
}

function inputText(input: unknown): string {
  try {
    return JSON.stringify(input) ?? "";
  } catch {
    // Nested beyond the stack: the other parts must do.
    return "";
  }
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
