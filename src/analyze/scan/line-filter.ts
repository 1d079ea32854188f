/**
 * Which lines a scan passes on: exactly by the decoded record, and before that, cheaply, by the line's bytes. The bytes
 * may only rule out a line that begins and ends as our serializer writes it; every other line is parsed.
 */
import { currentToolName } from "../../core/tool-call.js";
import { canonicalTail, canonicalTime, textEnd } from "./canonical-line.js";
import type { RecordFilter, Scanned } from "./scan.js";

export interface LineFilter {
  /** To be called for each block, before its lines. */
  readonly enter: (bytes: Buffer, start: number, end: number) => void;
  /** A line that cannot match: its moment, or `undefined` when nobody needs it. `null`: parse it. Lines come last first. */
  readonly skip: (bytes: Buffer, start: number, end: number) => number | undefined | null;
  readonly matches: (scanned: Extract<Scanned, { kind: "record" }>) => boolean;
}

export function createLineFilter(filter: RecordFilter): LineFilter {
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const until = filter.until ?? Number.POSITIVE_INFINITY;
  const tool = filter.tool === undefined ? undefined : currentToolName(filter.tool);
  const isWindowed = filter.since !== undefined || filter.until !== undefined;
  const needle = needleOf(filter);
  /** Places of the needle in the block, first to last. */
  const hits: number[] = [];

  const enter: LineFilter["enter"] = (bytes, start, end) => {
    hits.length = 0;
    if (needle === null) return;
    for (let at = bytes.indexOf(needle, start); at !== -1 && at < end; at = bytes.indexOf(needle, at + 1))
      hits.push(at);
  };
  const skip: LineFilter["skip"] = (bytes, start, end) => {
    if (needle === null && !isWindowed) return null;
    while (hits.length > 0 && (hits[hits.length - 1] ?? 0) >= end) hits.pop();
    const hasNeedle = needle === null || (hits[hits.length - 1] ?? -1) >= start;
    if (hasNeedle && !isWindowed) return null;
    if (canonicalTail(bytes, start, textEnd(bytes, start, end)) < 0) return null;
    if (!isWindowed) return undefined;
    const timeMs = canonicalTime(bytes, start);
    return timeMs !== null && (!hasNeedle || timeMs < since || timeMs >= until) ? timeMs : null;
  };
  const matches: LineFilter["matches"] = ({ record, timeMs }) =>
    timeMs >= since &&
    timeMs < until &&
    (filter.session === undefined || record.session_id === filter.session) &&
    (filter.decision === undefined || record.decision === filter.decision) &&
    (filter.tier === undefined || record.tier === filter.tier) &&
    (tool === undefined || currentToolName(record.tool_name ?? "") === tool) &&
    (filter.rule === undefined ||
      record.rule_id === filter.rule ||
      (record.rule_ids?.includes(filter.rule) ?? false)) &&
    (filter.project === undefined || isBelow(record.project ?? record.cwd ?? "", filter.project));

  return { enter, skip, matches };
}

/** Bytes that every matching line of our serializer holds, from the filter that is likely the rarest. */
function needleOf(filter: RecordFilter): Buffer | null {
  const { session, rule, decision, tier, project } = filter;
  if (session !== undefined) return Buffer.from(`"session_id":${JSON.stringify(session.toWellFormed())}`);
  // As `rule_id` or in the list `rule_ids`.
  if (rule !== undefined) return Buffer.from(JSON.stringify(rule.toWellFormed()));
  if (decision !== undefined) return Buffer.from(`"decision":${JSON.stringify(decision)}`);
  if (tier !== undefined) return Buffer.from(`"tier":${JSON.stringify(tier)}`);
  // As `project` or `cwd`, itself or a folder below.
  if (project !== undefined) return Buffer.from(`":${JSON.stringify(project.toWellFormed()).slice(0, -1)}`);
  return null;
}

function isBelow(folder: string, project: string): boolean {
  return folder === project || folder.startsWith(project.endsWith("/") ? project : `${project}/`);
}
