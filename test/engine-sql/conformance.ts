/** The report of the counting here and the one of an engine, side by side; all engines are held against the same reports. */
import { foldRecords, readWindow } from "../../src/analyze/cubes/fold.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { readCubes } from "../../src/analyze/engine/read-cubes.js";
import type { Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { buildReport } from "../../src/analyze/report/build.js";
import { renderJson } from "../../src/analyze/report/render/json.js";
import type { RecordFilter, Scanned, Window } from "../../src/analyze/scan/scan.js";
import { UTC, type Zone, zoneOf } from "../../src/analyze/zone.js";
import { BUSY_START } from "../cubes/busy-log.js";

export const NOW = BUSY_START + 30 * 86_400_000;

export interface Question {
  readonly name: string;
  readonly window: Window;
  readonly zone: Zone;
  readonly filter: RecordFilter;
  /** Values of a dimension that are kept apart; as many as there are, unless told. */
  readonly distinctLimit?: number;
}

const zone = (name: string): Zone => zoneOf(name) ?? UTC;
const whole = { window: {}, zone: UTC, filter: {} };

/** The clocks of Berlin and New York change within the window of the made log. */
export const QUESTIONS: readonly Question[] = [
  { ...whole, name: "everything" },
  { ...whole, name: "local days, east", zone: zone("Europe/Berlin") },
  { ...whole, name: "local days, west", zone: zone("America/New_York") },
  { ...whole, name: "a half hour's zone", zone: zone("Asia/Kolkata") },
  { ...whole, name: "one tool", filter: { tool: "Bash" } },
  { ...whole, name: "one decision", filter: { decision: "deny" } },
  { ...whole, name: "a rule among others", filter: { rule: "shared" } },
  { ...whole, name: "a project and below", filter: { project: "/home/u/p1" } },
  { ...whole, name: "a hostile project", filter: { project: "/p/''; DROP TABLE claude_permit_rows; --" } },
  { ...whole, name: "a window", window: { since: BUSY_START + 86_400_000, until: BUSY_START + 3 * 86_400_000 } },
  { ...whole, name: "few values kept apart", distinctLimit: 8 },
  { ...whole, name: "nothing", window: { since: 1000, until: 2000 } },
];

export function rowsOf(scanned: readonly Scanned[]): Row[] {
  return [...rowsOfLog(scanned, { machine: "m1", logOf: (file) => file })];
}

/** Every row twice over, some a third time with what came later, in an order that tells nothing. */
export function shuffledCopies(rows: readonly Row[], seed: number): Row[] {
  const earlier = rows.flatMap((row, index) =>
    row.kind === "call" && index % 7 === 0 ? [{ ...row, rev: 0, outcome: "", tool_ms: null }] : [],
  );
  const later = rows.map((row) => ({ ...row, rev: 1 }));
  const all = [...earlier, ...later, ...later.filter((_, index) => index % 3 === 0)];
  let state = seed;
  for (let index = all.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (index + 1);
    const [a, b] = [all[index], all[other]];
    if (a !== undefined && b !== undefined) [all[index], all[other]] = [b, a];
  }
  return all;
}

export function embeddedReport(scanned: readonly Scanned[], question: Question): string {
  const { window, zone } = question;
  const { since = -Infinity, until = Infinity } = readWindow(window);
  // A line that is no record stands at the time of the record before it.
  let time = 0;
  const read = scanned.toReversed().filter((one) => {
    if (one.kind === "record") time = one.timeMs;
    return time >= since && time < until;
  });
  return textOf(foldRecords(read.reverse(), optionsOf(question)), zone, window);
}

export async function engineReport(engine: SqlEngine, question: Question): Promise<string> {
  return textOf(await readCubes(engine, optionsOf(question)), question.zone, question.window);
}

function optionsOf({ window, zone, filter, distinctLimit }: Question): Parameters<typeof readCubes>[1] {
  const limited = distinctLimit === undefined ? {} : { distinctLimit };
  return { window, zone, now: NOW, filter: { ...filter, ...window }, ...limited };
}

/** Of a narrowed window, what is read beyond its edges is not the same; what is counted is. */
function textOf(cubes: Parameters<typeof buildReport>[0], zone: Zone, { since, until }: Window): string {
  const report = buildReport(cubes, { generatedAt: NOW, engineVersion: "test", zone, files: [], limit: 1_000_000 });
  if (since === undefined && until === undefined) return renderJson(report);
  const { quality: _, ...sections } = report.sections;
  return renderJson({
    ...report,
    sections,
    completeness: { ...report.completeness, lines: 0, records: 0, unusable: 0, notes: [] },
  });
}
