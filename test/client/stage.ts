/**
 * A machine for the real client: a home, a project, a policy, settings that register our hook, and an environment that
 * holds nothing of the user's. What happened is read from what the client printed, the model was told, and we logged.
 */
import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { inject, onTestFinished } from "vitest";
import { logged } from "../hook/bundle.js";
import { type MockModel, type Script, startMockModel, type ToolResult } from "./mock-model.js";

export type Json = Readonly<Record<string, unknown>>;

const WITNESSED = ["PermissionRequest", "PermissionDenied", "PostToolUse", "PostToolUseFailure", "PostToolBatch"];
const MOMENTS = ["SessionStart", "SessionEnd", "UserPromptSubmit", "Stop"];

export interface StageOptions {
  /** `config.toml`. */
  readonly policy?: string;
  /** Fields over those of the command that judges: another program, a timeout. */
  readonly hook?: Json;
  /** False: no hook in the settings. */
  readonly isRegistered?: boolean;
  /** More keys of the user's settings. */
  readonly settings?: Json;
}

export interface Ran {
  /** One object a line of the client's standard output. */
  readonly messages: readonly Json[];
  readonly code: number | null;
  readonly stderr: string;
  /** What the model was told of each call. */
  readonly results: ReadonlyMap<string, ToolResult>;
  /** Our log of this stage. */
  readonly records: readonly Json[];
}

export interface Stage {
  readonly osHome: string;
  readonly home: string;
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  readonly startModel: (script: Script) => Promise<MockModel>;
  /** One headless session, `claude -p`. */
  readonly runHeadless: (script: Script, args?: readonly string[]) => Promise<Ran>;
  /** The client's other commands, such as `plugin validate`. */
  readonly runClient: (
    args: readonly string[],
  ) => Promise<Omit<Ran, "results" | "records" | "messages"> & { readonly stdout: string }>;
  readonly records: () => readonly Json[];
  /** Every transcript of this stage, subagents' included, by its path below the projects folder. */
  readonly transcripts: () => readonly { readonly path: string; readonly text: string }[];
  /** Writes a file below the user's home, with its folders. */
  readonly write: (path: string, text: string) => void;
}

/** The client accepts any key; the last 20 characters are those the settings approve of. */
export const API_KEY = "sk-ant-mock-000000000000000000000000";

export function makeStage({ policy, hook = {}, isRegistered = true, settings = {} }: StageOptions = {}): Stage {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "claude-permit-client-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const osHome = join(root, "user");
  const home = join(osHome, ".claude", "claude-permit");
  const project = join(root, "project");
  const write: Stage["write"] = (path, text) => {
    const full = join(osHome, path);
    mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
    writeFileSync(full, text, { mode: 0o600 });
  };
  mkdirSync(project, { recursive: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (policy !== undefined) write(".claude/claude-permit/config.toml", policy);
  write("bin/zh", '#!/bin/sh\necho "zh ran: $*"\n[ "$2" != badly ]\n');
  chmodSync(join(osHome, "bin", "zh"), 0o755);
  const hooks = isRegistered ? { hooks: registration(home, hook) } : {};
  write(".claude/settings.json", JSON.stringify({ ...hooks, ...settings }));
  write(".claude.json", JSON.stringify(onboarded(project)));

  const env = {
    PATH: `${join(osHome, "bin")}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: osHome,
    TZ: "UTC",
    LANG: "C.UTF-8",
    SHELL: "/bin/bash",
    TERM: "xterm-256color",
    ANTHROPIC_API_KEY: API_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_AUTOUPDATER: "1",
    IS_SANDBOX: "1",
  };
  const records = () => logged(home);
  const startModel: Stage["startModel"] = async (script) => {
    const model = await startMockModel(script);
    onTestFinished(model.stop);
    return model;
  };
  const runClient: Stage["runClient"] = (args) => finish(inject("client"), args, env, project);
  return {
    osHome,
    home,
    project,
    env,
    records,
    write,
    startModel,
    runClient,
    runHeadless: async (script, args = []) => {
      const model = await startModel(script);
      const all = ["-p", "go", "--output-format", "stream-json", "--verbose", ...args];
      const { stdout, ...ended } = await finish(
        inject("client"),
        all,
        { ...env, ANTHROPIC_BASE_URL: model.url },
        project,
      );
      return { ...ended, messages: parseLines(stdout), results: model.results(), records: records() };
    },
    transcripts: () => {
      const folder = join(osHome, ".claude", "projects");
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => ({ path: relative(folder, file), text: readFileSync(file, "utf8") }));
    },
  };
}

function registration(home: string, over: Json): Json {
  const hookFile = join(inject("hookFolder"), "hook.cjs");
  const witness = { type: "command", command: process.execPath, args: [hookFile, "--home", home], timeout: 60 };
  const judge = { ...witness, onFailure: "block", ...over };
  return Object.fromEntries([
    ["PreToolUse", [{ matcher: "*", hooks: [judge] }]],
    ...WITNESSED.map((event) => [event, [{ matcher: "*", hooks: [witness] }]]),
    ...MOMENTS.map((event) => [event, [{ hooks: [witness] }]]),
  ]);
}

/** So that the terminal client asks nothing before the first prompt. */
function onboarded(project: string): Json {
  return {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
}

/** A session takes seconds; one that hangs must not hold up everything. */
const LONGEST_MS = 240_000;

function finish(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: LONGEST_MS });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export function parseLines(text: string): readonly Json[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
