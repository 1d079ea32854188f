/**
 * The model asked through the user's own Claude Code, `claude -p`, for people without an API key. It runs bare: no tools,
 * no MCP, no project files, no hooks, no session kept, in an empty folder, with an environment made for it. INVARIANT:
 * it is killed at the deadline, and marked, so that a hook inside it never asks in turn.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { type AskModel, type Question, type Reply, textReply } from "./ask-model.js";
import { CONSULTING } from "./consulting.js";
import { failure } from "./failure.js";

export interface ClaudeCli {
  /** Absolute path of the program. */
  readonly program: string;
  readonly model: string;
  /** An empty folder that exists. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const MAX_BYTES = 1 << 20;

export function claudeCli({ program, model, folder, env }: ClaudeCli): AskModel {
  return (question) =>
    new Promise((resolve) => {
      // A group of its own: what it starts ends with it, and holds no pipe of ours open.
      const child = spawn(program, argumentsFor(question, model), {
        cwd: folder,
        env: { ...env, [CONSULTING]: "1" },
        stdio: ["pipe", "pipe", "ignore"],
        detached: true,
      });
      const end = (reply: Reply): void => {
        question.signal.removeEventListener("abort", late);
        killGroup(child);
        resolve(reply);
      };
      const late = () => end(failure("llm-timeout"));
      question.signal.addEventListener("abort", late);
      const chunks: Buffer[] = [];
      let size = 0;
      child.on("error", () => end(failure("llm-no-program")));
      child.stdin.on("error", () => {});
      child.stdout.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_BYTES) end(failure("llm-too-large"));
      });
      child.on("close", (code) => {
        const refused = failure("llm-refused", "`claude` ended with an error; is it logged in?");
        end(code === 0 ? answerIn(Buffer.concat(chunks).toString("utf8")) : refused);
      });
      child.stdin.end(question.user);
    });
}

function killGroup({ pid, stdin, stdout }: ChildProcessByStdio<Writable, Readable, null>): void {
  stdin.destroy();
  stdout.destroy();
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function argumentsFor({ system, tool }: Question, model: string): readonly string[] {
  return [
    "-p",
    ...["--output-format", "json"],
    ...["--model", model],
    ...["--system-prompt", system],
    ...["--json-schema", JSON.stringify(tool.schema)],
    ...["--tools", ""],
    "--strict-mcp-config",
    ...["--setting-sources", ""],
    ...["--settings", JSON.stringify({ disableAllHooks: true })],
    "--disable-slash-commands",
    "--no-session-persistence",
  ];
}

/** What `--output-format json` prints: one object, the structured answer in it, or its text. */
function answerIn(printed: string): Reply {
  const whole = textReply(printed);
  if (whole.kind === "failure" || typeof whole.value !== "object" || whole.value === null)
    return failure("llm-malformed");
  const { value } = whole;
  if ("is_error" in value && value.is_error === true) return failure("llm-refused", "`claude` reported an error");
  if ("structured_output" in value && value.structured_output) return { kind: "reply", value: value.structured_output };
  return "result" in value && typeof value.result === "string" ? textReply(value.result) : failure("llm-malformed");
}
