/**
 * The hook's answer on standard output: one complete JSON object, or nothing. Silence means that we say nothing and
 * Claude Code's own flow goes on (contract sections 4 and 15).
 */
import { cutChars } from "../core/audit/cut.js";

/** Claude Code spills longer texts to a file and shows a preview. */
const MAX_TEXT = 8_000;

export interface Answer {
  readonly permission: "allow" | "deny" | "ask" | null;
  /** Claude reads that of a deny, the user that of an ask. */
  readonly reason: string;
  /** Shown to the user, never to Claude; "" for none. */
  readonly systemMessage: string;
  /** The whole input that runs, or is asked about, instead. */
  readonly updatedInput?: Readonly<Record<string, unknown>>;
  /** Told to Claude beside the result. */
  readonly additionalContext?: string;
}

export const SILENCE: Answer = { permission: null, reason: "", systemMessage: "" };

export interface HookResult {
  /** "" or one complete JSON object. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 2;
}

export function say(answer: Answer): HookResult {
  return { stdout: renderAnswer(answer), stderr: "", exitCode: 0 };
}

/** "" or one JSON object without line ends inside. Only a PreToolUse event may carry a permission. */
export function renderAnswer(answer: Answer): string {
  const { permission, reason, systemMessage, updatedInput, additionalContext } = answer;
  if (permission === null && systemMessage === "") return "";
  return JSON.stringify({
    ...(systemMessage === "" ? {} : { systemMessage: bounded(systemMessage) }),
    ...(permission === null
      ? {}
      : {
          hookSpecificOutput: {
            hookEventName: "PreToolUse",
            permissionDecision: permission,
            ...(reason === "" ? {} : { permissionDecisionReason: bounded(reason) }),
            ...(updatedInput === undefined ? {} : { updatedInput }),
            ...(additionalContext === undefined ? {} : { additionalContext: bounded(additionalContext) }),
          },
        }),
  });
}

function bounded(text: string): string {
  return cutChars(text.toWellFormed(), MAX_TEXT);
}
