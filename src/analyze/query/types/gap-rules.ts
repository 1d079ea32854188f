/**
 * Closed rules for clusters of gaps: those that the miner proposes by its thresholds from the calls kept of all clusters
 * together, each tried on the very calls. A cluster without one is told why. It proposes; it changes nothing.
 */
import { admittedDangers } from "../../../core/generalise/dangerous-neighbours.js";
import { generaliseCalls } from "../../../core/generalise/generalise-calls.js";
import { compileDrafts, renderDraft } from "../../../core/generalise/rule-draft.js";
import { withRules } from "../../../core/generalise/with-rules.js";
import type { Policy } from "../../../core/policy/policy.js";
import { analyzeShell } from "../../../core/shell/analyze.js";
import { AtomReader } from "../../suggest/atoms.js";
import { mineRules, THRESHOLDS } from "../../suggest/mine.js";
import type { PastCall } from "../../suggest/past-call.js";
import type { GapCall, GapCluster } from "./gap-clusters.js";
import { judged } from "./open-calls.js";

export interface GapRule {
  /** TOML; `null` with `why_none`. */
  readonly suggested_rule: string | null;
  readonly why_none?: string;
  readonly replay: {
    /** Calls of the cluster that were judged again, the newest. */
    readonly calls: number;
    readonly decided_by_now: number;
    /** Of the others, those that the rule allows. */
    readonly covered: number;
  };
}

/** Whether no rule of the policy in force decides a call. */
type IsOpen = (one: GapCall) => boolean;

/** @param policy the one in force: a rule is for what it leaves open. */
export function gapRules(
  clusters: readonly GapCluster[],
  policy: Policy,
  isOpen: IsOpen,
): (cluster: GapCluster) => GapRule {
  const reader = new AtomReader(policy, (one) => ({ isOpen: isOpen(one), acting: [] }));
  const answered = clusters.filter(({ refused }) => refused === 0).flatMap(({ past }) => past.filter(isAnswered));
  const mined = mineRules(answered.map((one) => reader.read(one)));
  const proposed = new Map(mined.map(({ compiled, draft }) => [compiled.rule.id, renderDraft(draft)]));
  const after = withRules(
    policy,
    mined.map(({ compiled }) => compiled.rule),
  );
  return ({ past, refused }) => {
    const open = past.filter(isOpen);
    const replay = { calls: past.length, decided_by_now: past.length - open.length, covered: 0 };
    const none = (why: string): GapRule => ({ suggested_rule: null, why_none: why, replay });
    if (past.length === 0) return none("too little of the calls was kept");
    if (open.length === 0) return none("the policy in force decides these by now");
    if (refused > 0) return none("a person refused such calls");
    const allowing =
      mined.length === 0 ? [] : open.map((one) => judged(after, one)).filter(({ decision }) => decision === "allow");
    const rules = new Set(allowing.flatMap(({ ruleIds }) => ruleIds.flatMap((id) => proposed.get(id) ?? [])));
    if (rules.size === 0) return none(whyNone(open, policy));
    return { suggested_rule: [...rules].join("\n"), replay: { ...replay, covered: allowing.length } };
  };
}

function isAnswered(one: GapCall): one is PastCall {
  return one.answer !== null;
}

/** Different calls that are looked at for a reason. */
const LOOKED_AT = 8;

/** What no rule is ever proposed for comes before what nobody has approved often enough yet. */
function whyNone(open: readonly GapCall[], policy: Policy): string {
  const [newest] = open;
  const project = newest?.call.project ?? "";
  if (newest === undefined || project === "") return "the project they were made in is not known";
  const deps = { resolvePath: newest.resolvePath, parseShell: analyzeShell, now: newest.timeMs };
  const own = open.filter(({ call }) => call.project === project).slice(0, LOOKED_AT);
  const calls = own.map(({ call }) => call);
  const found = generaliseCalls(calls, project, policy, deps);
  if (found.kind === "refused") return found.why;
  const drafts = compileDrafts(found.drafts);
  if (drafts === null) return "no sound rule covers them";
  const [danger] = drafts.rules.flatMap((rule) => admittedDangers(drafts, rule, project, deps));
  if (danger !== undefined) return `the rule would also allow \`${danger}\``;
  if (own.every((one) => judged(drafts, one).decision !== "allow")) return "no closed rule covers them";
  const approved = open.filter(({ answer }) => answer === "approved");
  const sessions = new Set(approved.map(({ call }) => call.sessionId)).size;
  const days = new Set(approved.map(({ timeMs }) => Math.floor(timeMs / DAY_MS))).size;
  const { events, sessions: leastSessions, days: leastDays } = THRESHOLDS;
  return `too few approvals yet: ${approved.length} of these in ${sessions} sessions on ${days} days; a rule takes at least ${events} in ${leastSessions} sessions on ${leastDays} days, more where it does more than read`;
}

const DAY_MS = 86_400_000;
