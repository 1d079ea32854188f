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

/** Whether a record allows by what is ours. */
export function isOurAllow({ decision, tier, imported_from }: AuditRecord): boolean {
  if (decision !== "allow" && decision !== "rerouted") return false;
  return tier !== undefined && OUR_TIERS.has(tier) && imported_from === undefined;
}

/** Of such a call. @param call `effect`: "" where none is recorded */
export function savesPrompt({ mode, attended, effect, tool }: Asked): boolean {
  if (attended === false || !ASKING_MODES.has(mode)) return false;
  if (effect === "") return !onlyReads(tool);
  return effect !== "reads" && !(mode === "acceptEdits" && effect === "writes-project");
}

interface Asked {
  readonly mode: string;
  readonly attended: boolean | undefined;
  readonly effect: string;
  readonly tool: string;
}

/** By the tool alone, for records that carry no effect. */
function onlyReads(tool: string): boolean {
  const paths = toolShape(tool)?.paths;
  return paths?.every((path) => path.access === "read") ?? false;
}
