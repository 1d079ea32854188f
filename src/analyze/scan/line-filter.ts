/**
 * Which lines a scan passes on: exactly by the decoded record, and before that, cheaply, by the line's bytes. Bytes may
 * only rule out a line that stands as our serializer writes it; every other line is parsed.
 */
import { currentToolName, formerToolNames } from "../../core/tool-call.js";
import { canonicalTail } from "./canonical-line.js";
import { createHeadReader, fieldIndex, type HeadReader } from "./head.js";
import type { LineIndex } from "./index-lines.js";
import { createProbe, FIRST_FIELDS, type FirstField } from "./probe-head.js";
import type { RecordFilter, Scanned } from "./scan.js";

export interface LineFilter {
  /** Whether `ruleOut` is of use: it then wants to know which lines are single. */
  readonly canRuleOut: boolean;
  /** Marks the single lines of a block that cannot match. */
  readonly ruleOut: (bytes: Buffer, lines: LineIndex) => void;
  readonly matches: (scanned: Extract<Scanned, { kind: "record" }>) => boolean;
}

export function createLineFilter(filter: RecordFilter): LineFilter {
  const { session, tier, decision, rule, project } = filter;
  const since = filter.since ?? Number.NEGATIVE_INFINITY;
  const until = filter.until ?? Number.POSITIVE_INFINITY;
  const tool = filter.tool === undefined ? undefined : currentToolName(filter.tool);

  const matches: LineFilter["matches"] = ({ record, timeMs }) =>
    timeMs >= since &&
    timeMs < until &&
    (session === undefined || record.session_id === session) &&
    (decision === undefined || record.decision === decision) &&
    (tier === undefined || record.tier === tier) &&
    (tool === undefined || currentToolName(record.tool_name ?? "") === tool) &&
    (rule === undefined || record.rule_id === rule || (record.rule_ids ?? []).includes(rule)) &&
    (project === undefined || isBelow(record.project ?? record.cwd ?? "", project));

  const wanted: Readonly<Record<FirstField, readonly string[]>> = {
    session_id: listOf(session),
    tier: listOf(tier),
    decision: listOf(decision),
    tool_name: tool === undefined ? [] : [tool, ...formerToolNames(tool)],
  };
  const asked = FIRST_FIELDS.filter((field) => wanted[field].length > 0);
  const probes = asked.map((field) => createProbe(field, wanted[field].map(quoted)));
  const head = createHeadReader();

  const cannotMatch = (bytes: Buffer, start: number, end: number, tail: number): boolean => {
    let isOpen = rule !== undefined || project !== undefined;
    for (const probe of probes) {
      const answer = probe(bytes, start, tail);
      if (answer === "other") return true;
      if (answer === "unknown") isOpen = true;
    }
    // The whole walk proves that a field that does not stand at its place stands nowhere else.
    return isOpen && head.read(bytes, start, end) && !headMatches(head);
  };
  const headMatches = (line: HeadReader): boolean =>
    asked.every((field) => wanted[field].includes(line.text(fieldIndex(field)) ?? "")) &&
    (rule === undefined || line.text(RULE_ID) === rule || line.list(RULE_IDS)?.includes(rule) === true) &&
    (project === undefined || isBelow(line.text(PROJECT) ?? line.text(CWD) ?? "", project));

  const ruleOut: LineFilter["ruleOut"] = (bytes, lines) => {
    for (let index = 0; index < lines.count; index++) {
      if (!lines.isSingle[index]) continue;
      const start = lines.starts[index] ?? 0;
      const end = lines.ends[index] ?? 0;
      const tail = canonicalTail(bytes, start, end);
      lines.isOut[index] = tail >= 0 && cannotMatch(bytes, start, end, tail);
    }
  };
  return { canRuleOut: asked.length > 0 || rule !== undefined || project !== undefined, ruleOut, matches };
}

const RULE_ID = fieldIndex("rule_id");
const RULE_IDS = fieldIndex("rule_ids");
const PROJECT = fieldIndex("project");
const CWD = fieldIndex("cwd");

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}

function quoted(text: string): Buffer {
  return Buffer.from(JSON.stringify(text));
}

function isBelow(folder: string, project: string): boolean {
  return folder === project || folder.startsWith(project.endsWith("/") ? project : `${project}/`);
}
