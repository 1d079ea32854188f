/** `[settings]` and the older dialect's `[llm_fallback]` as written -> settings that were set, with their units. */
import { checkShape } from "./check-shape.js";
import { parseDuration } from "./moment.js";
import { listOf } from "./parse-shell-test.js";
import type { Settings } from "./policy.js";
import { settingsSchema } from "./policy.schema.js";
import type { WrittenSettings } from "./policy-file.js";
import { compileRegex } from "./regex.js";
import type { CheckBudget } from "./regex-safety.js";
import type { Report } from "./rule-report.js";
import { isTable, type TomlTable } from "./toml.js";
import type { TomlPath } from "./toml-positions.js";

/** Keys whose name here is not the TOML key in camel case, and those that need a unit read. */
const RENAMED: Readonly<Record<string, string>> = { cache_ttl: "cacheTtlMs" };

export function parseSettings(value: unknown, report: Report, budget: CheckBudget): WrittenSettings {
  const path = ["settings"];
  const input = checkShape(settingsSchema, value, path, report);
  if (input === undefined) return {};
  const settings = camelKeys(input);
  const { llm, audit } = input;
  return {
    ...settings,
    ...(llm === undefined ? {} : { llm: { ...settings.llm, ...cacheTtl(llm.cache_ttl, report) } }),
    ...(audit?.redact === undefined
      ? {}
      : { audit: { ...settings.audit, redact: redact(audit.redact, report, budget) } }),
  };
}

/** INVARIANT: every TOML key is the setting's name in snake case, held by a test over the whole default settings. */
function camelKeys(table: TomlTable): WrittenSettings {
  const entries = Object.entries(table).map(([key, value]) => {
    const name = RENAMED[key] ?? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [name, isTable(value) ? camelKeys(value) : value];
  });
  return Object.fromEntries(entries);
}

function cacheTtl(written: string | undefined, report: Report): Partial<Settings["llm"]> {
  if (written === undefined) return {};
  const cacheTtlMs = parseDuration(written);
  if (cacheTtlMs !== undefined) return { cacheTtlMs };
  report.add(["settings", "llm", "cache_ttl"], "wrong-duration", { key: "cache_ttl", value: written });
  return {};
}

function redact(written: string | readonly string[], report: Report, budget: CheckBudget): Settings["audit"]["redact"] {
  return listOf(written).flatMap((source, index) => {
    const result = compileRegex("redact", source, { author: "javascript", budget });
    if (result.kind === "regex") return [result.regex];
    report.add(["settings", "audit", "redact", index], result.code, result.values);
    return [];
  });
}

/** Keys of `[llm_fallback]` with the same meaning here; the others are told and left out. */
export function parseOlderLlm(table: TomlTable, path: TomlPath, report: Report): WrittenSettings {
  const llm: { -readonly [Key in keyof Settings["llm"]]?: Settings["llm"][Key] } = {};
  for (const [key, value] of Object.entries(table)) {
    const at = [...path, key];
    const wrong = (expected: string) => report.add(at, "wrong-type", { key, expected, actual: String(value) });
    if (key === "enabled") {
      if (typeof value === "boolean") llm.enabled = value;
      else wrong("true or false");
    } else if (key === "model" || key === "endpoint") {
      if (typeof value !== "string") wrong("a string");
      else if (key === "model") llm.model = value;
      else llm.baseUrl = value;
    } else if (key === "timeout_secs") {
      if (typeof value === "number" && value > 0) llm.timeoutMs = Math.round(value * 1_000);
      else wrong("a number of seconds");
    } else {
      report.add(at, "older-ignored", { key, hint: olderHint(key) });
    }
  }
  return { llm };
}

function olderHint(key: string): string {
  if (key === "api_key")
    return "name a variable of the environment in `settings.llm.api_key_env`; keep keys out of files";
  if (key === "actions") return "see `settings.llm.on_error` and `settings.on_yellow`";
  if (key === "system_prompt") return "write what matters to you into `policy.md`";
  return "";
}
