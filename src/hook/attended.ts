/**
 * Whether a person can answer a question in this session. In doubt yes: then we ask, and Claude Code turns a question
 * that nobody can see into a denial.
 */
import type { Environment } from "../store/locations.js";

export function isAttended(permissionMode: string | undefined, env: Environment): boolean {
  if (permissionMode === "dontAsk") return false;
  const attended = env["CLAUDE_CODE_SESSION_ATTENDED"];
  if (attended !== undefined && attended !== "") return attended !== "0";
  return env["CLAUDE_CODE_ENTRYPOINT"] !== "sdk-cli";
}
