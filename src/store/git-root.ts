/**
 * Which project a folder belongs to: the nearest folder above it with a `.git`, else the folder itself. Reads nothing
 * but whether `.git` is there, and never asks git, whose configuration a repository controls.
 */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, sep } from "node:path";

/** Nearest folder at or above `cwd` (absolute) that holds `.git` (folder, or file in a worktree); `null` when none does. */
export function gitRoot(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(`${folder}${sep}.git`)) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** Root of the project, "" when it cannot be known; the file system's root is no project. */
export function projectOf(cwd: string): string {
  if (!isAbsolute(cwd)) return "";
  const root = gitRoot(cwd) ?? cwd;
  return dirname(root) === root ? "" : root;
}
