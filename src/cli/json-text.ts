/** JSON given to a command (argument, or `-` for standard input) and JSON answered: compact, or for a person to read. */
import pc from "picocolors";
import type { Invocation } from "./command.js";
import { CliError, EXIT, type ExitCode } from "./exit.js";
import { safeText } from "./print.js";

const MAX_INPUT = 64 * 1024 * 1024;

/** `what`: how messages name it. */
export async function givenJson({ io, flags, args }: Invocation, what: string, example: string): Promise<string> {
  const [given] = args;
  if (given !== undefined && given !== "-") return given;
  if (given === undefined || io.stdin.isTTY === true) {
    throw new CliError("bad_usage", `no ${what}`, `give one: ${example}, or - to read it`);
  }
  if (flags.list("audit").includes("-"))
    throw new CliError("bad_usage", `standard input cannot be ${what} and log at once`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_INPUT) throw new CliError("bad_usage", `the ${what} is longer than ${MAX_INPUT} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** What keeps a command from answering at all is told to a program as every other fault is. */
export async function answering(invocation: Invocation, answer: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { code, message, hint, details = null } = error;
    const fault = { code: code === "bad_usage" ? "invalid_query" : code, message, hint, details };
    writeJson(invocation, { query_time_ms: 0, error: fault });
    return EXIT.failed;
  }
}

/** On a terminal, or with --pretty, indented and coloured; else one line. */
export function writeJson({ io, flags, color }: Invocation, answer: unknown): void {
  const isPretty = flags.on("pretty") || (io.stdout.isTTY && !flags.on("compact"));
  io.stdout.write(isPretty ? prettyJson(answer, color) : `${JSON.stringify(answer)}\n`);
}

/** Text of the log cannot move the cursor: JSON escapes control characters and the rest is made visible. */
function prettyJson(answer: unknown, color: boolean): string {
  const paint = pc.createColors(color);
  const lines = JSON.stringify(answer, null, 2).split("\n");
  return lines.map((line) => `${painted(safeText(line), paint)}\n`).join("");
}

function painted(line: string, paint: ReturnType<typeof pc.createColors>): string {
  const [, indent = "", key = "", rest = ""] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/s.exec(line) ?? [];
  const value = rest.startsWith('"') ? paint.green(rest) : /^[-\dtfn]/.test(rest) ? paint.yellow(rest) : rest;
  return `${indent}${key === "" ? "" : paint.cyan(key)}${value}`;
}
