/** A fresh machine with a Claude Code of a given version on its PATH, and its settings at hand. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { freshWorld, type World } from "./run-cli.js";

export interface ClaudeWorld extends World {
  readonly settings: string;
  readonly write: (path: string, text: string, mode?: number) => string;
  /** `null` without a file. */
  readonly read: (path: string) => string | null;
}

/** `version` null: no Claude Code. */
export function claudeWorld(policy?: string, version: string | null = "2.1.329"): ClaudeWorld {
  const world = freshWorld(policy);
  const write: ClaudeWorld["write"] = (path, text, mode = 0o600) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const bin = join(world.osHome, "bin");
  if (version !== null) write(join(bin, "claude"), `#!/bin/sh\necho '${version} (Claude Code)'\n`, 0o755);
  return {
    ...world,
    settings: join(world.osHome, ".claude", "settings.json"),
    write,
    read: (path) => (existsSync(path) ? readFileSync(path, "utf8") : null),
    run: (args, more = {}) =>
      world.run(args, { ...more, env: { PATH: `${bin}:${process.env["PATH"] ?? ""}`, ...more.env } }),
  };
}
