/**
 * `statusline`: a compact segment for Claude Code's status line: what was decided in this session, from the log's tail.
 * One small process without the command line's libraries. Nothing known gives nothing; it never fails.
 */
import type { Decision } from "../../core/decision.js";
import { type TurnTally, tallySession } from "../../hook/log-tail.js";
import { locations } from "../../store/locations.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import type { Io } from "../io.js";

export function run({ io, flags }: Invocation): Promise<ExitCode> {
  return printSegment(io, flags.text("home"));
}

/** Reads Claude Code's status line JSON (contract section 10.3) and prints one line or nothing. */
export async function printSegment(io: Io, homeFlag: string | undefined): Promise<ExitCode> {
  if (io.stdin.isTTY === true) {
    io.stderr.write(
      "claude-permit: `statusline` reads Claude Code's JSON from standard input, and that is a terminal\n",
    );
    return EXIT.failed;
  }
  const sessionId = sessionIn(await textOf(io.stdin));
  if (sessionId === "") return EXIT.fine;
  const { env, cwd, osHome } = io;
  const { audit } = locations({ homeFlag, env, cwd, osHome, hook: false });
  const segment = segmentOf(tallySession(audit, sessionId));
  if (segment !== "") io.stdout.write(`${segment}\n`);
  return EXIT.fine;
}

const WORDS: readonly (readonly [word: string, decisions: readonly Decision[]])[] = [
  ["ok", ["allow", "rerouted"]],
  ["asked", ["ask"]],
  ["blocked", ["deny"]],
  ["left", ["passthrough"]],
  ["unsafe", ["error_passthrough"]],
];

/** `permit 12 ok · 1 blocked`; a `+` where more may have happened than was read; "" without a decision. */
function segmentOf({ counts, isWhole }: TurnTally): string {
  const parts = WORDS.flatMap(([word, decisions]) => {
    const count = decisions.reduce((sum, decision) => sum + (counts.get(decision) ?? 0), 0);
    return count === 0 ? [] : [`${count}${isWhole ? "" : "+"} ${word}`];
  });
  return parts.length === 0 ? "" : `permit ${parts.join(" · ")}`;
}

async function textOf(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function sessionIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const id = typeof value === "object" && value !== null && "session_id" in value ? value.session_id : "";
    return typeof id === "string" ? id : "";
  } catch {
    return "";
  }
}
