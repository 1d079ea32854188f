/**
 * The shape of a policy file, as written: the door that unknown TOML comes through, and the source of the published
 * JSON Schema. It checks shapes only; regexes, patterns and what rules mean together are checked by their own files.
 * The `error` texts complete the sentence "`key` must be ...".
 */
import * as z from "zod";

const text = () => z.string({ error: "a string" });
const flag = () => z.boolean({ error: "true or false" });
const list = () => z.union([z.string(), z.array(z.string())], { error: "a string or a list of strings" });
const count = (least: number) =>
  z.int({ error: "a whole number" }).min(least, { error: `a whole number of at least ${least}` });
const share = () =>
  z
    .number({ error: "a number from 0 to 1" })
    .min(0, { error: "a number from 0 to 1" })
    .max(1, { error: "a number from 0 to 1" });
const choice = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: words.length === 1 ? `"${words[0]}"` : `one of ${words.map((w) => `"${w}"`).join(", ")}` });
const table = <T extends z.core.$ZodShape>(shape: T) => z.strictObject(shape, { error: "a table" });
const regexes = () => z.record(z.string(), text(), { error: "a table of regexes, one for each field" });

const effects = ["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"] as const;
const effect = () =>
  z.union([z.enum(effects), z.array(z.enum(effects))], {
    error: `one or a list of ${effects.map((name) => `"${name}"`).join(", ")}`,
  });
const example = () => z.union([z.string(), z.record(z.string(), z.unknown())], { error: "a string or a table" });
const examples = () =>
  z.union([z.string(), z.array(example())], { error: "a string, or a list of strings and tables" });

const shellSchema = table({
  program: list().exactOptional(),
  subcommand: list().exactOptional(),
  flags_any: list().exactOptional(),
  flags_all: list().exactOptional(),
  flags_none: list().exactOptional(),
  args: list().exactOptional(),
  paths_inside: list().exactOptional(),
  paths_outside: list().exactOptional(),
  redirects: table({
    read: list().exactOptional(),
    write: list().exactOptional(),
    append: list().exactOptional(),
  }).exactOptional(),
  env: list().exactOptional(),
  effect: effect().exactOptional(),
  in_pipeline_with: list().exactOptional(),
});

/** Keys of claude-code-permissions-hook, mapped by `olderRule`. */
const olderRuleKeys = {
  id: text().exactOptional(),
  tool_regex: text().exactOptional(),
  tool_exclude_regex: text().exactOptional(),
  command_regex: text().exactOptional(),
  command_exclude_regex: text().exactOptional(),
  file_path_regex: text().exactOptional(),
  file_path_exclude_regex: text().exactOptional(),
  subagent_type: text().exactOptional(),
  subagent_type_exclude_regex: text().exactOptional(),
  prompt_regex: text().exactOptional(),
  prompt_exclude_regex: text().exactOptional(),
};

export const ruleSchema = table({
  name: text().exactOptional(),
  description: text().exactOptional(),
  reason: text().exactOptional(),
  pattern: text().exactOptional(),
  tool: text().exactOptional(),
  fields: regexes().exactOptional(),
  exclude: regexes().exactOptional(),
  shell: shellSchema.exactOptional(),
  cwd: list().exactOptional(),
  permission_mode: list().exactOptional(),
  session: choice("headless", "interactive").exactOptional(),
  raw: flag().exactOptional(),
  sandbox: choice("disabled-too").exactOptional(),
  enabled: flag().exactOptional(),
  expires: z.union([z.string(), z.date()], { error: "a date" }).exactOptional(),
  match: examples().exactOptional(),
  not_match: examples().exactOptional(),
  promoted_at: z.union([z.string(), z.date()], { error: "a date" }).exactOptional(),
  promoted_tier: text().exactOptional(),
  promoted_reasoning: text().exactOptional(),
  promoted_session: text().exactOptional(),
  promoted_record: text().exactOptional(),
  promoted_by: text().exactOptional(),
  ...olderRuleKeys,
});

export const wrapperSchema = table({
  program: text(),
  value_flags: list().exactOptional(),
  skip: count(0).exactOptional(),
});

export const settingsSchema = table({
  fail: choice("ask", "deny", "passthrough").exactOptional(),
  on_yellow: choice("offer", "ask", "suggest", "reroute").exactOptional(),
  unattended: flag().exactOptional(),
  auto_mode: choice("reads", "full").exactOptional(),
  allow_writes: flag().exactOptional(),
  llm: table({
    enabled: flag().exactOptional(),
    backend: choice("anthropic", "claude-cli").exactOptional(),
    model: text().exactOptional(),
    base_url: text().exactOptional(),
    api_key_env: text().exactOptional(),
    api_key_file: text().exactOptional(),
    proxy: text().exactOptional(),
    claude_path: text().exactOptional(),
    timeout_ms: count(1).exactOptional(),
    on_error: choice("passthrough", "ask", "deny").exactOptional(),
    promote: choice("off", "green").exactOptional(),
    promote_after: count(1).exactOptional(),
    promote_confirmed: flag().exactOptional(),
    cache_ttl: text().exactOptional(),
    max_per_minute: count(0).exactOptional(),
    max_per_session: count(0).exactOptional(),
  }).exactOptional(),
  audit: table({
    max_command_bytes: count(0).exactOptional(),
    max_field_chars: count(0).exactOptional(),
    max_input_bytes: count(0).exactOptional(),
    result_preview_chars: count(0).exactOptional(),
    rotate_bytes: count(65_536).exactOptional(),
    retain_days: count(1).exactOptional(),
    redact: list().exactOptional(),
  }).exactOptional(),
  ship: table({
    endpoint: text().exactOptional(),
    headers_file: text().exactOptional(),
    certificate: text().exactOptional(),
    profile: choice("counts", "redacted", "full").exactOptional(),
    key_file: text().exactOptional(),
    max_backlog_bytes: count(1).exactOptional(),
    max_backlog_days: count(1).exactOptional(),
  }).exactOptional(),
  alerts: table({
    passthrough_share: share().exactOptional(),
    min_calls: count(0).exactOptional(),
    llm_failures: count(1).exactOptional(),
  }).exactOptional(),
  notify: table({ stop_summary: flag().exactOptional(), promotions: flag().exactOptional() }).exactOptional(),
  report: table({
    timezone: text().exactOptional(),
    week_start: choice("monday", "sunday").exactOptional(),
  }).exactOptional(),
});

const rules = () => z.array(ruleSchema, { error: "a list of tables" }).exactOptional();

export const policyFileSchema = table({
  include: list().exactOptional(),
  deny: rules(),
  ask: rules(),
  allow: rules(),
  passthrough: rules(),
  deny_promote: rules(),
  wrapper: z.array(wrapperSchema, { error: "a list of tables" }).exactOptional(),
  settings: settingsSchema.exactOptional(),
});

export const includeSchema = list();

export type RuleInput = z.infer<typeof ruleSchema>;
export type ShellInput = z.infer<typeof shellSchema>;

/** The keys a table may have at a path below a schema; empty when the schema has no table there. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const step of path) {
    at = inner(at);
    if (at instanceof z.ZodObject) at = Object.hasOwn(at.shape, step) ? at.shape[String(step)] : undefined;
    else if (at instanceof z.ZodArray) at = at.element;
    else return [];
  }
  at = inner(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape).filter((key) => !Object.hasOwn(olderRuleKeys, key)) : [];
}

function inner(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional ? schema.unwrap() : schema;
}
