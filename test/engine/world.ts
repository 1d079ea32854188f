/** A small pinned machine for engine tests: policies from short rules, calls from short forms. No file is read. */
import type { EvaluateDeps } from "../../src/core/policy/evaluation.js";
import { compilePattern } from "../../src/core/policy/pattern.js";
import type { Policy, Regex, Rule, Settings } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ParseShell } from "../../src/core/shell/shell.js";
import type { ToolCall } from "../../src/core/tool-call.js";

export const HOME = "/home/u";
export const PROJECT = "/home/u/app";
export const NOW = Date.UTC(2026, 10, 21);

export interface ShortRule extends Partial<Omit<Rule, "pattern" | "tool" | "fields" | "exclude">> {
  readonly kind: Rule["kind"];
  readonly pattern?: string;
  readonly tool?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly exclude?: Readonly<Record<string, string>>;
  /** Excludes see the raw text, as in the older dialect. */
  readonly seesRaw?: boolean;
}

export const regex = (source: string, flags = "u"): Regex => ({ source, flags });

const SETTINGS: Settings = {
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
    timeoutMs: 8000,
    onError: "passthrough",
    promote: "off",
    promoteAfter: 3,
    promoteConfirmed: false,
    cacheTtlMs: 86_400_000,
    maxPerMinute: 30,
    maxPerSession: 200,
  },
  audit: {
    maxCommandBytes: 32768,
    maxFieldChars: 1024,
    maxInputBytes: 65536,
    resultPreviewChars: 0,
    rotateBytes: 268_435_456,
    retainDays: null,
    redact: [],
  },
  ship: { profile: "counts", maxBacklogBytes: null, maxBacklogDays: null },
  alerts: { passthroughShare: 0.3, minCalls: 50, llmFailures: 3 },
  notify: { stopSummary: true, promotions: true },
  report: { timezone: "UTC", weekStart: "monday" },
};

function fullRule(short: ShortRule, index: number): Rule {
  const { pattern, tool, fields, exclude, seesRaw, ...rest } = short;
  const compiled = pattern === undefined ? undefined : compilePattern(pattern, { kind: short.kind, baseFolder: "" });
  if (compiled !== undefined && compiled.kind !== "pattern") throw new Error(`bad pattern ${pattern}`);
  return {
    index,
    id: short.name ?? `${short.kind}-${index}`,
    layer: "user",
    trusted: true,
    source: { file: "config.toml", line: index + 1, column: 1 },
    raw: false,
    ...rest,
    ...(compiled === undefined ? {} : { pattern: compiled.pattern }),
    ...(tool === undefined ? {} : { tool: regex(`^(?:${tool})$`) }),
    fields: Object.entries(fields ?? {}).map(([field, source]) => ({ field, regex: regex(source) })),
    exclude: Object.entries(exclude ?? {}).map(([field, source]) => ({
      field,
      regex: regex(source),
      seesRaw: seesRaw === true,
    })),
  };
}

export function policyOf(rules: readonly ShortRule[], more: Partial<Policy> & { settings?: Settings } = {}): Policy {
  const full = rules.map(fullRule);
  return {
    format: 1,
    engine: "test",
    hash: "0000000000000000",
    state: "ok",
    problems: [],
    sources: [],
    rules: full,
    byTool: {},
    anyTool: full.map((rule) => rule.index),
    settings: SETTINGS,
    wrappers: [],
    guarded: {
      folders: [`${HOME}/.claude/claude-permit`, "/etc/claude-permit"],
      files: [
        `${HOME}/.claude/settings.json`,
        `${PROJECT}/.claude/settings.json`,
        `${PROJECT}/.claude/settings.local.json`,
        `${PROJECT}/.claude/claude-permit.toml`,
      ],
    },
    ...more,
  };
}

export function settings(change: Partial<Settings>): Settings {
  return { ...SETTINGS, ...change };
}

export function callOf(tool: string, input: Readonly<Record<string, unknown>>, more: Partial<ToolCall> = {}): ToolCall {
  return {
    tool,
    input,
    cwd: PROJECT,
    home: HOME,
    project: PROJECT,
    sessionId: "s",
    permissionMode: "default",
    attended: true,
    ...more,
  };
}

export const bash = (command: string, more: Partial<ToolCall> = {}): ToolCall => callOf("Bash", { command }, more);

/** Symlinks of the pinned machine. */
const LINKS: readonly (readonly [string, string])[] = [
  [`${PROJECT}/link-out`, "/home/u/.ssh"],
  [`${PROJECT}/keys`, "/home/u/.ssh/id_rsa"],
  [`${PROJECT}/inner`, `${PROJECT}/src`],
  ["/tmp/cfg", `${HOME}/.claude`],
];

export function resolvePath(absolute: string): string | null {
  if (absolute.startsWith("/loop")) return null;
  // Links of this machine lie in the project's folder itself.
  if (absolute.startsWith(`glob:${PROJECT}/`) && !absolute.startsWith(`glob:${PROJECT}/src/`)) return null;
  for (const [link, target] of LINKS) {
    if (absolute === link || absolute.startsWith(`${link}/`)) return target + absolute.slice(link.length);
  }
  return absolute;
}

export const deps = (parseShell: ParseShell = analyzeShell): EvaluateDeps => ({ resolvePath, parseShell, now: NOW });
