/** The client's terminal interface inside tmux: what a user types and sees. */
import { execFileSync, spawnSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { inject, onTestFinished } from "vitest";
import type { MockModel } from "./mock-model.js";
import type { Stage } from "./stage.js";

export interface Terminal {
  readonly screen: () => string;
  /** Waits until the screen holds this; fails with the screen as it was last. */
  readonly until: (wanted: RegExp | string) => Promise<string>;
  /** A prompt, sent. */
  readonly say: (text: string) => Promise<void>;
  /** Waits for the dialog about this command and picks the numbered answer that begins so. */
  readonly choose: (command: string, answer: string) => Promise<void>;
  /** Leaves the client as a user does, and waits for its end. */
  readonly leave: () => Promise<void>;
}

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

const PATIENCE_MS = 90_000;
const GLANCE_MS = 300;

export async function openTerminal(stage: Stage, model: MockModel, args: readonly string[] = []): Promise<Terminal> {
  const socket = basename(dirname(stage.project));
  const env = { ...stage.env, ANTHROPIC_BASE_URL: model.url };
  const tmux = (...words: readonly string[]) =>
    execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...words], { env, encoding: "utf8", cwd: stage.project });
  tmux("new-session", "-d", "-x", "140", "-y", "50", inject("client"), ...args);
  const isOpen = () => spawnSync("tmux", ["-L", socket, "has-session"], { env }).status === 0;
  onTestFinished(() => {
    if (isOpen()) tmux("kill-server");
  });

  const screen = () => tmux("capture-pane", "-p");
  const waitFor = async (isThere: () => boolean, what: string) => {
    const end = Date.now() + PATIENCE_MS;
    while (!isThere()) {
      if (Date.now() > end)
        throw new Error(`waited in vain for ${what}; the screen:\n${isOpen() ? screen() : "(closed)"}`);
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
  };
  const until: Terminal["until"] = async (wanted) => {
    const holds = (text: string) => (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text));
    let seen = "";
    await waitFor(() => {
      seen = screen();
      return holds(seen);
    }, String(wanted));
    return seen;
  };
  await until("❯");
  return {
    screen,
    until,
    say: async (text) => {
      tmux("send-keys", "-l", text);
      await until(text);
      tmux("send-keys", "Enter");
    },
    choose: async (command, answer) => {
      const row = new RegExp(`(\\d)\\. ${answer}\\b`);
      const digit = () => {
        const dialog = screen().split("────").at(-1) ?? "";
        return dialog.includes(command) ? row.exec(dialog)?.[1] : undefined;
      };
      await waitFor(() => digit() !== undefined, `a dialog about ${command}`);
      tmux("send-keys", digit() ?? "");
      // Some answers are taken at once, others are only pointed at.
      await waitFor(() => {
        const open = digit();
        if (open !== undefined && screen().includes(`❯ ${open}. ${answer}`)) tmux("send-keys", "Enter");
        return open === undefined;
      }, `the dialog about ${command} to close after ${answer}`);
    },
    leave: async () => {
      tmux("send-keys", "-l", "/exit");
      await until("/exit");
      tmux("send-keys", "Enter");
      await waitFor(() => !isOpen(), "the end of the session");
    },
  };
}
