/**
 * What one session decided so far, as one letter a decision in a file of its own: an append needs no lock, so parallel
 * hooks lose nothing, and the Stop event reads a few bytes instead of the log. Not a record: losing it costs a line of text.
 */
import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Decision } from "../core/decision.js";

/** `S`: a summary was shown here; letters after it are news. */
const LETTERS: Readonly<Record<Decision, string>> = {
  allow: "a",
  rerouted: "r",
  ask: "k",
  deny: "d",
  passthrough: "p",
  error_passthrough: "e",
};
const SHOWN = "S";

export type Tally = Readonly<Record<Decision, number>>;

export interface SessionTally {
  /** The whole session. */
  readonly all: Tally;
  /** Since the last summary. */
  readonly fresh: Tally;
}

export function addToTally(state: string, sessionId: string, decision: Decision): void {
  append(state, sessionId, LETTERS[decision]);
}

export function markShown(state: string, sessionId: string): void {
  append(state, sessionId, SHOWN);
}

/** `null` when the session decided nothing that is known. */
export function readTally(state: string, sessionId: string): SessionTally | null {
  try {
    const letters = readFileSync(tallyPath(state, sessionId), "latin1");
    return { all: count(letters), fresh: count(letters.slice(letters.lastIndexOf(SHOWN) + 1)) };
  } catch {
    return null;
  }
}

export function removeTally(state: string, sessionId: string): void {
  try {
    rmSync(tallyPath(state, sessionId), { force: true });
  } catch {
    // Left behind in a read-only home.
  }
}

function append(state: string, sessionId: string, letter: string): void {
  const path = tallyPath(state, sessionId);
  try {
    appendFileSync(path, letter, { mode: 0o600 });
  } catch {
    try {
      mkdirSync(join(state, "sessions"), { recursive: true, mode: 0o700 });
      appendFileSync(path, letter, { mode: 0o600 });
    } catch {
      // The decision never waits for a tally.
    }
  }
}

/** Session ids come from outside: whatever is no plain name is folded, so it cannot lead elsewhere. */
function tallyPath(state: string, sessionId: string): string {
  return join(state, "sessions", sessionId.replace(/[^A-Za-z0-9-]/g, "_").slice(0, 100) || "_");
}

function count(letters: string): Tally {
  const of = (decision: Decision): number => letters.split(LETTERS[decision]).length - 1;
  return {
    allow: of("allow"),
    rerouted: of("rerouted"),
    ask: of("ask"),
    deny: of("deny"),
    passthrough: of("passthrough"),
    error_passthrough: of("error_passthrough"),
  };
}
