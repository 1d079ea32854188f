/** Is what was to be shipped shipped: how much waits, since when, and what was lost on the way? */
import { statSync } from "node:fs";
import { keptImports } from "../../analyze/ship/ship-logs.js";
import { listSegments } from "../../store/segments.js";
import { readCursors } from "../../store/ship/cursor.js";
import type { Cursor } from "../../store/ship/cursor.schema.js";
import { ageOf } from "./age.js";
import type { Look } from "./check.js";

/** A timer that is late by this much does not run. */
const LATE_MS = 24 * 60 * 60_000;

/** Not used for so long while another one was. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60_000;

/** Nothing to say where nothing was ever shipped. */
export const lookAtShipping: Look = ({ io, where: { home, state } }) => {
  const reads = readCursors(state);
  const broken = reads.find((read) => read.kind === "failed");
  if (broken?.kind === "failed") {
    return {
      state: "bad",
      found: `${broken.path}: ${broken.why}`,
      why: "nothing is shipped",
      fix: "move the file away; rows that arrived before are not counted twice",
    };
  }
  const cursors = inUse(reads.flatMap((read) => (read.kind === "cursor" ? [read.cursor] : [])));
  if (cursors.length === 0) return null;
  const waiting = cursors.map((cursor) => ({ cursor, bytes: waitingBytes(home, cursor) }));
  const kept = keptImports(home).files > 0 ? "; imports are not shipped" : "";
  const found = waiting.map(({ cursor, bytes }) => told(cursor, bytes, io.now())).join("; ") + kept;
  const lost = cursors.find((cursor) => cursor.lost.bytes > 0 || cursor.rejected > 0);
  const failing = cursors.find(({ failure }) => failure !== null)?.failure;
  if (failing !== undefined && failing !== null) {
    return {
      state: "note",
      found,
      why: `${failing.times} failures in a row, the last: ${failing.message}; nothing is lost while the log stays`,
      fix: "claude-permit ship",
    };
  }
  const late = waiting.find(({ cursor, bytes }) => bytes > 0 && io.now() - (cursor.shipped.at ?? 0) > LATE_MS);
  if (late !== undefined) return { state: "note", found, why: "no timer ships it any more", fix: "claude-permit ship" };
  if (lost === undefined) return { state: "good", found };
  return {
    state: "note",
    found,
    why: "the fleet's reports miss it",
    fix: "claude-permit analyze, here, has all of it",
  };
};

/** Endpoints that were given up, or never were one, must not be told of for ever. */
function inUse(cursors: readonly Cursor[]): readonly Cursor[] {
  const shipped = cursors.filter((cursor) => cursor.shipped.at !== null);
  const told = shipped.length > 0 ? shipped : cursors;
  const usedAt = ({ shipped: { at }, failure }: Cursor) => Math.max(at ?? 0, failure?.at ?? 0);
  const newest = Math.max(...told.map(usedAt));
  return told.filter((cursor) => newest - usedAt(cursor) < FORGOTTEN_MS);
}

function told(cursor: Cursor, bytes: number, now: number): string {
  const { shipped, lost, rejected, endpoint } = cursor;
  const last = shipped.at === null ? "nothing shipped yet" : `shipped ${ageOf(now - shipped.at)}`;
  const gone = lost.bytes > 0 ? `, LOST: ${lost.bytes} bytes given up (${lost.lines} lines known)` : "";
  const thrown = rejected > 0 ? `, LOST: ${rejected} rows thrown away by the endpoint` : "";
  return `${endpoint}: ${last}, ${bytes} bytes of log wait${gone}${thrown}`;
}

/** What the cursor knows of, and what the active log grew by since; rotated logs it has not met count whole. */
function waitingBytes(home: string, { logs }: Cursor): number {
  const known = new Map(logs.map((entry) => [entry.name, entry]));
  return segmentsOf(home).reduce((sum, { file, size, isCompressed }) => {
    const entry = known.get(file.replace(/^.*[\\/]/, "").replace(/\.gz$/, ""));
    if (entry?.isWhole === true) return sum;
    const bytes = isCompressed ? (entry?.seen ?? size) : size;
    return sum + Math.max(0, bytes - (entry?.sent ?? 0));
  }, 0);
}

function segmentsOf(home: string): ReturnType<typeof listSegments> {
  if (statSync(home, { throwIfNoEntry: false }) === undefined) return [];
  return listSegments(home).filter(({ kind }) => kind === "active" || kind === "rotated");
}
