/**
 * The Report: one versioned, self-describing value that every format renders. All sections share one shape (figures, charts,
 * tables with places), so a new section needs no new renderer. Additive changes keep the version.
 */
import * as z from "zod";

/** `null` is "no data": nothing is known, which is not 0. */
const value = z.union([z.number(), z.string(), z.null()]);

/**
 * `count` and `time` are what they say (time: RFC 3339 with the report zone's offset); `share` 0..1 with four decimals (a change of a share may be negative); `us`
 * and `ms` whole micro- and milliseconds; `text` our own words; `code` text from the log or a policy;
 * `command` a line to type, never cut; `rule` lines of a policy file to paste, never cut.
 */
const unit = z.enum(["count", "share", "us", "ms", "time", "text", "code", "command", "rule"]);

const figure = z.strictObject({
  label: z.string(),
  value,
  unit,
  /** What is counted, in one sentence. */
  definition: z.string(),
  /** How far to trust it: counted from records, or estimated, or inferred from what did not happen. */
  basis: z.enum(["counted", "estimated", "inferred"]),
});

const column = z.strictObject({
  label: z.string(),
  unit,
  definition: z.string(),
  /** Columns with a higher number go first when space is short; 0 never goes. */
  priority: z.int().min(0),
});

/** A place in the log that stands for a row. */
const sample = z.strictObject({
  /** `file:offset`, bytes from the start of the (decompressed) file. */
  at: z.string(),
  time: z.string(),
  session: z.string(),
  subject: z.string(),
  reason: z.string(),
  rule_source: z.string(),
});

const row = z.strictObject({
  cells: z.record(z.string(), value),
  samples: z.array(sample),
  /** Filter that lists the records behind the row: flag name without dashes -> value. */
  filter: z.record(z.string(), z.string()),
});

const table = z.strictObject({
  title: z.string(),
  about: z.string(),
  columns: z.record(z.string(), column),
  rows: z.array(row),
  /** The places of its rows are to be shown in full, with reason and call. */
  explained: z.boolean(),
  /** Rows there are; `rows` holds the first of them. */
  total_rows: z.int().min(0),
});

const tone = z.enum(["good", "notice", "bad", "quiet", "alarm"]);

/**
 * One shape for every chart: a matrix of points (rows: days, weekdays, tools) and series (columns). The kind says how it is
 * drawn, never what it says, so the table behind a chart and its form in any format follow from the matrix alone:
 *
 * `share` parts of one whole, one point · `bars` one bar a point · `stacked` parts over time, one point a day · `spark` one
 * series, drawn inside the figure of the same id · `band` three series: low, middle, high · `heat` a grid · `timeline` how
 * often each series happened, marked where it did · `percentiles` rising values, logarithmic.
 */
const chart = z.strictObject({
  kind: z.enum(["share", "bars", "stacked", "spark", "band", "heat", "timeline", "percentiles"]),
  title: z.string(),
  unit: z.enum(["count", "share", "us", "ms"]),
  series: z.array(z.strictObject({ label: z.string(), tone })),
  /** One value for each series; `null` is "no data". */
  points: z.array(z.strictObject({ label: z.string(), values: z.array(z.number().nullable()) })),
});

const section = z.strictObject({
  title: z.string(),
  about: z.string(),
  figures: z.record(z.string(), figure),
  charts: z.record(z.string(), chart),
  tables: z.record(z.string(), table),
  notes: z.array(z.string()),
});

/** A run of text; `unknown`: a number that the report does not hold. */
const proseText = z.strictObject({
  text: z.string(),
  style: z.enum(["plain", "strong", "emphasis", "code"]),
  unknown: z.literal(true).optional(),
});

/** A paragraph has one entry, a list one for each of its items. */
const proseBlock = z.strictObject({
  kind: z.enum(["paragraph", "bullets", "numbered"]),
  entries: z.array(z.array(proseText)),
});

/** Written by a language model from the report's aggregates and redacted examples; never counted on. */
const summary = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("written"),
    model: z.string(),
    written_at: z.string(),
    blocks: z.array(proseBlock),
    /** Numbers in it that the report does not hold. */
    unknown_numbers: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal("missing"), why: z.string() }),
]);

/** How whole an engine's rows are. */
const source = z.strictObject({
  machines: z.int(),
  logs: z.int(),
  /** In the window, each once. */
  rows: z.int(),
  /** In the window: sent again, or replaced by what came later. Never counted. */
  duplicates: z.int(),
  /** Logs of which bytes did not arrive, the largest gaps first, at most 20. */
  gaps: z.array(z.strictObject({ machine: z.string(), log: z.string(), bytes: z.int() })),
  /** Logs with a gap, all of them. */
  logs_with_gaps: z.int(),
  /** Bytes still on the machines when they shipped last. */
  waiting_bytes: z.int(),
  /** Lines given up before they were shipped. */
  dropped_lines: z.int(),
});

export const reportSchema = z.strictObject({
  report: z.literal("claude-permit"),
  version: z.literal(1),
  engine_version: z.string(),
  generated_at: z.string(),
  window: z.strictObject({
    /** The limits asked for, `null` = open; half-open: since <= t < until. */
    since: z.string().nullable(),
    until: z.string().nullable(),
    /** Oldest and newest record counted. */
    first: z.string().nullable(),
    last: z.string().nullable(),
  }),
  zone: z.strictObject({
    name: z.string(),
    /** Offsets from UTC in force between the oldest and the newest record. */
    offsets: z.array(z.string()),
  }),
  filter: z.record(z.string(), z.string()),
  files: z.array(z.string()),
  completeness: z.strictObject({
    /** Every line was understood and every count is exact. */
    complete: z.boolean(),
    lines: z.int(),
    records: z.int(),
    unusable: z.int(),
    notes: z.array(z.string()),
    /** Of a report over what machines shipped; absent: it was counted from the files named above. */
    source: source.optional(),
  }),
  sections: z.record(z.string(), section),
  /** Only where it was asked for. */
  summary: summary.optional(),
  /** What was taken out before the report left the machine, occurrences; absent: nothing was. */
  redacted: z.strictObject({ homes: z.int(), names: z.int(), secrets: z.int() }).optional(),
});

export type Summary = z.infer<typeof summary>;
export type ProseBlock = z.infer<typeof proseBlock>;
export type ProseText = z.infer<typeof proseText>;
export type Report = z.infer<typeof reportSchema>;
export type Section = z.infer<typeof section>;
export type Figure = z.infer<typeof figure>;
export type Table = z.infer<typeof table>;
export type Column = z.infer<typeof column>;
export type Row = z.infer<typeof row>;
export type SamplePlace = z.infer<typeof sample>;
export type Chart = z.infer<typeof chart>;
export type Value = z.infer<typeof value>;
export type Unit = z.infer<typeof unit>;

/** JSON Schema of the Report, for people who read the JSON with other tools. */
export function reportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(reportSchema);
}
