/**
 * `review`: calls the model was not sure of, or ran in another form, answered by the user: approved ones become allow
 * rules, rejected ones deny rules. A list for programs, questions on a terminal, --approve and its like for scripts.
 */
import { plural } from "../../analyze/report/shape.js";
import { localTimestamp } from "../../analyze/zone.js";
import type { ReviewAnswer } from "../../store/promotion/answer-pending.js";
import { recoverAutoRules } from "../../store/promotion/change-auto-rules.js";
import { askOne, canAsk } from "../ask.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { labelled, safeText } from "../print.js";
import { refuseReadOnly, refuseUnderClaude } from "../refuse.js";
import { type Carried, carryOut } from "../review/review-answer.js";
import { type ReviewItem, reviewList } from "../review/review-list.js";
import { suspendRefused } from "../review/suspend-refused.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";

const FLAGS: readonly (readonly [flag: string, answer: ReviewAnswer])[] = [
  ["approve", "approved"],
  ["confirm", "confirmed"],
  ["reject", "rejected"],
];

export async function run(invocation: Invocation): Promise<ExitCode> {
  refuseUnderClaude(invocation, "`review`");
  const asked = FLAGS.flatMap(([flag, answer]) => invocation.flags.list(flag).map((id) => ({ id, answer })));
  if (asked.length > 0) {
    refuseReadOnly(invocation, "`review`");
    await recoverAutoRules(locationsOf(invocation));
    return answerAll(invocation, asked);
  }
  const suspended = await suspendRefused(invocation);
  const items = await reviewList(invocation);
  if (invocation.json) {
    invocation.io.stdout.write(`${JSON.stringify({ pending: items.map(jsonOf), suspended })}\n`);
    return EXIT.fine;
  }
  if (items.length === 0) {
    invocation.io.stdout.write("nothing waits for an answer\n");
    return EXIT.fine;
  }
  return canAsk(invocation.io) && !invocation.flags.on("readOnly")
    ? await askEach(invocation, items)
    : list(invocation, items);
}

/** All are looked up before the first is carried out. */
async function answerAll(
  invocation: Invocation,
  asked: readonly { readonly id: string; readonly answer: ReviewAnswer }[],
): Promise<ExitCode> {
  const items = await reviewList(invocation);
  const found = asked.map(({ id, answer }) => {
    const item = items.find(({ entry }) => entry.ids.includes(id));
    if (item === undefined) {
      throw new CliError(
        "not_pending",
        `nothing waits under \`${id}\``,
        "`claude-permit review --json` lists what does",
      );
    }
    return { item, answer };
  });
  const carried: Carried[] = [];
  for (const { item, answer } of found) carried.push(await carryOut(invocation, item, answer));
  if (invocation.json) invocation.io.stdout.write(`${JSON.stringify({ answered: carried })}\n`);
  else for (const one of carried) invocation.io.stdout.write(toldOf(one));
  return EXIT.fine;
}

const SKIP = "skip";

async function askEach(invocation: Invocation, items: readonly ReviewItem[]): Promise<ExitCode> {
  const { io } = invocation;
  for (const [index, item] of items.entries()) {
    io.stderr.write(`\n${index + 1} of ${items.length}\n${labelled(rowsOf(item, invocation))}`);
    const answer = await askOne<ReviewAnswer | typeof SKIP | "end">("Your answer?", [
      { value: SKIP, label: "later", hint: "it stays in the list" },
      ...choicesOf(item),
      { value: "end", label: "stop here", hint: "" },
    ]);
    if (answer === "end") break;
    if (answer !== SKIP) {
      refuseReadOnly(invocation, "`review`");
      io.stdout.write(toldOf(await carryOut(invocation, item, answer)));
    }
  }
  return EXIT.fine;
}

function choicesOf({ entry, approving, rejecting }: ReviewItem) {
  const approve = { value: "approved", label: "approve the original" } as const;
  return [
    ...(approving.kind === "candidate" ? [{ ...approve, hint: approving.candidate.summary }] : []),
    ...(entry.record.reroute === undefined
      ? []
      : [{ value: "confirmed", label: "confirm the rewrite", hint: "writes no rule" } as const]),
    ...(rejecting.kind === "candidate"
      ? [{ value: "rejected", label: "reject", hint: rejecting.candidate.summary } as const]
      : []),
  ];
}

function list({ io, ...rest }: Invocation, items: readonly ReviewItem[]): ExitCode {
  for (const item of items) io.stdout.write(`${labelled(rowsOf(item, { io, ...rest }))}\n`);
  io.stdout.write("answer with --approve ID, --confirm ID or --reject ID\n");
  return EXIT.fine;
}

function rowsOf(item: ReviewItem, invocation: Invocation): (readonly [string, string])[] {
  const { entry, subject, alternative, approving, rejecting, settings } = item;
  const { record, times, sessions, lastMs, outcome, confirmed } = entry;
  const zone = zoneFor(invocation, settings.report.timezone);
  const offer = ({ kind, ...more }: ReviewItem["approving"]) =>
    kind === "candidate" && "candidate" in more ? more.candidate.summary : `no rule: ${"why" in more ? more.why : ""}`;
  const verdict = record.llm_score === undefined ? "" : `${record.llm_score}${confidenceOf(record.llm_confidence)}`;
  return [
    ["id", entry.id],
    ["call", `${record.tool_name ?? ""}: ${subject}`],
    ["in", record.project ?? record.cwd ?? ""],
    ["verdict", [verdict, record.llm_reasoning ?? ""].filter((text) => text !== "").join(": ")],
    ...(alternative === "" ? [] : ([["alternative", `${alternative} (${record.reroute?.mode})`]] as const)),
    ["came up", `${plural(times, "time")} in ${plural(sessions, "session")}, last ${localTimestamp(lastMs, zone)}`],
    ["outcome", confirmed ? "you approved it, and it succeeded" : OUTCOMES[outcome]],
    ["approving", offer(approving)],
    ["rejecting", offer(rejecting)],
  ];
}

const OUTCOMES = {
  ran: "it ran",
  "ran-other": "another form of it ran",
  failed: "it failed",
  unknown: "not known to have run",
} as const satisfies Readonly<Record<ReviewItem["entry"]["outcome"], string>>;

function confidenceOf(confidence: number | undefined): string {
  return confidence === undefined ? "" : ` (${confidence.toFixed(2)})`;
}

function jsonOf({ entry, subject, alternative, approving, rejecting }: ReviewItem): object {
  const { record, id, ids, times, sessions, lastMs, outcome, confirmed } = entry;
  const offer = (offered: ReviewItem["approving"]) =>
    offered.kind === "candidate"
      ? { rule: offered.candidate.table, summary: offered.candidate.summary }
      : { rule: null, why: offered.why };
  return {
    id,
    ids,
    tool: record.tool_name ?? "",
    input: record.tool_input ?? null,
    subject,
    project: record.project ?? record.cwd ?? "",
    decision: record.decision ?? null,
    verdict: record.llm_score ?? null,
    confidence: record.llm_confidence ?? null,
    reasoning: record.llm_reasoning ?? null,
    reroute: record.reroute ?? null,
    alternative: alternative === "" ? null : alternative,
    times,
    sessions,
    last: new Date(lastMs).toISOString(),
    outcome,
    confirmed,
    approve: offer(approving),
    reject: offer(rejecting),
  };
}

function toldOf({ id, answer, rule, summary }: Carried): string {
  if (rule === "") return safeText(`${answer} ${id}: no rule was written`).concat("\n");
  const lines = [`${answer} ${id}: rule \`${rule}\` ${summary}`, `  undo: claude-permit rules revoke ${rule}`];
  return lines.map((line) => `${safeText(line)}\n`).join("");
}
