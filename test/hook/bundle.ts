/** The built hook, started as Claude Code starts it. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildHook } from "../../scripts/build-hook.mjs";
import type { Place } from "../store/temporary.js";

export interface Started {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until SIGTERM. */
  readonly terminateAfter?: number;
  /** SIGTERM as soon as this holds. */
  readonly terminateWhen?: () => boolean;
  /** Milliseconds until SIGKILL. */
  readonly killAfter?: number;
  readonly closeStdout?: boolean;
  readonly cwd?: string;
  /** Another copy of the built hook. */
  readonly program?: string;
}

export interface Bundle {
  readonly folder: () => string;
  readonly start: (place: Place, event: object | string | Buffer, options?: StartOptions) => Promise<Started>;
}

/** Builds the hook once for a test file. */
export function builtHook(): Bundle {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "claude-permit-hook-"));
    await buildHook(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder: () => folder,
    start: (place, event, options = {}) => start(options.program ?? join(folder, "hook.cjs"), place, event, options),
  };
}

function start(
  file: string,
  place: Place,
  event: object | string | Buffer,
  { args, env, terminateAfter, terminateWhen, killAfter, closeStdout = false, cwd = place.project }: StartOptions,
): Promise<Started> {
  const child = spawn(process.execPath, [file, ...(args ?? ["--home", place.home])], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: place.osHome, CLAUDE_CODE_SESSION_ATTENDED: "1", ...env },
  });
  const text = typeof event === "string" || Buffer.isBuffer(event) ? event : JSON.stringify(event);
  if (closeStdout) child.stdout.destroy();
  child.stdin.on("error", () => {});
  child.stdin.end(text);
  if (terminateAfter !== undefined) setTimeout(() => child.kill("SIGTERM"), terminateAfter);
  if (terminateWhen !== undefined) {
    const timer = setInterval(() => {
      if (!terminateWhen()) return;
      clearInterval(timer);
      child.kill("SIGTERM");
    }, 20);
    child.on("close", () => clearInterval(timer));
  }
  if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The lines of a home's log, parsed; fails on a line that is no JSON. */
export function logged(home: string): readonly Record<string, unknown>[] {
  const path = join(home, "audit.jsonl");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** What the hook decided: `allow`, `deny`, `ask`, or "" for silence. */
export function permissionOf({ stdout }: Started): string {
  if (stdout === "") return "";
  return JSON.parse(stdout).hookSpecificOutput?.permissionDecision ?? "";
}
