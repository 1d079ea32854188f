/**
 * From the settings to a model that can be asked: which backend, which server, which key. INVARIANT: of the environment
 * it takes the key that the settings name and, for a hook that is not pinned to its home, the base URL; a repository can
 * set variables, and must not choose who judges its calls (SPEC section 2).
 */
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { isInside } from "../core/path.js";
import type { Settings } from "../core/policy/policy.js";
import type { AskModel } from "./ask-model.js";
import { type Failure, failure } from "./failure.js";

export interface ModelWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The places of this process were given on its command line, so the environment is not trusted with them. */
  readonly isPinned: boolean;
  readonly userHome: string;
  /** Claude Code's configuration folder. */
  readonly claudeDir: string;
  /** Ours, deletable. */
  readonly cache: string;
  /** No program is taken from here; "" when not known. */
  readonly project: string;
}

export type OpenModel = { readonly kind: "model"; readonly ask: AskModel } | Failure;

export const DEFAULT_BASE_URL = "https://api.anthropic.com";

export async function openModel(settings: Settings["llm"], world: ModelWorld): Promise<OpenModel> {
  switch (settings.backend) {
    case "anthropic":
      return openMessages(settings, world);
    case "claude-cli":
      return openClaude(settings, world);
  }
}

async function openMessages(settings: Settings["llm"], world: ModelWorld): Promise<OpenModel> {
  const apiKey = readKey(settings, world);
  if (apiKey === "") return failure("llm-no-key");
  const { messagesClient } = await import("./messages-client.js");
  const { model, proxy = "" } = settings;
  return { kind: "model", ask: messagesClient({ apiKey, baseUrl: baseUrlOf(settings, world), model, proxy }) };
}

/** "" when there is none. */
export function readKey({ apiKeyFile, apiKeyEnv }: Settings["llm"], { env, userHome }: ModelWorld): string {
  if (apiKeyFile === undefined) return (env[apiKeyEnv] ?? "").trim();
  try {
    return readFileSync(apiKeyFile.replace(/^~(?=\/)/, userHome), "utf8").trim();
  } catch {
    return "";
  }
}

export function baseUrlOf({ baseUrl }: Settings["llm"], { env, isPinned }: ModelWorld): string {
  if (baseUrl !== undefined) return baseUrl;
  const given = env["ANTHROPIC_BASE_URL"] ?? "";
  return given !== "" && (!isPinned || isLoopback(given)) ? given : DEFAULT_BASE_URL;
}

/** Who can listen on this machine can run programs here already. */
function isLoopback(url: string): boolean {
  try {
    const { hostname, username, password } = new URL(url);
    return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname) && username === "" && password === "";
  } catch {
    return false;
  }
}

async function openClaude(settings: Settings["llm"], world: ModelWorld): Promise<OpenModel> {
  const program = settings.claudePath ?? findProgram("claude", world);
  if (program === null || !isAbsolute(program)) return failure("llm-no-program");
  const folder = join(world.cache, "consulting");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { claudeCli } = await import("./claude-cli.js");
  return {
    kind: "model",
    ask: claudeCli({ program, model: settings.model, folder, env: childEnvironment(settings, world) }),
  };
}

/** The first on PATH that is no part of the project. */
function findProgram(name: string, { env, project }: ModelWorld): string | null {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const trusted = folders.filter((folder) => project === "" || !isInside(folder, project, true));
  return trusted.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const PASSED_ON = ["PATH", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "TERM", "SystemRoot"];

function childEnvironment(settings: Settings["llm"], world: ModelWorld): Readonly<Record<string, string>> {
  const { env, claudeDir } = world;
  const home = world.userHome === "" ? homedir() : world.userHome;
  const kept = PASSED_ON.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const apiKey = readKey(settings, world);
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    // Named even if it is the usual one, Claude Code would look for another login.
    ...(claudeDir === join(home, ".claude") ? {} : { CLAUDE_CONFIG_DIR: claudeDir }),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    ...(apiKey === "" ? {} : { ANTHROPIC_API_KEY: apiKey }),
    ...(baseUrlOf(settings, world) === DEFAULT_BASE_URL ? {} : { ANTHROPIC_BASE_URL: baseUrlOf(settings, world) }),
  };
}
