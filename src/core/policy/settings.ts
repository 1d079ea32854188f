/** Settings: what a file writes, the defaults of SPEC section 3, and how the files of several layers add up. */
import type { Layer, Regex, Settings } from "./policy.js";
import type { PolicyFile, WrittenSettings } from "./policy-file.js";

export const DEFAULT_SETTINGS: Settings = {
  fail: "ask",
  onYellow: "offer",
  unattended: false,
  autoMode: "reads",
  allowWrites: false,
  llm: {
    enabled: false,
    backend: "anthropic",
    model: "claude-haiku-4-5",
    apiKeyEnv: "ANTHROPIC_API_KEY",
    timeoutMs: 15_000,
    onError: "passthrough",
    promote: "off",
    promoteAfter: 3,
    promoteConfirmed: false,
    cacheTtlMs: 86_400_000,
    maxPerMinute: 30,
    maxPerSession: 500,
  },
  audit: {
    maxCommandBytes: 32_768,
    maxFieldChars: 1_024,
    maxInputBytes: 65_536,
    resultPreviewChars: 0,
    rotateBytes: 268_435_456,
    retainDays: null,
    redact: [],
  },
  ship: { profile: "counts", maxBacklogBytes: null, maxBacklogDays: null },
  alerts: { passthroughShare: 0.3, minCalls: 50, llmFailures: 3 },
  notify: { stopSummary: true, promotions: true },
  report: { timezone: "", weekStart: "monday" },
};

/** Weakest first. INVARIANT: the managed layer wins, the project never writes settings. */
const STRENGTH: readonly Layer[] = ["auto", "user", "config", "managed"];

/** The including file wins over what it includes, the stronger layer over the weaker; `redact` adds up. */
export function mergeSettings(files: readonly PolicyFile[]): Settings {
  const ranked = files
    .map((file, order) => ({ file, rank: STRENGTH.indexOf(file.layer), order }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || b.order - a.order);
  const written = ranked.map(({ file }) => file.settings);
  const merged = written.reduce(over, DEFAULT_SETTINGS);
  const redact = written.flatMap((settings) => settings.audit?.redact ?? []);
  const allowWrites = files.some(({ layer, settings }) => layer === "managed" && settings.allowWrites === true);
  return { ...merged, allowWrites, audit: { ...merged.audit, redact: uniqueRegexes(redact) } };
}

function over(base: Settings, { llm, audit, ship, alerts, notify, report, ...plain }: WrittenSettings): Settings {
  return {
    ...base,
    ...plain,
    llm: { ...base.llm, ...llm },
    audit: { ...base.audit, ...audit },
    ship: { ...base.ship, ...ship },
    alerts: { ...base.alerts, ...alerts },
    notify: { ...base.notify, ...notify },
    report: { ...base.report, ...report },
  };
}

function uniqueRegexes(regexes: readonly Regex[]): readonly Regex[] {
  return [...new Map(regexes.map((regex) => [`${regex.flags}/${regex.source}`, regex])).values()];
}
