/**
 * A world in which shell text can be run to see which commands it reaches: empty PATH, own directory, nobody's rights
 * where possible, every command logged by the not-found handler instead of run. Only texts that passed `harmless` may
 * be given to it.
 */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Shell = "bash" | "zsh";

/** Absolute path of the shell, `null` when this system has none. */
export function findShell(shell: Shell): string | null {
  const { status, stdout } = spawnSync("sh", ["-c", `command -v ${shell}`], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

const kept = new Set(
  "if then elif else fi for in do done while until case esac select function time coproc repeat foreach".split(" "),
);

/**
 * The text with every name replaced by one of ten that no system has (the same name by the same), no path, no escape
 * that could spell one, no numeric escape. What remains has no program, builtin or variable that exists.
 */
export function harmless(text: string): string {
  return text
    .replace(/\/dev\/null/g, "zqnull")
    .replaceAll("/", "_")
    .replace(/\\(?=[0-7xuUcC])/g, "")
    .replace(/[A-Za-z_][A-Za-z0-9_]*/g, (name) => (kept.has(name) ? name : `zq${checksum(name) % 10}`))
    .replace(/(^|[\s;&|({`!])[.:-](?=[\s;&|)}`]|$)/g, "$1zq9");
}

function checksum(name: string): number {
  let sum = 7;
  for (let at = 0; at < name.length; at++) sum = (sum * 31 + name.charCodeAt(at)) % 1009;
  return sum;
}

const nobody = 65_534;

/** What a text did. */
export interface Reached {
  /** Argument lists that reached the not-found handler, in no order. */
  readonly commands: readonly (readonly string[])[];
  /** Names of files that redirects made. */
  readonly files: readonly string[];
}

export class ShellWorld {
  private readonly home = mkdtempSync(join(tmpdir(), "claude-permit-shell-"));
  private runs = 0;

  constructor() {
    chmodSync(this.home, 0o755);
    mkdirSync(join(this.home, "empty"));
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Names with an even digit succeed, the others fail. */
  async run(shell: Shell, program: string, text: string): Promise<Reached> {
    const place = join(this.home, `run-${this.runs++}`);
    const work = join(place, "work");
    const log = join(place, "log");
    mkdirSync(work, { recursive: true });
    writeFileSync(log, "");
    for (const each of [place, work, log]) chmodSync(each, each === log ? 0o666 : 0o777);
    const name = shell === "bash" ? "command_not_found_handle" : "command_not_found_handler";
    const prelude = `ulimit -t 2 -f 256 -c 0
NULLCMD=: READNULLCMD=:
${name}() { printf '%s\\0' "\${#}" "$@" >> ${log}; case $1 in *[02468]) return 0;; esac; return 1; }
`;
    writeFileSync(join(place, ".zshenv"), prelude);
    const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
    const child = spawn(program, [...(shell === "bash" ? ["--norc", "--noprofile"] : ["-d"]), "-c", text], {
      cwd: work,
      env: {
        PATH: join(this.home, "empty"),
        HOME: work,
        BASH_ENV: join(place, ".zshenv"),
        ZDOTDIR: place,
        FUNCNEST: "5",
      },
      stdio: "ignore",
      detached: true,
      ...asNobody,
      argv0: shell,
    });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => killGroup(child.pid), 2_000);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      child.on("exit", end);
      child.on("error", end);
    });
    await settle(log);
    killGroup(child.pid);
    const commands = readLog(readFileSync(log, "utf8"));
    const files = readdirSync(work);
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    return { commands, files };
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

/** Background commands may still be writing. */
async function settle(log: string): Promise<void> {
  for (let size = -1, now = 0; size !== now; ) {
    size = readFileSync(log).length;
    await new Promise((resolve) => setTimeout(resolve, 3));
    now = readFileSync(log).length;
  }
}

function readLog(text: string): readonly (readonly string[])[] {
  const fields = text.split("\0");
  const found: string[][] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const count = Number(fields[at]);
    // An endless loop ends at the file size limit, in the middle of a record.
    if (at + 1 + count >= fields.length) break;
    found.push(fields.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return found;
}
