/** Which Claude Code is on this machine's PATH. It asks that program and believes nothing else. */
import { spawnSync } from "node:child_process";
import type { Io } from "./io.js";

/** The first version that can be told to refuse a call when the hook fails (`onFailure`). */
export const FAIL_CLOSED_SINCE = "2.1.295";

const PATIENCE_MS = 3_000;

/** `null` when there is none, or it does not tell in time. */
export function claudeVersion({ env }: Pick<Io, "env">): string | null {
  const { stdout, error } = spawnSync("claude", ["--version"], {
    encoding: "utf8",
    timeout: PATIENCE_MS,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...env },
  });
  return error === undefined ? (/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? null) : null;
}

/** Below the version from which a broken hook cannot let calls through. */
export function failsOpen(version: string): boolean {
  const [have, need] = [version, FAIL_CLOSED_SINCE].map((text) => text.split(".").map(Number));
  for (const [at, wanted] of (need ?? []).entries()) {
    const found = have?.[at] ?? 0;
    if (found !== wanted) return found < wanted;
  }
  return false;
}
