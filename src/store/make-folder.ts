/**
 * Making a folder with all that is missing above it. In place of `mkdirSync`'s `recursive`, which never comes back
 * where the system says of each new folder that it does not exist (`/proc`): a hook must never hang.
 */
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Private to the user (0700). Throws what the system says; a folder that is there is fine. */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !isThere(folder); folder = dirname(folder)) {
    missing.push(folder);
    if (dirname(folder) === folder) break;
  }
  for (const folder of missing.reverse()) makeOne(folder);
}

/** Another process may have been quicker. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isThere(folder)) throw error;
  }
}

function isThere(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false }) !== undefined;
}
