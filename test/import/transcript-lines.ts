/** Transcript lines as Claude Code writes them, for tests that say only what they are about. */
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

type Fields = Readonly<Record<string, unknown>>;

const COMMON = { sessionId: "s1", cwd: "/work/app", version: "2.1.329", isSidechain: false, userType: "external" };

const T0 = Date.parse("2026-11-02T08:00:00.000Z");

/** `seconds` after T0. */
export function at(seconds: number): string {
  return new Date(T0 + seconds * 1000).toISOString();
}

export function callLine(seconds: number, id: string, name: string, input: Fields, more: Fields = {}): Fields {
  const message = { role: "assistant", content: [{ type: "tool_use", id, name, input }] };
  return { ...COMMON, type: "assistant", timestamp: at(seconds), message, ...more };
}

export function resultLine(seconds: number, id: string, content: unknown, more: Fields = {}): Fields {
  const { is_error, ...top } = more;
  const block = { type: "tool_result", tool_use_id: id, content, ...(is_error === undefined ? {} : { is_error }) };
  return { ...COMMON, type: "user", timestamp: at(seconds), message: { role: "user", content: [block] }, ...top };
}

export function promptLine(seconds: number, more: Fields = {}): Fields {
  return { ...COMMON, type: "user", timestamp: at(seconds), message: { role: "user", content: "my prompt" }, ...more };
}

function asText(lines: readonly (Fields | string)[]): string {
  return lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
}

/** A projects folder with these files (path below it -> lines), each one second older than the next. */
export function projectsFolder(files: Readonly<Record<string, readonly (Fields | string)[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), "transcripts-"));
  Object.entries(files).forEach(([path, lines], index) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, asText(lines));
    utimesSync(file, T0 / 1000 + index, T0 / 1000 + index);
  });
  return folder;
}
