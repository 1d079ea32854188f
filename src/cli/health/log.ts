/** Is there a log, is it being written, can it be read, and are its times of this world? */
import { ageOf } from "./age.js";
import type { Look } from "./check.js";

const AHEAD_MS = 600_000;

export const lookAtLog: Look = ({ io, log, sources }) => {
  const why = "reports have nothing to read";
  const isRegistered = sources.some(({ ours }) => ours.length > 0);
  const fix = `${isRegistered ? "use Claude Code" : "claude-permit init"}, or: claude-permit import transcripts`;
  if (log.kind !== "read") {
    const isMissing = log.kind === "missing";
    return { state: isMissing ? "note" : "bad", found: log.message, why, fix: isMissing ? fix : "make it readable" };
  }
  if (log.newest === null) return { state: "note", found: "no record yet", why, fix };
  const { record, timeMs } = log.newest;
  const size = `${(log.bytes / 1e6).toFixed(1)} MB in ${log.files} files`;
  return {
    state: "good",
    found: `${size}, last record ${ageOf(io.now() - timeMs)} (${record.event}, ${record.timestamp})`,
  };
};

export const lookAtLines: Look = ({ log }) => {
  if (log.kind !== "read" || log.badLines === 0) return null;
  const found = `${log.badLines} of the last ${log.lines} lines are of no use; the newest: ${log.firstBad}`;
  return {
    state: "note",
    found,
    why: "they are left out of every report, and counted there",
    fix: "claude-permit analyze --section quality",
  };
};

export const lookAtClock: Look = ({ io, log }) => {
  if (log.kind !== "read" || log.latestMs <= io.now() + AHEAD_MS) return null;
  const found = `a record is from the future: ${new Date(log.latestMs).toISOString()}`;
  return { state: "bad", found, why: "a clock is or was wrong, and windows of time with it", fix: "set the clock" };
};
