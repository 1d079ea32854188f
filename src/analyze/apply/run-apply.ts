/**
 * A change of rules and settings asked for by a program: parsed, edited into the texts, checked as a whole policy,
 * replayed over the newest calls, and only then written, all of it or nothing. Whatever goes wrong is a coded error.
 */
import { encodeRecord } from "../../core/audit/encode.js";
import type { Problem } from "../../core/policy/policy.js";
import { errorCode } from "../../store/error-code.js";
import type { LoadedPolicy } from "../../store/load-policy.js";
import {
  type Changed,
  changePolicyFiles,
  type FileChange,
  type PolicyChange,
  readPolicyChange,
  readPolicyText,
} from "../../store/policy-change.js";
import { recoverAutoRules } from "../../store/promotion/change-auto-rules.js";
import { type QueryError, QueryFault } from "../query/query-fault.js";
import { type Checked, checkPolicy } from "./check-policy.js";
import { type Done, editTexts } from "./edit-texts.js";
import { type Effect, effectOnHistory } from "./effect-on-history.js";
import { type Asked, parseApply } from "./parse-apply.js";
import { PolicyTexts } from "./policy-texts.js";
import type { ApplyWorld } from "./world.js";

export interface ApplyResult {
  readonly applied: boolean;
  readonly dry_run: boolean;
  /** What `rollback` takes; `null` when nothing was written. */
  readonly rollback_id: string | null;
  /** The copy of the files as they were. */
  readonly backup: string | null;
  readonly operations: readonly Pick<Done, "type" | "rule" | "file">[];
  readonly files: readonly { readonly file: string; readonly diff: string }[];
  readonly validation: { readonly valid: true; readonly warnings: readonly Problem[] };
  /** Over the newest calls of the log; `null` without one. */
  readonly replay: Effect | null;
}

export type ApplyAnswer =
  | { readonly query_time_ms: number; readonly result: ApplyResult }
  | { readonly query_time_ms: number; readonly error: QueryError };

export async function runApply(text: string, world: ApplyWorld, isDryRun: boolean): Promise<ApplyAnswer> {
  const start = world.elapsed();
  const ms = () => Math.round((world.elapsed() - start) * 100) / 100;
  try {
    const asked = parseApply(text);
    if (!isDryRun && world.refusal !== null) {
      throw new QueryFault("writes_refused", world.refusal.message, { hint: world.refusal.hint });
    }
    const result = isDryRun ? await planned(asked, world) : await carriedOut(asked, world);
    return { query_time_ms: ms(), result };
  } catch (error) {
    return { query_time_ms: ms(), error: faultOf(error).value };
  }
}

/** What the file system refused is no fault of ours. */
function faultOf(error: unknown): QueryFault {
  if (error instanceof QueryFault) return error;
  const said = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  if (code === "ELOCKED") {
    return new QueryFault("write_failed", "somebody else is changing these files", { hint: "try again" });
  }
  if (code !== "") return new QueryFault("write_failed", said, { hint: "check the file's permissions and the disk" });
  return new QueryFault("internal_error", said);
}

async function planned(asked: Asked, world: ApplyWorld): Promise<ApplyResult> {
  return resultOf(await plan(asked, world), { dryRun: true, change: null, world });
}

async function carriedOut(asked: Asked, world: ApplyWorld): Promise<ApplyResult> {
  const { locations, cwd } = world;
  await recoverAutoRules(locations);
  const files = filesOf(world.load(cwd));
  let made: Plan | null = null;
  const answer = await changePolicyFiles<Plan>(
    locations,
    files,
    async () => {
      made = await plan(asked, world);
      return made.files.length === 0 ? made : changeOf(made, world);
    },
    (one): one is PolicyChange => "timestamp" in one,
  );
  if (made === null) throw new QueryFault("internal_error", "no plan was made");
  if (!isChanged(answer)) return resultOf(answer, { dryRun: false, change: null, world });
  if (answer.kind === "failed") {
    const hint = "nothing was changed; check the file's permissions and the disk";
    throw new QueryFault("write_failed", `cannot write \`${answer.path}\`: ${answer.code}`, { hint });
  }
  const after = world.load(cwd);
  if (after.policy.state === "ok") world.noteInForce(after);
  return resultOf(made, { dryRun: false, change: answer.change, world });
}

function isChanged(answer: Plan | Changed): answer is Changed {
  return "kind" in answer;
}

/** What would be done. */
interface Plan {
  readonly done: readonly Done[];
  readonly files: readonly FileChange[];
  readonly before: LoadedPolicy;
  readonly after: LoadedPolicy;
  readonly checked: Checked;
  readonly replay: Effect | null;
  readonly reason: string;
}

async function plan(asked: Asked, world: ApplyWorld): Promise<Plan> {
  const before = world.load(world.cwd);
  const { done, files } =
    asked.kind === "rollback" ? rolledBack(asked.rollback.id, world) : edited(asked, before, world);
  const instead = new Map(files.map(({ file, after }) => [file, after ?? ""]));
  const after = world.load(world.cwd, instead);
  const checked = checkPolicy(after, before, world.now());
  const [error] = checked.errors;
  if (error !== undefined) {
    throw new QueryFault("validation_failed", `the policy would not be valid: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: checked.errors,
    });
  }
  const policies = (texts: ReadonlyMap<string, string> | undefined) => {
    const known = new Map<string, LoadedPolicy>();
    return (project: string) => {
      const folder = project === "" ? world.cwd : project;
      const loaded = known.get(folder) ?? world.load(folder, texts);
      known.set(folder, loaded);
      return loaded.policy;
    };
  };
  const replay =
    files.length === 0 ? null : effectOnHistory(await world.openLog(), policies(undefined), policies(instead));
  const reason = asked.kind === "rollback" ? (asked.rollback.reason ?? "") : (asked.reason ?? "");
  return { done, files, before, after, checked, replay, reason };
}

function edited(
  asked: Extract<Asked, { kind: "operations" }>,
  before: LoadedPolicy,
  world: ApplyWorld,
): Pick<Plan, "done" | "files"> {
  const texts = new PolicyTexts(world.locations, before);
  const done = editTexts(texts, asked.operations, world.cwd);
  return { done, files: texts.changed };
}

/** The files back to the bytes they had; not when somebody changed them since, whose work would be lost. */
function rolledBack(id: string, { locations }: ApplyWorld): { done: readonly Done[]; files: readonly FileChange[] } {
  const change = readPolicyChange(locations.state, id);
  if (change === null) throw new QueryFault("invalid_query", `there is no change \`${id}\``, { path: "id" });
  for (const { file, after } of change.files) {
    if (readPolicyText(file) === after) continue;
    throw new QueryFault("invalid_query", `\`${file}\` was changed again since \`${id}\``, {
      path: "id",
      hint: "roll back the later change first, or edit the file",
    });
  }
  return {
    done: change.files.map(({ file }) => ({ type: "rollback", rule: id, file, event: "rolled_back" })),
    files: change.files.map(({ file, before, after }) => ({ file, before: after, after: before })),
  };
}

function changeOf({ done, files, before, after, reason }: Plan, world: ApplyWorld): PolicyChange {
  const nowMs = world.now();
  const id = world.newId(nowMs);
  const timestamp = new Date(nowMs).toISOString();
  const why = (one: Done) => one.reason ?? reason;
  const history = done.map((one, index) => ({
    id: `${id}-${index}`,
    timestamp,
    event: one.event,
    rule: one.rule,
    by: "apply",
    ...(why(one) === "" ? {} : { reason: why(one) }),
    file: one.file,
  }));
  const line = encodeRecord({
    v: 1,
    id,
    timestamp,
    event: "policy_changed",
    session_id: "",
    policy_hash: after.policy.hash,
    engine_version: world.engine,
    project: after.project.root,
    reason: `was ${before.policy.hash}`,
    auto_promoted: false,
  });
  return { id, timestamp, files, history, line };
}

interface Outcome {
  readonly dryRun: boolean;
  readonly change: PolicyChange | null;
  readonly world: ApplyWorld;
}

function resultOf({ done, files, checked, replay }: Plan, { dryRun, change, world }: Outcome): ApplyResult {
  const diffs = files.map(({ file, before, after }) => ({ file, diff: world.diff(file, before, after) }));
  return {
    applied: change !== null,
    dry_run: dryRun,
    rollback_id: change?.id ?? null,
    backup: change === null ? null : `${world.locations.state}/changes/${change.id}.json`,
    operations: done.map(({ type, rule, file }) => ({ type, rule, file })),
    files: diffs,
    validation: { valid: true, warnings: checked.warnings },
    replay,
  };
}

function filesOf({ sources }: LoadedPolicy): readonly string[] {
  return sources
    .filter(({ layer }) => layer === "user" || layer === "auto" || layer === "config")
    .map(({ file }) => file);
}
