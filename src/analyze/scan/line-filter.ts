/**
 * Which lines a scan passes on: exactly by the decoded record, and before that, cheaply, by the line's head. The head may
 * only rule out a line that it could read as our serializer wrote it; every other line is parsed.
 */
import { currentToolName } from "../../core/tool-call.js";
import { createHeadReader, type HeadField } from "./head.js";
import type { RecordFilter, Scanned } from "./scan.js";

export interface LineFilter {
  /** The line's moment when its head proves that it does not match, `null` when it must be parsed. */
  readonly skip: (bytes: Buffer, start: number, end: number) => number | null;
  readonly matches: (scanned: Extract<Scanned, { kind: "record" }>) => boolean;
}

type Test = (head: {
  readonly text: (field: "session_id" | "tier" | "decision" | "tool_name") => string | undefined;
}) => boolean;

export function createLineFilter(filter: RecordFilter): LineFilter {
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const until = filter.until ?? Number.POSITIVE_INFINITY;
  const { session, tier, decision } = filter;
  const tool = filter.tool === undefined ? undefined : currentToolName(filter.tool);

  const matches: LineFilter["matches"] = ({ record, timeMs }) =>
    timeMs >= since &&
    timeMs < until &&
    (session === undefined || record.session_id === session) &&
    (decision === undefined || record.decision === decision) &&
    (tier === undefined || record.tier === tier) &&
    (tool === undefined || currentToolName(record.tool_name ?? "") === tool) &&
    (filter.rule === undefined || record.rule_id === filter.rule || (record.rule_ids ?? []).includes(filter.rule)) &&
    (filter.project === undefined || isBelow(record.project ?? record.cwd ?? "", filter.project));

  const tests: readonly (readonly [HeadField, Test])[] = [
    ...only(session, "session_id", (text) => text === session),
    ...only(tier, "tier", (text) => text === tier),
    ...only(decision, "decision", (text) => text === decision),
    ...only(tool, "tool_name", (text) => currentToolName(text) === tool),
  ];
  const isWindowed = filter.since !== undefined || filter.until !== undefined;
  const last = tests[tests.length - 1]?.[0] ?? "event";
  const head = createHeadReader();

  const skip: LineFilter["skip"] = (bytes, start, end) => {
    if (!isWindowed && tests.length === 0) return null;
    if (!head.read(bytes, start, end, last)) return null;
    const timeMs = head.timeMs();
    const isOut = timeMs < since || timeMs >= until;
    const isOther = tests.some(([field, test]) => head.has(field) && !test(head));
    if (isOut || isOther) return timeMs;
    // Not where it belongs: only the whole walk tells that it stands nowhere else.
    const lacks = tests.some(([field]) => !head.has(field));
    return lacks && head.read(bytes, start, end) ? timeMs : null;
  };
  return { skip, matches };
}

function only(
  wanted: string | undefined,
  field: "session_id" | "tier" | "decision" | "tool_name",
  test: (text: string) => boolean,
): readonly (readonly [HeadField, Test])[] {
  return wanted === undefined ? [] : [[field, (head) => test(head.text(field) ?? "")]];
}

/** In this project or below it. */
export function isBelow(folder: string, project: string): boolean {
  return folder === project || folder.startsWith(project.endsWith("/") ? project : `${project}/`);
}
