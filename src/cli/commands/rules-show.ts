/** `rules show`: one rule whole: where it comes from, its hits, and its text. */
import { ruleInWords } from "../../analyze/query/types/rule.js";
import { createRuleTexts } from "../../analyze/rule-text.js";
import { localTimestamp } from "../../analyze/zone.js";
import { builtinRules } from "../../core/policy/guard-finding.js";
import type { Rule } from "../../core/policy/policy.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { readTextIfThere } from "../files.js";
import { policyFor } from "../judge.js";
import { labelled, safeText } from "../print.js";
import { ruleHits } from "../rule-hits.js";
import { zoneFor } from "../window.js";

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
  const text = createRuleTexts(readTextIfThere)(rule);
  if (json) {
    const told = { ...ruleInWords(rule, text.conditions), source: text.text };
    io.stdout.write(
      `${JSON.stringify({ rule: told, hits: hits === null ? null : (found?.hits ?? 0), last_hit: last })}\n`,
    );
    return EXIT.fine;
  }
  const place =
    rule.layer === "builtin"
      ? "built in"
      : `${rule.source.file}:${rule.source.line} (${rule.layer}${rule.trusted ? "" : ", not trusted"})`;
  const count = hits === null ? "no data: no log yet" : `${found?.hits ?? 0}${last === null ? "" : `, last ${last}`}`;
  io.stdout.write(
    labelled([
      ["rule", `${rule.kind}[${rule.id}]`],
      ["source", place],
      ["hits", count],
      ...(text.text === null ? aboutBuiltin(rule) : []),
    ]),
  );
  if (text.text !== null) io.stdout.write(`\n${text.text.split("\n").map(safeText).join("\n")}\n`);
  return EXIT.fine;
}

/** What a rule's own text would have said. */
function aboutBuiltin({ description, reason }: Rule): (readonly [string, string])[] {
  return [
    ...(description === undefined ? [] : [["what", description] as const]),
    ...(reason === undefined ? [] : [["reason", reason] as const]),
  ];
}
