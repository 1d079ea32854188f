/** `auto-rules.history.jsonl` as entries. A line it cannot use is counted, never guessed at; it reads no file. */

export interface HistoryEntry {
  readonly timeMs: number;
  /** `rule_promoted`, `rule_revoked`, `rule_restored` and the like, as written. */
  readonly event: string;
  readonly rule: string;
  /** Who did it, "" when that was not written. */
  readonly by: string;
  readonly reason: string;
}

export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly unusable: number;
}

export function parseHistory(text: string): History {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const entries = lines.flatMap((line) => parseEntry(line) ?? []);
  return { entries, unusable: lines.length - entries.length };
}

function parseEntry(line: string): HistoryEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (...names: readonly string[]): string => {
    const found = names.map((name) => fields.get(name)).find((one) => typeof one === "string");
    return typeof found === "string" ? found : "";
  };
  const timeMs = Date.parse(text("timestamp", "at"));
  const event = text("event", "action");
  const rule = text("rule", "rule_id", "promoted_rule", "name");
  if (Number.isNaN(timeMs) || event === "" || rule === "") return null;
  return { timeMs, event, rule, by: text("by", "promoted_by"), reason: text("reason", "promoted_reasoning") };
}
