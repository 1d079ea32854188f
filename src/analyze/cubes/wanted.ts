/** Which calls and prompts a filter asks for. A call is judged whole, after its copies were folded into it. */
import { currentToolName } from "../../core/tool-call.js";
import type { RecordFilter } from "../scan/scan.js";
import type { Fact } from "./fact.js";
import type { Call, Calling } from "./open-call.js";

export function isCallWithin(call: Call, filter: RecordFilter): boolean {
  const { since = -Infinity, until = Infinity } = filter;
  const { timeMs } = call.calling;
  return timeMs >= since && timeMs < until && isCallWanted(call, filter);
}

/** At any time. */
export function isCallWanted({ calling, ruling }: Call, filter: RecordFilter): boolean {
  return (
    (filter.decision === undefined || filter.decision === ruling.decision) &&
    (filter.tier === undefined || filter.tier === ruling.tier) &&
    (filter.rule === undefined || ruling.rules.includes(filter.rule)) &&
    isCallingWanted(calling, filter)
  );
}

/** As far as it does not depend on how the call was decided. */
export function isCallingWanted({ session, tool, project }: Calling, filter: RecordFilter): boolean {
  return (
    (filter.session === undefined || filter.session === session) &&
    isTool(tool, filter) &&
    (filter.project === undefined || isBelow(project, filter.project))
  );
}

/** A prompt is nobody's decision: asking for decisions, tiers or rules leaves prompts out. */
export function isPromptWanted(fact: Fact, filter: RecordFilter): boolean {
  return (
    (filter.session === undefined || filter.session === fact.session) &&
    isTool(fact.tool, filter) &&
    (filter.project === undefined || isBelow(fact.project, filter.project)) &&
    filter.decision === undefined &&
    filter.tier === undefined &&
    filter.rule === undefined
  );
}

function isTool(tool: string, filter: RecordFilter): boolean {
  return filter.tool === undefined || tool === currentToolName(filter.tool);
}

/** In this project or below it. */
function isBelow(folder: string, project: string): boolean {
  return folder === project || folder.startsWith(project.endsWith("/") ? project : `${project}/`);
}
