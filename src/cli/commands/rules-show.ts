/** `rules show`: one rule whole: conditions as compiled, reason, examples, provenance, hits. */
import { localTimestamp } from "../../analyze/zone.js";
import { builtinRules } from "../../core/policy/builtin.js";
import type { Rule } from "../../core/policy/policy.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { policyFor } from "../judge.js";
import { labelled } from "../print.js";
import { ruleHits } from "../rule-hits.js";
import { zoneFor } from "../window.js";

const TOLD: ReadonlySet<string> = new Set([
  "index",
  "id",
  "kind",
  "name",
  "description",
  "reason",
  "layer",
  "source",
  "trusted",
  "match",
  "notMatch",
]);

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args, json } = invocation;
  const [id = ""] = args;
  const { policy } = policyFor(invocation, io.cwd);
  const rules = [...builtinRules(), ...policy.rules];
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined)
    throw new CliError("rule_not_found", `no rule \`${id}\` is in force`, "`claude-permit rules list` names them");
  const hits = await ruleHits(invocation);
  const found = hits?.get(rule.id);
  const zone = zoneFor(invocation, policy.settings.report.timezone);
  const last = found === undefined ? null : localTimestamp(found.lastMs, zone);
  if (json)
    io.stdout.write(`${JSON.stringify({ rule, hits: hits === null ? null : (found?.hits ?? 0), last_hit: last })}\n`);
  else
    io.stdout.write(
      labelled(
        rowsOf(
          rule,
          hits === null ? "no data: no log yet" : `${found?.hits ?? 0}${last === null ? "" : `, last ${last}`}`,
        ),
      ),
    );
  return EXIT.fine;
}

function rowsOf(rule: Rule, hits: string): (readonly [string, string])[] {
  const place =
    rule.layer === "builtin"
      ? "built in"
      : `${rule.source.file}:${rule.source.line} (${rule.layer}${rule.trusted ? "" : ", not trusted"})`;
  const examples = (label: string, list: Rule["match"]) =>
    (list ?? []).map((one) => [label, typeof one === "string" ? one : JSON.stringify(one)] as const);
  return [
    ["rule", `${rule.kind}[${rule.id}]`],
    ...(rule.description === undefined ? [] : [["what", rule.description] as const]),
    ...(rule.reason === undefined ? [] : [["reason", rule.reason] as const]),
    ["source", place],
    ["hits", hits],
    ...Object.entries(rule).flatMap(([key, value]) =>
      TOLD.has(key) || isEmpty(value) ? [] : [[key, JSON.stringify(value)] as const],
    ),
    ...examples("matches", rule.match),
    ...examples("spares", rule.notMatch),
  ];
}

function isEmpty(value: unknown): boolean {
  return value === false || value === undefined || (Array.isArray(value) && value.length === 0);
}
