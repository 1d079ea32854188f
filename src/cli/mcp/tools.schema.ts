/**
 * What the MCP server offers, as zod schemas: each tool's arguments, the fields of its answer that can be relied on, and
 * the query it stands for. The tools only ask; `change_rules` is for servers that may write.
 */
import * as z from "zod";
import { DECISIONS } from "../../core/decision.js";

const text = (about: string) => z.string().min(1).max(4096).describe(about);
const since = text("from then on: 24h, 7d, 2026-11-01, yesterday").optional();
const tool = text("name of the tool, such as Bash, Read, Edit, WebFetch");
const decision = z.enum([...DECISIONS] as [string, ...string[]]);
const limit = z.number().int().min(1).max(200).optional();
const rule = z.looseObject({ id: z.string(), type: z.string() }).nullable();

export interface ToolSpec {
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Where there are several queries: what their answers are called. */
  readonly parts?: readonly string[];
  /** The query, or several in one, whose answer this is. */
  readonly query: (given: Readonly<Record<string, unknown>>) => unknown;
}

const callInput = z
  .union([z.record(z.string(), z.unknown()), z.string()])
  .describe("the tool's whole input, or its main field as text (the command, the path)");

export const TOOLS: Readonly<Record<string, ToolSpec>> = {
  check_call: {
    title: "Would this call be allowed?",
    description:
      "What the permission hook would answer for a tool call, without making it. allow: it runs. ask: the user is asked. deny: do not try it another way. passthrough: Claude Code's own permissions decide.",
    input: z.object({
      tool,
      input: callInput,
      cwd: text("where it would be made").optional(),
      permission_mode: text("default, acceptEdits, plan, auto").optional(),
    }),
    output: z.looseObject({
      decision: z.string(),
      would_match: z.boolean(),
      matched_rule: rule,
      rule_ids: z.array(z.string()),
    }),
    query: (given) => ({ type: "match_test", ...given }),
  },
  explain_decision: {
    title: "Why was a call decided so?",
    description: "One decision step by step: by a record's id (or `last`), or for a call given by tool and input.",
    input: z.object({
      id: text("of a record, or `last` (the default)").optional(),
      tool: tool.optional(),
      input: callInput.optional(),
      cwd: text("where it would be made").optional(),
    }),
    output: z.looseObject({ text: z.array(z.string()).optional() }),
    query: ({ id, ...call }) =>
      call["tool"] === undefined ? { type: "explain", id: id ?? "last" } : { type: "explain", ...call },
  },
  recent_decisions: {
    title: "What was decided lately?",
    description: "The newest decisions of the log, newest first, narrowed by decision, tool, session, rule and time.",
    input: z.object({
      decision: decision.optional(),
      tool: tool.optional(),
      session_id: text("an id, `last`, `last-1`").optional(),
      rule: text("id of a rule").optional(),
      needs_review: z.boolean().optional(),
      since,
      limit,
    }),
    output: z.looseObject({ result_count: z.number(), results: z.array(z.looseObject({})) }),
    query: (given) => ({ type: "log", ...given }),
  },
  policy_overview: {
    title: "What rules are in force?",
    description: "How many rules there are of each kind, every rule with its conditions and source, and the settings.",
    input: z.object({ tool: tool.optional() }),
    output: z.looseObject({
      counts: z.looseObject({}),
      rules: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
      settings: z.looseObject({}),
    }),
    parts: ["counts", "rules", "settings"],
    query: (given) => ({
      queries: [{ type: "rule_count" }, { type: "rule", ...given }, { type: "config", section: "settings" }],
    }),
  },
  stats: {
    title: "How many calls were decided how?",
    description: "Decisions of a window by answer, by who decided, by tool, and the commands denied most.",
    input: z.object({
      since,
      until: text("before then").optional(),
      tool: tool.optional(),
      session_id: text("an id, `last`").optional(),
    }),
    output: z.looseObject({
      total_decisions: z.number(),
      by_decision: z.record(z.string(), z.number()),
      by_source: z.record(z.string(), z.number()),
      by_tool: z.record(z.string(), z.number()),
    }),
    query: (given) => ({ type: "stats", ...given }),
  },
  gaps: {
    title: "What does no rule decide?",
    description:
      "Calls that no rule decided, alike ones together, each with the closed rule that past answers speak for, or why there is none.",
    input: z.object({ since, tool: tool.optional(), limit }),
    output: z.looseObject({
      total_gaps: z.number(),
      suggestions: z.array(z.looseObject({ pattern: z.string(), count: z.number(), risk: z.string() })),
    }),
    query: (given) => ({ type: "gaps", ...given }),
  },
};

export const CHANGE_RULES = {
  title: "Change a rule or setting",
  description:
    "One change as `claude-permit apply` takes it (add_rule, update_rule, remove_rule, toggle_rule, update_settings, batch, rollback). Look first with dry_run.",
  input: z.object({
    change: z.record(z.string(), z.unknown()).describe('such as {"type":"toggle_rule","id":"…","enabled":false}'),
    dry_run: z.boolean().describe("show diff, validation and effect on recent calls; write nothing").optional(),
  }),
  output: z.looseObject({ applied: z.boolean(), dry_run: z.boolean(), rollback_id: z.string().nullable() }),
};
