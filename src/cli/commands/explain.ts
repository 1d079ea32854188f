/** `explain`: one decision step by step, from the log (an id, `last`) or for a command given here. */
import { findRecord, judgeAgain } from "../../analyze/judge-again.js";
import { localTimestamp } from "../../analyze/zone.js";
import { callOfRecord, subjectOf } from "../../core/audit/record-call.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import { evaluationJson } from "../../core/policy/evaluation-json.js";
import { explainEvaluation } from "../../core/policy/explain.js";
import type { Policy } from "../../core/policy/policy.js";
import { readPolicyByHash } from "../../store/in-force.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { cachedPolicyFor, callFrom, folderOf, judge } from "../judge.js";
import { withLog } from "../open-log.js";
import { labelled, safeText } from "../print.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";

const RECORD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json } = invocation;
  const [asked] = args;
  const isCall = flags.text("input") !== undefined || flags.text("tool") !== undefined;
  if (!isCall && (asked === undefined || asked === "last" || RECORD_ID.test(asked))) {
    return explainRecord(invocation, asked ?? "last");
  }
  const policy = cachedPolicyFor(invocation, folderOf(invocation));
  const evaluation = judge(policy, callFrom(invocation, asked), io.now());
  if (json) io.stdout.write(`${JSON.stringify(evaluationJson(evaluation, policy.settings.llm.enabled))}\n`);
  else io.stdout.write(explanation(evaluation));
  return EXIT.fine;
}

async function explainRecord(invocation: Invocation, asked: string): Promise<ExitCode> {
  const { io, json } = invocation;
  const found = await withLog(invocation, (scan) => findRecord(scan.backward(), asked));
  if (found === null) {
    const message = asked === "last" ? "the log holds no decision yet" : `no record \`${asked}\` in the log`;
    throw new CliError("record_not_found", message, "`claude-permit list` shows recent ids");
  }
  const { record, timeMs, at } = found;
  const call = callOfRecord(record);
  const { policy, name } = policyOf(invocation, record.policy_hash);
  const evaluation = call === null || policy === null ? null : judgeAgain(policy, record, timeMs, call);
  if (json) {
    const again = evaluation === null ? null : evaluationJson(evaluation, policy?.settings.llm.enabled ?? false);
    io.stdout.write(`${JSON.stringify({ record, at: `${at.file}:${at.offset}`, policy: name, again })}\n`);
    return EXIT.fine;
  }
  const zone = zoneFor(invocation, "local");
  const rows: (readonly [string, string | undefined])[] = [
    ["record", `${record.id} (${at.file}:${at.offset})`],
    ["time", localTimestamp(timeMs, zone)],
    ["session", record.session_id],
    ["call", `${record.tool_name ?? record.event}  ${subjectOf(record)}`],
    ["decision", record.decision && `${record.decision} (${record.tier ?? "tier not recorded"})`],
    ["rule", record.rule_matched && `${record.rule_matched}  ${record.rule_source ?? ""}`],
    ["reason", record.reason],
    ["model", record.llm_score && `${record.llm_score} ${record.llm_confidence ?? ""} ${record.llm_reasoning ?? ""}`],
    ["error", record.error ?? record.llm_error],
    ["imported from", record.imported_from],
  ];
  io.stdout.write(labelled(rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]))));
  if (evaluation === null)
    io.stdout.write(`\nIt cannot be judged again: ${call === null ? "its input was not kept whole" : "no policy"}.\n`);
  else io.stdout.write(`\nJudged again under ${name}:\n${explanation(evaluation)}`);
  return EXIT.fine;
}

/** The policy of that time when it was kept, else the one in force now. */
function policyOf(
  invocation: Invocation,
  hash: string | undefined,
): { readonly policy: Policy | null; readonly name: string } {
  const kept = hash === undefined ? null : readPolicyByHash(locationsOf(invocation), hash);
  if (kept !== null) return { policy: kept, name: `the policy of that time (${hash})` };
  const policy = cachedPolicyFor(invocation, invocation.io.cwd);
  return { policy, name: `the policy in force now (${policy.hash})` };
}

function explanation(evaluation: Evaluation): string {
  return explainEvaluation(evaluation)
    .map((line) => `${safeText(line)}\n`)
    .join("");
}
