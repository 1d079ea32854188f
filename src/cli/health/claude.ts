/** Which Claude Code runs here, and in which permission mode it was last seen. */
import { claudeVersion, FAIL_CLOSED_SINCE, failsOpen } from "../claude-code.js";
import type { Look } from "./check.js";

export const lookAtClaude: Look = ({ io, log }) => {
  const recorded = log.kind === "read" ? log.newest?.record.source_version : undefined;
  const version = claudeVersion(io) ?? recorded ?? null;
  if (version === null) return { state: "good", found: "not on the PATH, its version is not known" };
  if (!failsOpen(version)) return { state: "good", found: version };
  const why = `below ${FAIL_CLOSED_SINCE} a hook that fails lets the call through`;
  return { state: "note", found: version, why, fix: "claude update" };
};

export const lookAtMode: Look = ({ log }) => {
  if (log.kind !== "read" || log.mode === null) return null;
  const found = `last seen: ${log.mode}`;
  if (log.mode !== "bypassPermissions") return { state: "good", found };
  return { state: "note", found, why: "what no rule decides runs unasked; deny and ask still hold" };
};
