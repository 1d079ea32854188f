/** A machine whose clock stands still, so that what a user sees can be kept as a file and compared. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../src/cli/version.js";

const LAUNCHER = fileURLToPath(new URL("./pinned-cli.mjs", import.meta.url));
/** A Friday evening. */
export const NOW = Date.UTC(2026, 10, 20, 18);
const COLUMNS = "100";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface StoryWorld {
  readonly home: string;
  readonly run: (args: readonly string[]) => Ran;
  /** What its user sees, the folder and version of this run taken out. */
  readonly seen: (args: readonly string[]) => string;
}

export interface StoryFiles {
  readonly "audit.jsonl": string;
  readonly "config.toml"?: string;
  readonly "auto-rules.history.jsonl"?: string;
}

export function storyWorld(files: StoryFiles): StoryWorld {
  // Layout follows the length of paths, so that has to be the same everywhere.
  const base = mkdtempSync(join(existsSync("/tmp") ? "/tmp" : tmpdir(), "story-"));
  const home = join(base, ".claude", "claude-permit");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o600 });
  const run: StoryWorld["run"] = (args) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [LAUNCHER, String(NOW), ...args], {
      cwd: base,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { PATH: process.env["PATH"] ?? "", HOME: base, TZ: "UTC", NO_COLOR: "1", COLUMNS },
    });
    return { stdout, stderr, code: status };
  };
  const seen: StoryWorld["seen"] = (args) => {
    const { stdout, stderr, code } = run(args);
    const words = args.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
    const text = `$ claude-permit ${words}\n${stdout}${stderr}${code === 0 ? "" : `exit ${code}\n`}`;
    const folder = "/tmp/story-000000".padEnd(base.length, "0").slice(0, base.length);
    return text.replaceAll(base, folder).replaceAll(VERSION, "0.0.0");
  };
  return { home, run, seen };
}
