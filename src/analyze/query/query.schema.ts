/**
 * Every query as a zod schema: what a request may hold, closed to unknown keys. The published JSON Schema is made of
 * these, and so are the random queries of the tests: `examples` are values that always make sense.
 */
import * as z from "zod";
import { RECORD_KEYS } from "../../core/audit/record.js";
import { DECISIONS, TIERS } from "../../core/decision.js";
import { nameHint } from "../../core/policy/suggest-name.js";
import { TOPICS } from "./types/entitlement-topics.js";

const text = (examples: readonly string[]) =>
  z
    .string()
    .min(1)
    .max(4096)
    .meta({ examples: [...examples] });
const since = text(["24h", "7d", "2w", "2026-11-01", "2026-11-01T08:00:00Z", "yesterday"])
  .describe("from then on")
  .exactOptional();
const until = text(["now", "1m", "2100-01-01"]).describe("before then").exactOptional();
const tool = text(["Bash", "Read", "Edit", "WebFetch", "mcp__tracker__search"]);
const folder = text(["/tmp", "/home/dev/project-1"]).describe("absolute, or relative to here");
const session = text(["last"]).describe("an id, the beginning of one, `last`, `last-1`");
const flag = z.boolean().exactOptional();
const kind = z.enum(["deny", "ask", "allow", "passthrough", "deny_promote"]);
const table = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape);

/** The sections by their own names, and by those of claude-code-permissions-hook. */
export const SECTION_ALIASES = {
  settings: "settings",
  llm: "llm",
  audit: "audit",
  alerts: "alerts",
  notify: "notify",
  report: "report",
  deny: "deny",
  ask: "ask",
  allow: "allow",
  passthrough: "passthrough",
  deny_promote: "deny_promote",
  wrapper: "wrapper",
  include: "include",
  llm_fallback: "llm",
  logging: "audit",
  includes: "include",
  wrappers: "wrapper",
} as const;
export type Section = (typeof SECTION_ALIASES)[keyof typeof SECTION_ALIASES];
const SECTIONS = Object.keys(SECTION_ALIASES) as [keyof typeof SECTION_ALIASES, ...(keyof typeof SECTION_ALIASES)[]];

const config = table({
  type: z.literal("config"),
  full: flag.describe("all of it; what no other key asks for"),
  section: z.enum(SECTIONS).describe("one part").exactOptional(),
  sources: flag.describe("the files with their includes"),
});

const rule = table({
  type: z.literal("rule"),
  filter: kind.describe("rules of one kind").exactOptional(),
  tool: tool.describe("rules that can apply to this tool").exactOptional(),
  id: text(["no-force-push"]).exactOptional(),
  with_source: flag.describe("the rule's text, too"),
  since: since.describe("count hits from then on; without it over the newest records only"),
});

const ruleCount = table({ type: z.literal("rule_count") });

/** A field of a record, one inside `tool_input` or `reroute`, or `source`. */
const FIELD = [
  ...RECORD_KEYS,
  ...["source", "tool", "rule", "command", "file_path"],
  "(?:tool_input|reroute)(?:\\.[\\w-]+)+",
];
const named = (fields: readonly string[], otherwise: string, examples: readonly string[]) =>
  z
    .string()
    .regex(new RegExp(`^(?:${fields.join("|")})$`), {
      error: ({ input }) => [otherwise, nameHint(String(input), fields)].filter((text) => text !== "").join("; "),
    })
    .meta({ examples: [...examples] });
const field = named(FIELD, "not a field of a record", [
  "tool_name",
  "decision",
  "tier",
  "source",
  "command",
  "tool_input.file_path",
  "duration_us",
]);
const sortField = named(
  [...FIELD, "count", "sum", "avg", "p95"],
  "not a field of a record, nor count, sum, avg or p95 of a group",
  ["timestamp", "duration_us", "tool", "command", "count"],
);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const fieldTest = z.union([
  table({ field, op: z.enum(["eq", "ne"]).exactOptional(), value: scalar }),
  table({ field, op: z.literal("in"), value: z.array(scalar).max(1000) }),
  table({ field, op: z.enum(["contains", "starts_with", "ends_with"]), value: z.string() }),
  table({ field, op: z.enum(["gt", "gte", "lt", "lte"]), value: z.union([z.number(), z.string()]) }),
  table({ field, op: z.literal("exists"), value: z.boolean().exactOptional() }),
]);
export type FieldTest = z.infer<typeof fieldTest>;
export type LogFilter = FieldTest | { and: LogFilter[] } | { or: LogFilter[] } | { not: LogFilter };
const logFilter: z.ZodType<LogFilter> = z
  .lazy(() =>
    z.union([
      fieldTest,
      table({ and: z.array(logFilter).max(100) }),
      table({ or: z.array(logFilter).max(100) }),
      table({ not: logFilter }),
    ]),
  )
  .meta({ id: "LogFilter" });

const numeric = field.describe("a number in the records").exactOptional();
const count = z.number().int().min(1).max(10_000);

const log = table({
  type: z.literal("log"),
  decision: z.enum([...DECISIONS] as [string, ...string[]]).exactOptional(),
  tier: z.enum([...TIERS] as [string, ...string[]]).exactOptional(),
  source: z.enum(["rule", "llm", "claude", "user", "none"]).describe("by whom").exactOptional(),
  tool: tool.exactOptional(),
  session_id: session.exactOptional(),
  rule: text(["no-force-push"]).exactOptional(),
  project: folder.exactOptional(),
  needs_review: flag.describe("YELLOW that ran, errors of the model, reroutes, unsure verdicts that ran"),
  all: flag.describe("outcomes and session events too"),
  since,
  until,
  last_n: count.describe("at most so many (default 20)").exactOptional(),
  limit: count.describe("the same as last_n").exactOptional(),
  offset: z.number().int().min(0).max(10_000).exactOptional(),
  filter: logFilter.exactOptional(),
  sort: z
    .array(table({ field: sortField, order: z.enum(["asc", "desc"]).exactOptional() }))
    .max(10)
    .describe("fields of a record; of a group: what it is grouped by, count, sum, avg, p95")
    .exactOptional(),
  aggregate: table({
    group_by: z.union([field, z.array(field).min(1).max(5)]).exactOptional(),
    count: flag,
    sum: numeric,
    avg: numeric,
    p95: numeric,
  }).exactOptional(),
});

const input = z
  .union([z.record(z.string(), z.unknown()), z.string()])
  .describe("the tool's whole input, or its main field as text")
  .meta({ examples: [{ command: "git status" }, { file_path: "/etc/hosts" }, "ls -la", {}] });
const call = { tool, input, cwd: folder.exactOptional() };
const circumstances = {
  permission_mode: text(["default", "acceptEdits", "plan", "auto"]).exactOptional(),
  headless: flag.describe("as in a session nobody attends"),
};

const matchTest = table({ type: z.literal("match_test"), ...call, ...circumstances, trace: flag });
const matchTests = table({
  type: z.literal("match_test"),
  calls: z.array(table(call)).max(10_000),
  ...circumstances,
  trace: flag.describe("how each was judged, too"),
});

const narrowing = {
  since,
  until,
  tool: tool.exactOptional(),
  session_id: session.exactOptional(),
  project: folder.exactOptional(),
};
const stats = table({ type: z.literal("stats"), ...narrowing });
const patterns = table({
  type: z.literal("patterns"),
  decision: z.enum([...DECISIONS] as [string, ...string[]]).exactOptional(),
  ...narrowing,
  limit: count.describe("clusters (default 50)").exactOptional(),
});
const coverage = table({ type: z.literal("coverage"), ...narrowing });
const gaps = table({
  type: z.literal("gaps"),
  ...narrowing,
  limit: count.describe("suggestions (default 20)").exactOptional(),
});
const side = text(["last", "..2100-01-01", "2026-11-01.."]).describe("a session (`last`, an id) or a window (`A..B`)");
const compare = table({
  type: z.literal("compare"),
  a: side.exactOptional(),
  b: side.exactOptional(),
  tool: tool.exactOptional(),
  project: folder.exactOptional(),
});

const entitlementsOfTool = table({
  type: z.literal("entitlements"),
  tool,
  cwd: folder.exactOptional(),
  ...circumstances,
});
const entitlementsOfProgram = table({
  type: z.literal("entitlements"),
  program: text(["git", "npm", "rm"]),
  cwd: folder.exactOptional(),
  ...circumstances,
});
const entitlementsAbout = table({
  type: z.literal("entitlements"),
  about: z.enum(TOPICS),
  cwd: folder.exactOptional(),
  ...circumstances,
});

const explainRecord = table({
  type: z.literal("explain"),
  id: text(["last"]).describe("of a record, or `last`"),
});
const explainCall = table({ type: z.literal("explain"), ...call, ...circumstances });

const digest = table({
  type: z.literal("digest"),
  period: z.enum(["day", "week", "month"]).describe("default week").exactOptional(),
  last: flag.describe("the last complete one, not the one in progress"),
});

const sessionQuery = table({ type: z.literal("session"), session_id: session.exactOptional() });

/** Type -> the forms it has; the first whose `key` a request holds is meant, else the last. */
export const QUERY_SCHEMAS = {
  config: [{ schema: config }],
  rule: [{ schema: rule }],
  rule_count: [{ schema: ruleCount }],
  log: [{ schema: log }],
  match_test: [{ key: "calls", schema: matchTests }, { schema: matchTest }],
  stats: [{ schema: stats }],
  patterns: [{ schema: patterns }],
  entitlements: [
    { key: "program", schema: entitlementsOfProgram },
    { key: "about", schema: entitlementsAbout },
    { schema: entitlementsOfTool },
  ],
  explain: [{ key: "tool", schema: explainCall }, { schema: explainRecord }],
  session: [{ schema: sessionQuery }],
  coverage: [{ schema: coverage }],
  gaps: [{ schema: gaps }],
  compare: [{ schema: compare }],
  digest: [{ schema: digest }],
} as const;

export type QueryType = keyof typeof QUERY_SCHEMAS;
export type QueryOf<T extends QueryType> = z.infer<(typeof QUERY_SCHEMAS)[T][number]["schema"]>;
export type Query = { [T in QueryType]: QueryOf<T> }[QueryType];

/** Of one query or a batch, for publishing. */
export function queryJsonSchema(): Readonly<Record<string, unknown>> {
  const forms = Object.values(QUERY_SCHEMAS).flatMap((list) => list.map(({ schema }) => schema));
  const [first, ...more] = forms;
  const one = z.union([first as z.ZodType, ...more]).meta({ id: "Query" });
  const batch = table({ queries: z.array(one).min(1).max(MAX_BATCH) });
  return z.toJSONSchema(z.union([one, batch]), { io: "input" });
}

export const MAX_BATCH = 1000;
