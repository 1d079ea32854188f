/**
 * The one way auto-rules.toml is changed: under a lock, the change written down first (`state/auto-rules.change.json`),
 * then told in the history, then made, then told in the log. It checks that what it writes is a sound policy file; what
 * a change may be is decided by its callers.
 * INVARIANT: at every instant the file is valid, and the history tells of every rule in it; what was interrupted is
 * finished by the next change.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { formatProblem } from "../../core/errors.js";
import { parsePolicyFile } from "../../core/policy/parse-policy-file.js";
import type { FileRule, PolicyFile } from "../../core/policy/policy-file.js";
import { appendLine } from "../append.js";
import { errorCode } from "../error-code.js";
import type { Locations } from "../locations.js";
import { withLock } from "../lock.js";
import { addNotice } from "../notices.js";
import { readTail } from "../read-tail.js";
import { writeAtomic } from "../write-atomic.js";
import { appendRuleChange, type RuleChange, tellsOf } from "./rule-history.js";

export interface PlannedChange {
  /** The whole file afterwards. */
  readonly text: string;
  readonly change: RuleChange;
  /** Line of the log that tells of it, with its line end; `change.id` is its id. "" for none. */
  readonly line: string;
  /** What the user is told at the next chance, "" for nothing. */
  readonly notice: string;
}

export type ChangePlan =
  | { readonly kind: "change"; readonly planned: PlannedChange }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string };

export type ChangeResult =
  | { readonly kind: "changed"; readonly change: RuleChange }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string };

/** The file as it is under the lock: its text, and what it says. */
export interface AutoRules {
  readonly text: string;
  /** Disabled rules too. */
  readonly rules: readonly FileRule[];
}

type Places = Pick<Locations, "autoRules" | "history" | "audit" | "state" | "claudeDir">;

/** `who`: a hook gives up at once when the lock is taken. Codes: `locked`, `unsound`, `cannot-write`, and those of `plan`. */
export async function changeAutoRules(
  places: Places,
  plan: (current: AutoRules) => ChangePlan,
  who: "command" | "hook" = "command",
): Promise<ChangeResult> {
  try {
    return await withLock(places.autoRules, () => changeLocked(places, plan), who);
  } catch (error) {
    const code = errorCode(error);
    return refused(code === "ELOCKED" ? "locked" : "cannot-write", `${places.autoRules}: ${code}`);
  }
}

/** The rules of the file as it is, disabled ones too; none when it is absent or not sound. */
export function readAutoRules(places: Places): readonly FileRule[] {
  const parsed = parse(places, readText(places.autoRules));
  return parsed.kind === "file" ? parsed.file.rules : [];
}

/** Finishes what a killed process began; nothing happens when nothing was. */
export async function recoverAutoRules(places: Places): Promise<void> {
  if (readIntent(places) === null) return;
  await changeAutoRules(places, () => ({ kind: "refused", code: "nothing", detail: "" }));
}

function changeLocked(places: Places, plan: (current: AutoRules) => ChangePlan): ChangeResult {
  finishInterrupted(places);
  const text = readText(places.autoRules);
  const before = parse(places, text);
  if (before.kind === "refused") return before;
  const found = plan({ text, rules: before.file.rules });
  if (found.kind === "refused") return found;
  const { planned } = found;
  const after = parse(places, planned.text);
  if (after.kind === "refused") return after;
  const intent: Intent = { ...planned, before: text };
  const fault = writeAtomic(intentPath(places), JSON.stringify(intent), true);
  if (fault !== null) return refused("cannot-write", `${fault.path}: ${fault.code}`);
  return carryOut(places, intent);
}

interface Intent extends PlannedChange {
  /** The whole file as it was. */
  readonly before: string;
}

/** Every step can be done again, so that an interrupted change is finished by doing it all. */
function carryOut(places: Places, intent: Intent): ChangeResult {
  const { change, text, line, notice } = intent;
  const { autoRules, history, audit, state } = places;
  if (!tellsOf(history, change.id)) {
    const code = appendRuleChange(history, change);
    if (code !== null) return abandon(places, `${history}: ${code}`);
  }
  if (readText(autoRules) !== text) {
    const fault = writeAtomic(autoRules, text, true);
    if (fault !== null) return undo(places, intent, `${fault.path}: ${fault.code}`);
  }
  // A log that cannot be written does not stop the change: `status` finds the cause, and the history has it.
  if (line !== "" && !tailHolds(audit, change.id)) appendLine(audit, line);
  if (notice !== "") addNotice(state, notice);
  rmSync(intentPath(places), { force: true });
  return { kind: "changed", change };
}

function finishInterrupted(places: Places): void {
  const intent = readIntent(places);
  if (intent === null) return;
  const now = readText(places.autoRules);
  // Edited by hand since: whatever the user left there stands.
  if (now !== intent.before && now !== intent.text) undo(places, intent, "it was interrupted, and the file was edited");
  else carryOut(places, intent);
}

function abandon(places: Places, detail: string): ChangeResult {
  rmSync(intentPath(places), { force: true });
  return refused("cannot-write", detail);
}

/** The history has told of a change that was not made: it also tells that. */
function undo(places: Places, { change }: Intent, detail: string): ChangeResult {
  const reason = `not done: ${detail}`;
  if (tellsOf(places.history, change.id)) {
    appendRuleChange(places.history, { ...change, id: `${change.id}-undone`, event: "rolled_back", reason });
  }
  return abandon(places, detail);
}

type Parsed =
  | { readonly kind: "file"; readonly file: PolicyFile }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string };

function parse({ autoRules, claudeDir }: Places, text: string): Parsed {
  const origin = { file: autoRules, layer: "auto", baseFolder: claudeDir, trusted: true } as const;
  const { policyFile, problems } = parsePolicyFile(text, origin);
  const error = problems.find(({ severity }) => severity === "error");
  if (policyFile === null || error !== undefined) {
    return refused("unsound", error === undefined ? "it cannot be read" : formatProblem(error));
  }
  return { kind: "file", file: policyFile };
}

function refused(code: string, detail: string): Extract<ChangeResult, { kind: "refused" }> {
  return { kind: "refused", code, detail };
}

function intentPath({ state }: Places): string {
  return join(state, "auto-rules.change.json");
}

function readIntent(places: Places): Intent | null {
  try {
    const value: unknown = JSON.parse(readFileSync(intentPath(places), "utf8"));
    return isIntent(value) ? value : null;
  } catch {
    return null;
  }
}

/** Written whole by this module or not at all, so its parts are taken as they are. */
function isIntent(value: unknown): value is Intent {
  if (typeof value !== "object" || value === null || !("change" in value)) return false;
  const { change } = value;
  const texts = ["text", "before", "line", "notice"].every(
    (key) => typeof Object.getOwnPropertyDescriptor(value, key)?.value === "string",
  );
  return texts && typeof change === "object" && change !== null && "id" in change && typeof change.id === "string";
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw error;
  }
}

const TAIL_BYTES = 1 << 20;

/** Only asked after an interruption, when the line is among the newest or nowhere. */
function tailHolds(path: string, id: string): boolean {
  return readTail(path, TAIL_BYTES).includes(`"id":"${id}"`);
}
