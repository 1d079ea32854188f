/** Runs the built command line as a user would, in a pinned world with a home of its own. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const SAMPLE = join(ROOT, "fixtures", "sample", "audit.jsonl");
const CLI = join(ROOT, "dist", "cli", "main.js");

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface World {
  /** The user's home directory; claude-permit's is `.claude/claude-permit` in it. */
  readonly osHome: string;
  readonly home: string;
  readonly project: string;
  readonly run: (args: readonly string[], more?: { input?: string; env?: Record<string, string>; cwd?: string }) => Ran;
}

/** A fresh machine: empty home, a project folder beside it, optionally a policy. */
export function freshWorld(policy?: string): World {
  const base = mkdtempSync(join(tmpdir(), "claude-permit-cli-"));
  const osHome = join(base, "user");
  const home = join(osHome, ".claude", "claude-permit");
  const project = join(base, "project");
  mkdir(home);
  mkdir(join(project, ".git"));
  if (policy !== undefined) writeFileSync(join(home, "config.toml"), policy, { mode: 0o600 });
  const run: World["run"] = (args, { input = "", env = {}, cwd = project } = {}) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, ...args], {
      cwd,
      input,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { PATH: process.env["PATH"] ?? "", HOME: osHome, TZ: "UTC", NO_COLOR: "1", COLUMNS: "120", ...env },
    });
    return { stdout, stderr, code: status };
  };
  return { osHome, home, project, run };
}

function mkdir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
