/** `suggest`: rules that past answers speak for, as TOML with their proof; `--apply NAME` adds one where a person says so. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { UNTOLD } from "../../analyze/cubes/answers.js";
import { readWindow, rowsOf } from "../../analyze/cubes/fold.js";
import type { Call } from "../../analyze/cubes/open-call.js";
import { isCallWithin } from "../../analyze/cubes/wanted.js";
import { claudeSettings } from "../../analyze/suggest/claude-settings.js";
import { answersFor, MAX_CALLS, pastCallsOf } from "../../analyze/suggest/past-call.js";
import { removalsOf } from "../../analyze/suggest/removals.js";
import {
  type Afterthoughts,
  renderAfterthoughts,
  renderSuggestions,
} from "../../analyze/suggest/render-suggestions.js";
import { cameFromSuggestion, contradictedSuggestions, RuleLives } from "../../analyze/suggest/rule-lives.js";
import type { Suggestion, Suggestions } from "../../analyze/suggest/suggestion.js";
import type { Zone } from "../../analyze/zone.js";
import { newRecordId } from "../../core/audit/record-id.js";
import { addRule, type TomlEdit } from "../../core/policy/toml-edit.js";
import { projectOf } from "../../store/git-root.js";
import { recordLine } from "../../store/own-record.js";
import { changeAutoRules } from "../../store/promotion/change-auto-rules.js";
import type { Invocation } from "../command.js";
import { countLog } from "../count-log.js";
import { currentPolicy } from "../current-policy.js";
import { deliver, deliveryOf } from "../deliver.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { renderDiff } from "../install/settings-diff.js";
import { policyFor } from "../judge.js";
import { Judged } from "../judged.js";
import { noPolicy } from "../judging.js";
import { resolveSession, withLog } from "../open-log.js";
import { isElsewhere } from "../reading.js";
import { refuseReadOnly, refuseUnderClaude } from "../refuse.js";
import { reportFor } from "../report-for.js";
import { locationsOf } from "../where.js";
import { filterOf, zoneFor } from "../window.js";

const SHOWN = 30;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const wanted = flags.list("apply");
  if (wanted.length > 0 && flags.on("yes")) {
    refuseReadOnly(invocation, "suggest --apply");
    refuseUnderClaude(invocation, "suggest --apply");
  }
  if (flags.text("format") !== undefined) {
    const { report } = await reportFor(invocation, { sections: ["suggestions"] });
    return deliver(invocation, report, deliveryOf(invocation), "suggestions");
  }
  const { found, zone, ...afterthoughts } = await findSuggestions(invocation);
  if (wanted.length > 0) return apply(invocation, found, wanted);
  if (flags.text("export") !== undefined) {
    const { permissions, left } = claudeSettings(found.suggestions, flags.text("project") ?? projectOf(io.cwd));
    io.stdout.write(`${JSON.stringify({ permissions }, null, 2)}\n`);
    for (const { name, why } of left) io.stderr.write(`claude-permit: ${name}: ${why}\n`);
  } else if (json) io.stdout.write(`${JSON.stringify({ ...found, ...afterthoughts })}\n`);
  else {
    const limit = flags.count("limit", 1) ?? SHOWN;
    io.stdout.write(renderSuggestions(found, zone, limit) + renderAfterthoughts(afterthoughts, limit));
  }
  return EXIT.fine;
}

/** A log given by --audit may be another machine's, which this machine's rules say nothing about. */
async function findSuggestions(
  invocation: Invocation,
): Promise<Afterthoughts & { readonly found: Suggestions; readonly zone: Zone }> {
  const { io, flags } = invocation;
  const loaded = await currentPolicy(invocation, io.cwd);
  const isForeign = isElsewhere(invocation) && flags.text("config") === undefined;
  const policy = isForeign || loaded.state === "broken" ? noPolicy() : loaded;
  const zone = zoneFor(invocation, loaded.settings.report.timezone);
  const asked = flags.text("session");
  const judged = new Judged(invocation, policy);
  return withLog(invocation, async (scan) => {
    const session = asked === undefined ? {} : { session: resolveSession(scan, asked) };
    const filter = { ...filterOf(invocation, zone), ...session };
    // Only of rules that came from suggestions every call has to be seen: how they fared, nothing else tells.
    const isEveryCall = policy.rules.some(cameFromSuggestion);
    const lives = new RuleLives();
    const { since, until } = filter;
    const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const look = { call: (call: Call) => isCallWithin(call, filter) && lives.add(call) };
    const cubes = countLog(invocation, scan, {
      ...{ window, zone, now: io.now(), filter, read: { ...readWindow(window), ...session } },
      answers: answersFor(MAX_CALLS),
      ...(isEveryCall ? { look } : {}),
    });
    const past = pastCallsOf(cubes.answers ?? UNTOLD, MAX_CALLS);
    // A part of the log says nothing about rules that were not met in it.
    const isWhole = Object.keys(filter).every((key) => key === "since" || key === "until") && !past.isCut;
    const hit = new Set(isWhole ? rowsOf(cubes, "rules").map(({ keys }) => keys.rule ?? "") : []);
    const found = await judged.suggestions(past);
    const redundant = (await judged.redundant()) ?? [];
    judged.keep();
    return {
      found,
      contradicted: contradictedSuggestions(policy, lives.lives),
      removals: removalsOf(policy, hit, redundant),
      zone,
    };
  });
}

async function apply(invocation: Invocation, found: Suggestions, wanted: readonly string[]): Promise<ExitCode> {
  const chosen = wanted.map((name) => named(found, name));
  for (const one of chosen) await applyOne(invocation, one);
  return EXIT.fine;
}

function named({ suggestions }: Suggestions, name: string): Suggestion {
  const one = suggestions.find((each) => each.name === name);
  if (one !== undefined) return one;
  const hint = suggestions.length === 0 ? "there is none" : "`claude-permit suggest` lists them";
  throw new CliError("bad_usage", `there is no suggestion \`${name}\``, hint);
}

/** Shows the change; writes it with --yes, where it came from beside it. */
async function applyOne(invocation: Invocation, one: Suggestion): Promise<void> {
  const { io, flags } = invocation;
  const places = locationsOf(invocation);
  const now = io.now();
  const timestamp = new Date(now).toISOString();
  const reason = evidenceText(one);
  const { name, ...conditions } = one.draft.table;
  const table = { name, description: reason, ...conditions, promoted_at: timestamp, promoted_by: "suggest" };
  if (!flags.on("yes")) {
    showChange(invocation, places.autoRules, addRule(textOf(places.autoRules), one.kind, table));
    io.stdout.write("nothing written; --yes writes it\n");
    return;
  }
  const id = newRecordId(now, randomBytes(10));
  const result = await changeAutoRules(places, ({ text, rules }) => {
    if (rules.some((rule) => rule.name === name)) {
      return { kind: "refused", code: "exists", detail: `\`${name}\` is in auto-rules.toml already` };
    }
    const edit = addRule(text, one.kind, table);
    if (edit.kind === "refused") return { kind: "refused", code: "not-writable", detail: edit.detail };
    showChange(invocation, places.autoRules, edit, text);
    const event = one.kind === "allow" ? "rule_promoted" : "rule_added";
    const record = { v: 1, id, timestamp, event: "rule_promoted", session_id: "", rule_id: name, reason } as const;
    const settings = policyFor(invocation, io.cwd).policy.settings.audit;
    return {
      kind: "change",
      planned: {
        text: edit.text,
        change: { id, timestamp, event, rule: name, by: "suggest", reason },
        line: recordLine({ ...record, promoted_rule: name, auto_promoted: false }, settings),
        notice: "",
      },
    };
  });
  if (result.kind === "refused") throw new CliError("cannot_write", `\`${name}\` was not added: ${result.detail}`);
  io.stdout.write(`added \`${name}\`; to undo: claude-permit rules revoke ${name}\n`);
}

function showChange({ io, color }: Invocation, path: string, edit: TomlEdit, before = textOf(path)): void {
  if (edit.kind === "refused") throw new CliError("cannot_write", `${path}: ${edit.detail}`);
  io.stdout.write(`${renderDiff(path, before === "" ? null : before, edit.text, color)}\n`);
}

/** "" when there is none yet. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function evidenceText({ kind, support, overridden }: Suggestion): string {
  const { approved, refused, sessions, days } = support;
  const where = `${sessions} sessions on ${days} days`;
  if (kind !== "allow") return `Refused ${refused} times in ${where}, approved ${approved} times.`;
  return `Approved ${approved} times in ${where}; would have overridden ${overridden.length} refusals.`;
}
