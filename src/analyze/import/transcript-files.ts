/**
 * Finds transcript files: every `.jsonl` below Claude Code's projects folder, or the files and folders a person names.
 * It only lists; a path that does not exist is an answer, not a crash. Symbolic links are not followed below a folder,
 * so a link cannot lead out of it or in circles.
 */
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { errorCode } from "../../store/error-code.js";

export interface TranscriptFile {
  readonly path: string;
  readonly bytes: number;
  /** Session id by file name; lines may name another one. */
  readonly sessionId: string;
}

export interface FoundTranscripts {
  readonly files: readonly TranscriptFile[];
  /** Named paths that are not there or cannot be read, with the system's code (`ENOENT`). */
  readonly missing: readonly { readonly path: string; readonly code: string }[];
}

/**
 * Oldest first, so that of a session and its resumed copy the original is read first; main files before their
 * subagents' files of the same age.
 */
export function findTranscripts(paths: readonly string[]): FoundTranscripts {
  const files = new Map<string, TranscriptFile & { readonly modifiedMs: number }>();
  const missing: { path: string; code: string }[] = [];
  for (const path of paths) {
    try {
      const found = statSync(path).isDirectory() ? filesBelow(path) : [path];
      for (const file of found) {
        const stat = statSync(file);
        files.set(file, { path: file, bytes: stat.size, sessionId: sessionOf(file), modifiedMs: stat.mtimeMs });
      }
    } catch (error) {
      missing.push({ path, code: errorCode(error) });
    }
  }
  const ordered = [...files.values()].sort(
    (a, b) => a.modifiedMs - b.modifiedMs || a.path.length - b.path.length || (a.path < b.path ? -1 : 1),
  );
  return { files: ordered, missing };
}

/** `<config dir>/projects`. */
export function projectsFolder(claudeConfigFolder: string): string {
  return join(claudeConfigFolder, "projects");
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** `projects/<slug>/<session>/subagents/agent-<id>.jsonl` belongs to the session named by the folder. */
function sessionOf(file: string): string {
  const inSubagents = /[\\/]([^\\/]+)[\\/]subagents[\\/][^\\/]+$/.exec(file)?.[1];
  return inSubagents ?? basename(file, ".jsonl");
}
