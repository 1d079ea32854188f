/**
 * Proof that a registered hook answers: the very command is started as Claude Code starts it. Once as it stands, with
 * an event that leaves no record; then with a home of its own that is deleted afterwards, so that no canary is ever
 * counted as a decision. There a call against our own config must be refused, and a harmless one must be answered.
 */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "../store/json-text.js";
import { wordsOf } from "../store/settings-hooks.js";
import type { Io } from "./io.js";

export type Canary =
  | {
      readonly kind: "answers";
      /** What it said to a change of its own config. */
      readonly guarded: "ask" | "deny";
      /** What it said to reading a file: "" for silence. */
      readonly harmless: string;
      /** Version of claude-permit that wrote the canary's record. */
      readonly version: string;
      /** Wall time of one warm answer, in milliseconds. */
      readonly milliseconds: number;
    }
  | { readonly kind: "failed"; readonly why: string }
  /** A shell line that only a shell understands. */
  | { readonly kind: "untried" };

type Answer =
  | { readonly kind: "said"; readonly permission: string }
  | { readonly kind: "failed"; readonly why: string };

/** Claude Code waits longer; who installs should not have to. */
const PATIENCE_MS = 20_000;
const NEEDS_SHELL = /[$`|&;<>()*?~\\]/;

/** `config`: the user's policy file, so that the answer is given under it. */
export function askCanary(handler: JsonObject, config: string, { env, cwd }: Pick<Io, "env" | "cwd">): Canary {
  if (!Array.isArray(handler["args"]) && NEEDS_SHELL.test(String(handler["command"]))) return { kind: "untried" };
  const words = wordsOf(handler);
  const home = mkdtempSync(join(tmpdir(), "claude-permit-canary-"));
  try {
    const start = (argv: readonly string[], event: JsonObject): Answer => answerOf(argv, event, env, cwd);
    const asRegistered = start(words, { hook_event_name: "Canary", session_id: "canary", cwd: home });
    if (asRegistered.kind === "failed") return asRegistered;
    const apart = inHome(words, home, config);
    const guarded = start(apart, callOf(home, "Edit", { file_path: join(home, "config.toml"), ...CHANGE }));
    if (guarded.kind === "failed") return guarded;
    if (guarded.permission !== "ask" && guarded.permission !== "deny") {
      return { kind: "failed", why: `a change of its own config was answered with ${nameOf(guarded.permission)}` };
    }
    const reading = callOf(home, "Read", { file_path: join(home, "canary.txt") });
    start(apart, reading);
    const began = performance.now();
    const harmless = start(apart, reading);
    const milliseconds = Math.round(performance.now() - began);
    if (harmless.kind === "failed") return harmless;
    const version = versionIn(join(home, "audit.jsonl"));
    if (version === null) return { kind: "failed", why: "it answered, but wrote no record" };
    return { kind: "answers", guarded: guarded.permission, harmless: harmless.permission, version, milliseconds };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const CHANGE = { old_string: "deny", new_string: "allow", replace_all: false };

function callOf(home: string, tool: string, input: JsonObject): JsonObject {
  return {
    session_id: `canary-${randomUUID()}`,
    cwd: home,
    permission_mode: "default",
    hook_event_name: "PreToolUse",
    tool_name: tool,
    tool_input: input,
    tool_use_id: `canary-${randomUUID()}`,
  };
}

/** The same command line with another home, and the user's config named. */
function inHome(words: readonly string[], home: string, config: string): readonly string[] {
  const at = words.indexOf("--home");
  const rest = at === -1 ? words : [...words.slice(0, at), ...words.slice(at + 2)];
  const hasConfig = rest.some((word) => word === "--config" || word.startsWith("--config="));
  return [...rest, "--home", home, ...(hasConfig || !existsSync(config) ? [] : ["--config", config])];
}

function answerOf([program = "", ...args]: readonly string[], event: JsonObject, env: Io["env"], cwd: string): Answer {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    input: JSON.stringify(event),
    encoding: "utf8",
    timeout: PATIENCE_MS,
    cwd,
    env: { ...env, CLAUDE_CODE_SESSION_ATTENDED: "1" },
  });
  if (error !== undefined) return { kind: "failed", why: `\`${program}\` does not start: ${error.message}` };
  if (status !== 0) {
    const said = stderr.trim().split("\n")[0] ?? "";
    return { kind: "failed", why: `it ended with ${signal ?? `exit code ${status}`}${said === "" ? "" : `: ${said}`}` };
  }
  if (stdout === "") return { kind: "said", permission: "" };
  return permissionIn(stdout);
}

function permissionIn(stdout: string): Answer {
  const unclear: Answer = { kind: "failed", why: `it answered what Claude Code cannot use: ${stdout.slice(0, 80)}` };
  try {
    const value: unknown = JSON.parse(stdout);
    if (!isJsonObject(value)) return unclear;
    const own = value["hookSpecificOutput"];
    if (own === undefined) return { kind: "said", permission: "" };
    if (!isJsonObject(own) || own["hookEventName"] !== "PreToolUse") return unclear;
    const { permissionDecision } = own;
    return typeof permissionDecision === "string" ? { kind: "said", permission: permissionDecision } : unclear;
  } catch {
    return unclear;
  }
}

function versionIn(log: string): string | null {
  if (!existsSync(log)) return null;
  const [line] = readFileSync(log, "utf8").split("\n");
  return /"engine_version":"([^"]*)"/.exec(line ?? "")?.[1] ?? null;
}

function nameOf(permission: string): string {
  return permission === "" ? "silence" : `\`${permission}\``;
}
