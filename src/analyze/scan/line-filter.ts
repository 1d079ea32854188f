/**
 * Which lines a scan passes on: exactly by the decoded record, and before that, cheaply, by the line's bytes. Bytes may
 * only rule out a line that stands as our serializer writes it; every other line is parsed.
 */
import { currentToolName, formerToolNames } from "../../core/tool-call.js";
import { canonicalTail } from "./canonical-line.js";
import { fieldIndex } from "./head-fields.js";
import type { HeadTable } from "./head-table.js";
import type { LineIndex } from "./index-lines.js";
import { createProbe, FIRST_FIELDS, type FirstField } from "./probe-head.js";
import type { RecordFilter, Scanned } from "./scan.js";

export interface LineFilter {
  /** Whether `ruleOut` is of use: it then wants to know which lines are single. */
  readonly canRuleOut: boolean;
  /** For `QuickWalk`: each field looked at by its number, the count of texts, each text's length and bytes; at last -1. */
  readonly probes: Buffer;
  /** Marks the single lines of a block that cannot match, those marked already passed over. The table is open for the block; lines that it takes keep their rows. */
  readonly ruleOut: (view: DataView, lines: LineIndex, table: HeadTable) => void;
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

  /** Whether the line at `index`, which ends as ours do at `tail`, cannot match. */
  const cannotMatch = (view: DataView, tail: number, lines: LineIndex, index: number, table: HeadTable): boolean => {
    const start = lines.starts[index] ?? 0;
    let isOpen = rule !== undefined || project !== undefined;
    for (const probe of probes) {
      const answer = probe(view, start, tail);
      if (answer === "other") return true;
      if (answer === "unknown") isOpen = true;
    }
    // The whole walk proves that a field that does not stand at its place stands nowhere else.
    if (!isOpen) return false;
    const row = table.add(start);
    lines.rows[index] = row;
    return row >= 0 && !headMatches(table, row);
  };
  const headMatches = (table: HeadTable, row: number): boolean =>
    asked.every((field) => wanted[field].includes(table.text(row, fieldIndex(field)) ?? "")) &&
    (rule === undefined || table.text(row, RULE_ID) === rule || table.list(row, RULE_IDS)?.includes(rule) === true) &&
    (project === undefined || isBelow(table.text(row, PROJECT) ?? table.text(row, CWD) ?? "", project));

  const ruleOut: LineFilter["ruleOut"] = (view, lines, table) => {
    for (let index = 0; index < lines.count; index++) {
      if (lines.isSingle[index] !== 1 || lines.isOut[index] === 1) continue;
      const start = lines.starts[index] ?? 0;
      const end = lines.ends[index] ?? 0;
      const tail = canonicalTail(view, start, end);
      lines.isOut[index] = tail >= 0 && cannotMatch(view, tail, lines, index, table) ? 1 : 0;
    }
  };
  return {
    canRuleOut: asked.length > 0 || rule !== undefined || project !== undefined,
    probes: Buffer.concat([...asked.flatMap((field) => probeOf(field, wanted[field].map(quoted))), numberOf(-1)]),
    ruleOut,
    matches,
  };
}

function probeOf(field: FirstField, texts: readonly Buffer[]): Buffer[] {
  const numbers = [fieldIndex(field), texts.length].map(numberOf);
  return [...numbers, ...texts.flatMap((text) => [numberOf(text.length), text])];
}

function numberOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
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
