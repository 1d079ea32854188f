/** What the hook leaves and needs on this machine: its compiled policy, space on disk, notices nobody has seen yet. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { readCompiled } from "../../store/compiled-policy.js";
import { projectOf } from "../../store/git-root.js";
import { waitingNotices } from "../../store/notices.js";
import { HOOK_PROGRAM } from "../own-files.js";
import { VERSION } from "../version.js";
import type { Look } from "./check.js";

const MEBIBYTE = 1 << 20;
const LOW_MB = 200;
const FULL_MB = 5;

/** Compiling anew is no fault: it happens by itself at the first call after a change. */
export const lookAtCompiled: Look = ({ io, hookWhere, loaded }) => {
  if (loaded.policy.state === "broken") return null;
  const programFolder = dirname(HOOK_PROGRAM);
  const compiled = readCompiled(
    { locations: hookWhere, project: projectOf(io.cwd), engine: VERSION, programFolder },
    "",
  );
  return { state: "good", found: compiled === null ? "compiled anew at the next call here" : "current" };
};

export const lookAtDisk: Look = ({ where: { home } }) => {
  const free = freeMegabytes(home);
  if (free === null) return null;
  const found = `${free} MB left`;
  if (free >= LOW_MB) return { state: "good", found };
  const why = free < FULL_MB ? "records cannot be written" : "the log grows, and soon no record can be written";
  return { state: free < FULL_MB ? "bad" : "note", found, why, fix: `make room where ${home} is` };
};

export const lookAtNotices: Look = ({ where: { state } }) => {
  const waiting = waitingNotices(state);
  const [first] = waiting;
  if (first === undefined) return null;
  const more = waiting.length > 1 ? ` (and ${waiting.length - 1} more)` : "";
  return {
    state: "note",
    found: `${first}${more}`,
    why: "Claude Code shows it at the next turn of an attended session",
  };
};

/** Of the nearest folder that exists. */
function freeMegabytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return Math.floor((bavail * bsize) / MEBIBYTE);
  } catch {
    return dirname(path) === path ? null : freeMegabytes(dirname(path));
  }
}
