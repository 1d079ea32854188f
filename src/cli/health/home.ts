/** Is the home there, writable, and closed to everyone else? */
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Look } from "./check.js";

const OPEN_TO_OTHERS = 0o077;

export const lookAtHome: Look = ({ where: { home, state } }) => {
  const stat = statSync(home, { throwIfNoEntry: false });
  if (stat === undefined) {
    return { state: "note", found: `${home} does not exist yet`, why: "nothing was recorded or configured so far" };
  }
  if (!stat.isDirectory()) {
    return {
      state: "bad",
      found: `${home} is no folder`,
      why: "no record can be written",
      fix: `mv '${home}' '${home}.old'`,
    };
  }
  const open = process.platform === "win32" ? [] : [home, ...filesIn(home), ...filesIn(state)].filter(isOpen);
  if (open.length > 0) {
    const why = "the log holds your commands, and the policy decides over them; other users of this machine reach them";
    const more = open.length > 1 ? ` and ${open.length - 1} more` : "";
    return { state: "bad", found: `${open[0]}${more} open to others`, why, fix: `chmod -R go= '${home}'` };
  }
  if (!isWritable(home)) {
    const why = "decisions go out, but no record of them can be written";
    return { state: "bad", found: `${home} cannot be written`, why, fix: `chmod u+rwx '${home}'` };
  }
  return { state: "good", found: home };
};

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function isOpen(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & OPEN_TO_OTHERS) !== 0;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
