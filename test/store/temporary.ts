/** A temporary home, project and machine for one test, removed when it ends. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { PolicyInputs } from "../../src/store/load-policy.js";
import { locations } from "../../src/store/locations.js";

export interface Place {
  readonly root: string;
  readonly home: string;
  readonly osHome: string;
  readonly project: string;
  readonly systemDir: string;
  /** Writes a file below the root, with its folders. */
  readonly write: (path: string, text: string) => string;
  readonly inputs: (more?: { readonly configFlag?: string; readonly project?: string }) => PolicyInputs;
}

export function temporaryPlace(): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "claude-permit-")));
  onTestFinished(() => {
    chmodSync(root, 0o700);
    rmSync(root, { recursive: true, force: true });
  });
  const osHome = join(root, "user");
  const home = join(osHome, ".claude", "claude-permit");
  const project = join(root, "project");
  const systemDir = join(root, "etc");
  mkdirSync(join(project, ".git"), { recursive: true });
  mkdirSync(home, { recursive: true });
  const write = (path: string, text: string): string => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  return {
    root,
    home,
    osHome,
    project,
    systemDir,
    write,
    inputs: (more = {}) => ({
      locations: locations({
        homeFlag: home,
        configFlag: more.configFlag,
        env: {},
        cwd: project,
        osHome,
        hook: false,
        systemDir,
      }),
      project: more.project ?? project,
      engine: "0.0.0-test",
      programFolder: null,
    }),
  };
}

export const USER_CONFIG = "user/.claude/claude-permit/config.toml";
export const PROJECT_CONFIG = "project/.claude/claude-permit.toml";
