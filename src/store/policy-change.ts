/**
 * Changes of the user's policy files as one step: the texts before and after are written down first
 * (`state/changes/<id>.json`), then every file is replaced, then the history and the log tell of it. What was written
 * down is also the backup that a rollback reads. What a change may be is decided by its callers.
 * INVARIANT: each file is the old or the new one at every instant, and what was interrupted is finished by the next
 * change, all of it.
 */
import { readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { appendLine } from "./append.js";
import { errorCode } from "./error-code.js";
import type { Locations } from "./locations.js";
import { withLock } from "./lock.js";
import { appendRuleChange, type RuleChange, tellsOf } from "./promotion/rule-history.js";
import { readTail } from "./read-tail.js";
import { writeAtomic } from "./write-atomic.js";

export interface FileChange {
  readonly file: string;
  /** `null`: there is no file. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface PolicyChange {
  /** Names the change, and its rollback. */
  readonly id: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly files: readonly FileChange[];
  readonly history: readonly RuleChange[];
  /** The line of the log that tells of it, with its line end. */
  readonly line: string;
}

export type Changed =
  | { readonly kind: "changed"; readonly change: PolicyChange }
  | { readonly kind: "failed"; readonly code: string; readonly path: string };

type Places = Pick<Locations, "home" | "history" | "audit" | "state">;

/** Runs `plan` while nobody else changes these files; it reads them, and gives the change to make or another answer. */
export async function changePolicyFiles<T>(
  places: Places,
  files: readonly string[],
  plan: () => T | PolicyChange | Promise<T | PolicyChange>,
  isChange: (answer: T | PolicyChange) => answer is PolicyChange,
): Promise<T | Changed> {
  const all = [join(places.state, "changes"), ...new Set(files.map(realPath))].sort();
  const locked = (index: number): Promise<T | Changed> => {
    const path = all[index];
    if (path !== undefined) return withLock(path, () => locked(index + 1));
    return changeLocked(places, plan, isChange);
  };
  return locked(0);
}

/** What a change was, `null` when no change has this id. */
export function readPolicyChange(state: string, id: string): PolicyChange | null {
  return readChange(changePath(state, id));
}

/** A file's text; `null` when there is none. Throws when it cannot be read. */
export function readPolicyText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

async function changeLocked<T>(
  places: Places,
  plan: () => T | PolicyChange | Promise<T | PolicyChange>,
  isChange: (answer: T | PolicyChange) => answer is PolicyChange,
): Promise<T | Changed> {
  finishInterrupted(places);
  const answer = await plan();
  if (!isChange(answer)) return answer;
  const text = JSON.stringify(answer);
  for (const path of [changePath(places.state, answer.id), intentPath(places)]) {
    const fault = writeAtomic(path, text, true);
    if (fault !== null) return { kind: "failed", code: fault.code, path };
  }
  return carryOut(places, answer, false);
}

/** Every step can be done again. A file that cannot be written takes back those that were. */
function carryOut(places: Places, change: PolicyChange, isRepeated: boolean): Changed {
  for (const [index, { file, after }] of change.files.entries()) {
    const code = replace(file, after);
    if (code === null) continue;
    for (const { file: done, before } of change.files.slice(0, index)) replace(done, before);
    rmSync(intentPath(places), { force: true });
    rmSync(changePath(places.state, change.id), { force: true });
    return { kind: "failed", code, path: file };
  }
  for (const one of change.history) if (!tellsOf(places.history, one.id)) appendRuleChange(places.history, one);
  // A log that cannot be written does not stop the change: `status` finds the cause, and the history has it.
  if (!isRepeated || !isLogged(places.audit, change.id)) appendLine(places.audit, change.line);
  rmSync(intentPath(places), { force: true });
  return { kind: "changed", change };
}

/** Where a file was edited by hand since, the user's text stands, and so does the rest as it is. */
function finishInterrupted(places: Places): void {
  const change = readChange(intentPath(places));
  if (change === null) return;
  const isOurs = change.files.every(({ file, before, after }) => [before, after].includes(readPolicyText(file)));
  if (isOurs) carryOut(places, change, true);
  else rmSync(intentPath(places), { force: true });
}

/** Bytes of the log that are searched for the line of an interrupted change: days of it. */
const TAIL_BYTES = 16 << 20;

function isLogged(audit: string, id: string): boolean {
  return readTail(audit, TAIL_BYTES).includes(`"id":${JSON.stringify(id)}`);
}

function replace(file: string, text: string | null): string | null {
  try {
    if (text === null) {
      rmSync(file, { force: true });
      return null;
    }
    const target = realPath(file);
    return writeAtomic(target, text, true, modeOf(target))?.code ?? null;
  } catch (error) {
    return errorCode(error);
  }
}

/** Through links: a config that lives elsewhere stays there. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function modeOf(file: string): number {
  try {
    return statSync(file).mode & 0o777;
  } catch {
    return 0o600;
  }
}

function changePath(state: string, id: string): string {
  return join(state, "changes", `${basename(id)}.json`);
}

function intentPath({ state }: Places): string {
  return join(state, "changes", "begun.json");
}

/** Written whole by this module or not at all, so its parts are taken as they are. */
function readChange(path: string): PolicyChange | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isChangeValue(value) ? value : null;
  } catch {
    return null;
  }
}

function isChangeValue(value: unknown): value is PolicyChange {
  if (typeof value !== "object" || value === null) return false;
  return "id" in value && "files" in value && Array.isArray(value.files) && "history" in value && "line" in value;
}
