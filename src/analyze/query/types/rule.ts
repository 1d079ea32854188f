/** `rule` and `rule_count`: the rules in force as a program reads them, with their hits. */
import { builtinRules } from "../../../core/policy/guard-finding.js";
import type { Policy, Rule, RuleKind } from "../../../core/policy/policy.js";
import { rulesAbout } from "../../../core/policy/rules-about.js";
import { nameHint } from "../../../core/policy/suggest-name.js";
import { countRuleHits, type RuleHits } from "../../rule-hits.js";
import { createRuleTexts, type RuleText } from "../../rule-text.js";
import type { Scanned } from "../../scan/scan.js";
import { localTimestamp } from "../../zone.js";
import { windowOf, zoneIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import { policyFault, QueryFault } from "../query-fault.js";
import type { Answer, QueryWorld } from "../world.js";

/** Without a window, hits are of so many of the newest records: an answer must not wait for years of log. */
const HIT_RECORDS = 1_000;

export const KINDS = ["deny", "ask", "allow", "passthrough", "deny_promote"] as const satisfies readonly RuleKind[];

export async function queryRule(asked: QueryOf<"rule">, world: QueryWorld): Promise<Answer> {
  const policy = soundPolicy(world);
  const chosen = chooseRules(policy, asked);
  const { hits, over } = await hitsOf(asked, world);
  const zone = zoneIn(world);
  const textOf = createRuleTexts(world.readText);
  const results = chosen.map((rule) => {
    const found = hits?.get(rule.id);
    const { text, conditions } = textOf(rule);
    return {
      ...ruleInWords(rule, conditions),
      ...(asked.with_source === true ? { source: text } : {}),
      hits: hits === null ? null : (found?.hits ?? 0),
      last_hit: found === undefined ? null : localTimestamp(found.lastMs, zone),
    };
  });
  return { results, hits_over: over };
}

export function queryRuleCount(_asked: QueryOf<"rule_count">, world: QueryWorld): Answer {
  const { rules, byTool, anyTool } = soundPolicy(world);
  return {
    result: {
      ...Object.fromEntries(KINDS.map((kind) => [kind, rules.filter((rule) => rule.kind === kind).length])),
      total: rules.length,
      by_tool: Object.fromEntries(Object.entries(byTool).map(([tool, indexes]) => [tool, indexes.length])),
      any_tool: anyTool.length,
      builtin: builtinRules().length,
    },
  };
}

/** A rule as every query shows it. */
export function ruleInWords(rule: Rule, conditions: RuleText["conditions"]): Readonly<Record<string, unknown>> {
  return {
    id: rule.id,
    kind: rule.kind,
    description: rule.description ?? null,
    ...(rule.reason === undefined ? {} : { reason: rule.reason }),
    conditions,
    layer: rule.layer,
    source_file: rule.source.file,
    source_line: rule.source.line,
    ...(rule.provenance === undefined ? {} : { provenance: rule.provenance }),
  };
}

function soundPolicy(world: QueryWorld): Policy {
  const policy = world.policyFor(world.cwd);
  if (policy.state === "broken") throw policyFault(policy.problems);
  return policy;
}

/** Built-in rules are told only of when one is named: they are nobody's to change. */
function chooseRules(policy: Policy, { filter, tool, id }: QueryOf<"rule">): readonly Rule[] {
  const known = id === undefined ? policy.rules : [...builtinRules(), ...policy.rules];
  const about = tool === undefined ? null : new Set(rulesAbout(policy, tool).map((rule) => rule.id));
  const named = known.filter((rule) => id === undefined || rule.id === id);
  if (id !== undefined && named.length === 0) {
    const hint = nameHint(
      id,
      known.map((rule) => rule.id),
    );
    throw new QueryFault("invalid_query", `no rule \`${id}\` is in force`, { path: "id", hint });
  }
  return named.filter(
    (rule) => (filter === undefined || rule.kind === filter) && (about === null || about.has(rule.id)),
  );
}

interface Hits {
  /** `null`: there is no log. */
  readonly hits: ReadonlyMap<string, RuleHits> | null;
  /** What was counted over. */
  readonly over: string;
}

async function hitsOf({ since }: QueryOf<"rule">, world: QueryWorld): Promise<Hits> {
  const opened = await world.openLog();
  if (opened.kind === "failed") return { hits: null, over: "no log" };
  if (since !== undefined) {
    return {
      hits: countRuleHits(opened.scan.backward(windowOf({ since }, world), { isLazy: true })),
      over: `records since ${since}`,
    };
  }
  // Parsed whole: reading lazily pays only over many more.
  const hits = countRuleHits(newest(opened.scan.backward(), HIT_RECORDS));
  return { hits, over: `the newest ${HIT_RECORDS} records` };
}

function* newest(scanned: Iterable<Scanned>, limit: number): Generator<Scanned, void> {
  let left = limit;
  for (const one of scanned) {
    yield one;
    if (--left === 0) return;
  }
}
