/**
 * The estimate "this allow of ours spared a prompt" (SPEC section 9). It errs to the low side and never counts a mode in
 * which Claude Code would not have asked.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { toolShape } from "../../core/tool-call.js";

export const PROMPTS_SAVED_DEFINITION =
  "our allows in default, acceptEdits and plan mode of attended sessions, for calls that do more than read " +
  "(in acceptEdits, more than edit the project); none in auto and bypass mode";

const ASKING_MODES = new Set(["default", "acceptEdits", "plan"]);
const OUR_TIERS = new Set(["allow", "auto", "llm", "reroute"]);

export function savesPrompt(record: AuditRecord): boolean {
  const { decision, tier, permission_mode: mode = "", effect } = record;
  if (decision !== "allow" && decision !== "rerouted") return false;
  if (tier === undefined || !OUR_TIERS.has(tier) || record.imported_from !== undefined) return false;
  if (record.attended === false || !ASKING_MODES.has(mode)) return false;
  if (effect === undefined) return !onlyReads(record.tool_name ?? "");
  return effect !== "reads" && !(mode === "acceptEdits" && effect === "writes-project");
}

/** By the tool alone, for records that carry no effect. */
function onlyReads(tool: string): boolean {
  const paths = toolShape(tool)?.paths;
  return paths?.every((path) => path.access === "read") ?? false;
}
