/** How far the report can be trusted: what was read, what could not be used and where, what was cut, repeated, late or inferred. */
import { count, rowsOf } from "../cubes/fold.js";
import type { Quality } from "../cubes/quality.js";
import type { Figure, Row, Table } from "../report/report.schema.js";
import { grouped, largestFirst, plural, share, total } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import { CALL_COLUMNS, code, figure, keyCell } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const quality: SectionDefinition = {
  id: "quality",
  build(context) {
    const { cubes } = context;
    const inferred = total(rowsOf(cubes, "rejections"));
    return {
      title: "Quality",
      about: "What was read, and what of it could not be used, was cut, repeated, late or inferred.",
      figures: figures(cubes.quality, inferred),
      charts: {},
      tables: { unusable: unusableTable(context), events: eventTable(context), folded: foldedTable(cubes.quality) },
      notes: completenessNotes(cubes.quality),
    };
  },
};

/** One sentence for each thing that keeps the counts from being whole. */
export function completenessNotes(account: Quality): string[] {
  const notes: string[] = [];
  if (account.unusable > 0) {
    const part = share(account.unusable, account.lines) ?? 0;
    notes.push(
      `${grouped(account.unusable)} of ${plural(account.lines, "line")} (${(part * 100).toFixed(2)} %) could not be used.`,
    );
  }
  for (const { dimension, kept, met } of account.folded) {
    notes.push(
      `Only ${grouped(kept)} distinct values of ${dimension} are kept apart; ${plural(met, "count")} beyond them counted together.`,
    );
  }
  if (account.closedEarly > 0) {
    notes.push(
      `Copies of ${plural(account.closedEarly, "call")} may be counted twice: too many calls within ten minutes.`,
    );
  }
  return notes;
}

function figures(account: Quality, inferred: number): Record<string, Figure> {
  return {
    lines: figure("lines read", account.lines, "lines of the files named above, the window's edges included"),
    records: figure("records", account.records, "lines that are a record"),
    in_window: figure("records in the window", account.inWindow, "records whose time is inside the window"),
    unusable: figure("unusable lines", account.unusable, "lines that are no record"),
    copies: figure("copies", account.copies, "records that repeat a call already counted"),
    prompt_copies: figure("copies of prompts", account.promptCopies, "records that repeat a prompt already counted"),
    truncated: figure("cut inputs", account.truncated, "records whose tool input was cut when written"),
    redacted: figure("redacted records", account.redacted, "records in which secrets were replaced"),
    secrets: figure("secrets replaced", account.secrets, "secrets replaced when records were written"),
    out_of_order: figure(
      "out of order",
      account.outOfOrder,
      "records older than one that stands before them in the log",
    ),
    strays: figure("strays", account.strays, "records over ten minutes newer than the one behind them"),
    future: figure("from the future", account.future, "records more than a minute ahead of this machine's clock"),
    inferred: figure("inferred refusals", inferred, "refusals concluded from what did not happen", {
      basis: "inferred",
    }),
    without_id: figure("decisions without id", account.withoutId, "decisions to which no outcome can be joined"),
    undecided: figure("without decision", account.undecided, "PreToolUse records that say no decision; not counted"),
    outcomes_alone: figure(
      "outcomes alone",
      account.outcomesAlone,
      "outcomes whose decision is not in the log, or is older than what was read",
    ),
  };
}

function unusableTable({ cubes, limit }: SectionContext): Table {
  const rows = cubes.quality.badLines.map(
    ({ problem, at, length, excerpt }): Row => ({ cells: { at, problem, length, excerpt }, samples: [], filter: {} }),
  );
  return {
    title: "Unusable lines",
    about: "The newest ones.",
    columns: {
      at: code("place", "file:offset in bytes"),
      problem: code("problem"),
      length: { label: "bytes", unit: "count", definition: "length of the line", priority: 1 },
      excerpt: code("begins with", "", 1),
    },
    explained: false,
    rows: rows.slice(0, limit),
    total_rows: cubes.quality.unusable,
  };
}

function eventTable(context: SectionContext): Table {
  return buildTable(context, {
    title: "Records by event",
    about: "As they stand in the log, copies included.",
    columns: {
      event: code("event"),
      imported: code("imported from", "no data: written by the hook"),
      calls: { ...CALL_COLUMNS.calls, label: "records", definition: "records in the window" },
    },
    rows: largestFirst(rowsOf(context.cubes, "events"), ["event", "imported"]),
    cells: (row) => ({
      event: keyCell(row.keys.event),
      imported: keyCell(row.keys.imported),
      calls: count(row, "calls"),
    }),
  });
}

function foldedTable(account: Quality): Table {
  return {
    title: "Values counted together",
    about: "Dimensions with more distinct values than are kept apart.",
    columns: {
      dimension: code("dimension"),
      kept: { label: "kept apart", unit: "count", definition: "distinct values", priority: 0 },
      met: { label: "beyond", unit: "count", definition: "times a value beyond them was met", priority: 0 },
    },
    explained: false,
    rows: account.folded.map(
      ({ dimension, kept, met }): Row => ({
        cells: { dimension, kept, met },
        samples: [],
        filter: {},
      }),
    ),
    total_rows: account.folded.length,
  };
}
