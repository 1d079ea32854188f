/**
 * Things the user must hear once (a broken config, a promotion, an untrusted project file): left in a file by whoever
 * notices, taken by the next hook event that can show text. Taking is a rename, so of many hooks exactly one shows it.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, sep } from "node:path";
import { makeFolder } from "./make-folder.js";

/** Characters of all notices shown at once; Claude Code spills more than 10,000 to a file. */
const MAX_SHOWN = 4_000;

/** Plain text: the hook asks for it at every call, and `join` costs a cold process more than the rest of it. */
function waitingPath(state: string): string {
  return `${state}${sep}notices.jsonl`;
}

/** One notice, one line; nothing happens when it cannot be left. */
export function addNotice(state: string, text: string): void {
  try {
    makeFolder(state);
    appendFileSync(waitingPath(state), `${JSON.stringify(text)}\n`, { mode: 0o600 });
  } catch {
    // `status` finds the cause itself; the decision never waits for a notice.
  }
}

/** Whether anything waits: the one question of every call. */
export function hasNotices(state: string): boolean {
  return existsSync(waitingPath(state));
}

/** All waiting notices, each once, and forgets them; empty most of the time. */
export function takeNotices(state: string): readonly string[] {
  const waiting = waitingPath(state);
  if (!existsSync(waiting)) return [];
  const taken = join(state, `notices-${process.pid}.jsonl`);
  try {
    renameSync(waiting, taken);
    const lines = readFileSync(taken, "utf8").split("\n");
    rmSync(taken, { force: true });
    return [...new Set(lines.flatMap(parseNotice))];
  } catch {
    return [];
  }
}

/** The same, but leaves them waiting. */
export function waitingNotices(state: string): readonly string[] {
  try {
    return [...new Set(readFileSync(waitingPath(state), "utf8").split("\n").flatMap(parseNotice))];
  } catch {
    return [];
  }
}

/** The notices as one text of bounded length. */
export function joinNotices(notices: readonly string[]): string {
  const text = notices.join("\n");
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN).toWellFormed()} … (more: claude-permit status)`;
}

function parseNotice(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" ? [value] : [];
  } catch {
    return [];
  }
}
