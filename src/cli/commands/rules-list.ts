/** `rules list`: every rule in force with its hits, newest hit and place. */
import { sep } from "node:path";
import { joinCells, layoutTable } from "../../analyze/report/render/term-table.js";
import { localTimestamp } from "../../analyze/zone.js";
import { hasExpired } from "../../core/policy/expired.js";
import { builtinRules } from "../../core/policy/guard-finding.js";
import type { Provenance } from "../../core/policy/policy.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { policyFor } from "../judge.js";
import { printProblems, safeText } from "../print.js";
import { suspendRefused } from "../review/suspend-refused.js";
import { ruleHits } from "../rule-hits.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";

interface RuleRow {
  readonly expired: boolean;
  readonly provenance?: Provenance;
  readonly description: string;
}

const COLUMNS = [
  { label: "kind", align: "left", isText: false, priority: 0 },
  { label: "rule", align: "left", isText: true, priority: 0 },
  { label: "hits", align: "right", isText: false, priority: 0 },
  { label: "last hit", align: "left", isText: false, priority: 2 },
  { label: "source", align: "left", isText: true, priority: 1 },
  { label: "description", align: "left", isText: true, priority: 3 },
] as const;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, json } = invocation;
  await suspendRefused(invocation);
  const { policy, problems } = policyFor(invocation, io.cwd);
  const hits = await ruleHits(invocation);
  const zone = zoneFor(invocation, policy.settings.report.timezone);
  const rules = [...builtinRules(), ...policy.rules].map((rule) => {
    const found = hits?.get(rule.id);
    return {
      id: rule.id,
      kind: rule.kind,
      layer: rule.layer,
      description: rule.description ?? "",
      expired: hasExpired(rule, io.now()),
      source_file: rule.source.file,
      source_line: rule.source.line,
      hits: hits === null ? null : (found?.hits ?? 0),
      last_hit: found === undefined ? null : localTimestamp(found.lastMs, zone),
      ...(rule.provenance === undefined ? {} : { provenance: rule.provenance }),
    };
  });
  if (json) {
    io.stdout.write(`${JSON.stringify({ policy: policy.hash, state: policy.state, rules })}\n`);
    return EXIT.fine;
  }
  printProblems(
    io,
    problems.filter((found) => found.severity === "error"),
  );
  const { home } = locationsOf(invocation);
  const rows = rules.map((rule) =>
    [
      rule.kind,
      rule.id,
      rule.hits === null ? "no data" : String(rule.hits),
      rule.last_hit?.slice(0, 16).replace("T", " ") ?? "",
      rule.layer === "builtin" ? "built in" : `${nameIn(home, rule.source_file)}:${rule.source_line}`,
      remarkOn(rule),
    ].map(safeText),
  );
  const { head, lines } = layoutTable(COLUMNS, rows, io.stdout.columns);
  io.stdout.write([head, ...lines].map((line) => `${joinCells(line).trimEnd()}\n`).join(""));
  return EXIT.fine;
}

function remarkOn({ expired, provenance, description }: RuleRow): string {
  const origin = provenance === undefined ? [] : [`promoted ${provenance.promotedAt.slice(0, 10)}`];
  return [...(expired ? ["expired"] : []), ...origin, description].join("; ");
}

/** A file of the home by its name there, any other as it is. */
function nameIn(home: string, file: string): string {
  return file.startsWith(`${home}${sep}`) ? file.slice(home.length + 1) : file;
}
