/** Is the model well? Verdicts, failures, timeouts and latency, per day and as a trend (US-7, US-8). */
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Column, Figure, Table } from "../report/report.schema.js";
import { compareBytes, groupRows, largestFirst, percentileOf, share, total } from "../report/shape.js";
import { trendOf } from "../statistics.js";
import { addRows } from "./add-rows.js";
import { buildTable } from "./build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell, LAST, whenCells } from "./decision-columns.js";
import { latencyBand } from "./latency-charts.js";
import type { SectionContext, SectionDefinition } from "./section.js";

const LATENCY = "how long the model took, failures included where that was recorded; nearest rank, to 1/64";
const CONSULTED = "calls for which the model was asked, the cache included";
const PERCENTILES = [50, 90, 95, 99] as const;

export const llm: SectionDefinition = {
  id: "llm",
  comparesWindows: true,
  build(context) {
    const { cubes } = context;
    const verdicts = rowsOf(cubes, "verdicts");
    const consulted = total(verdicts);
    const times = rowsOf(cubes, "llm_time");
    const having = (...outcomes: readonly string[]) =>
      total(verdicts.filter((row) => outcomes.includes(row.keys.llm ?? "")));
    const part = (value: number) => share(value, consulted);
    const isKnown = consulted > 0;
    const days = byDay(context);
    const given = [...rowsOf(cubes, "answers"), ...rowsOf(cubes, "review_answers")];
    const answered = total(given);
    const against = total(given.filter(isAgainst));
    return {
      title: "LLM",
      about: "What consulting the model came to, and how long it took.",
      figures: {
        consulted: figure("consulted", isKnown ? consulted : null, CONSULTED),
        failed: figure("failures", part(having("error", "timeout")), "share of them without a verdict", SHARE),
        timeouts: figure("timeouts", part(having("timeout")), "share of them that ran out of time", SHARE),
        cached: figure(
          "from the cache",
          part(total(verdicts.filter((row) => row.keys.llm_cached === "yes"))),
          "share of them answered without asking again",
          SHARE,
        ),
        unsure: figure(
          "unsure",
          isKnown ? total(rowsOf(cubes, "unsure")) : null,
          "verdicts with a confidence under 0.7",
        ),
        disagreement: figure("disagreement", share(against, answered), DISAGREEMENT, SHARE),
        ...latencyFigures(times),
      },
      charts: {
        latency: latencyBand({
          title: "Latency by day",
          unit: "ms",
          bucket: "llm_ms_bucket",
          rows: times,
        }),
      },
      tables: {
        verdicts: verdictTable(context, verdicts, consulted),
        by_day: dayTable(context, days),
        answers: answerTable(context, given),
        failures: failureTable(context),
      },
      notes: isKnown ? trendNotes(days) : ["The model was not consulted in this window, as far as the log tells."],
    };
  },
};

const DISAGREEMENT =
  "of the answers people gave on judged calls (in a dialog, a No inferred; in `review`), the share against the verdict: GREEN refused or rejected, YELLOW or RED run or approved as it was called";

/** SPEC section 5: a verdict is contradicted by what its reader then did, never by another verdict. */
function isAgainst({ keys }: CubeRow): boolean {
  const against = keys.llm === "GREEN" ? ["refused", "rejected"] : ["as-called", "approved"];
  return against.includes(keys.answered ?? "");
}

/** A verdict, not a failure: `list --score` finds it. */
function isScore(llm: string | undefined): boolean {
  return llm === "GREEN" || llm === "YELLOW" || llm === "RED";
}

const SHARE = { unit: "share" } as const;

function latencyFigures(times: readonly CubeRow[]): Record<string, Figure> {
  const figures = PERCENTILES.map((p): [string, Figure] => [
    `p${p}`,
    figure(`latency p${p}`, percentileOf(times, "llm_ms_bucket", p), LATENCY, { unit: "ms" }),
  ]);
  return Object.fromEntries(figures);
}

interface LlmDay {
  readonly row: CubeRow;
  readonly consulted: number;
  readonly failed: number;
  readonly timeouts: number;
  readonly times: readonly CubeRow[];
}

/** Oldest first. */
function byDay({ cubes }: SectionContext): LlmDay[] {
  const times = groupRows(rowsOf(cubes, "llm_time"), "day");
  const days = [...groupRows(rowsOf(cubes, "llm_by_day"), "day")].toSorted(([a], [b]) => compareBytes(a, b));
  return days.map(([day, rows]) => {
    const having = (outcome: string) => total(rows.filter((row) => row.keys.llm === outcome));
    return {
      row: addRows(rows),
      consulted: total(rows),
      failed: having("error") + having("timeout"),
      timeouts: having("timeout"),
      times: times.get(day) ?? [],
    };
  });
}

function trendNotes(days: readonly LlmDay[]): string[] {
  const told = (name: string, values: readonly number[]): string => {
    const trend = trendOf(values);
    if (trend === null) return `${name}: too few days to tell a trend.`;
    if (trend.direction === "none") return `${name}: no trend beyond chance.`;
    return `${name}: ${trend.direction} by more than chance (95 % interval of the daily slope).`;
  };
  const latency = days.flatMap(({ times }) => percentileOf(times, "llm_ms_bucket", 95) ?? []);
  return [
    told("Latency p95", latency),
    told(
      "Failures",
      days.map(({ failed, consulted }) => failed / consulted),
    ),
  ];
}

function verdictTable(context: SectionContext, rows: readonly CubeRow[], consulted: number): Table {
  return buildTable(context, {
    title: "Verdicts",
    about: "What the user made of them: a call that ran and one that was refused.",
    columns: {
      llm: code("verdict", "the score, or timeout or error"),
      model: code("model", "", 2),
      cached: code("cached", "yes: from the cache", 3),
      calls: CALL_COLUMNS.calls,
      share: { label: "share", unit: "share", definition: "of all consultations", priority: 1 },
      approved: CALL_COLUMNS.approved,
      asked: CALL_COLUMNS.asked,
      blocked: CALL_COLUMNS.blocked,
      succeeded: { label: "succeeded", unit: "count", definition: DEFINITIONS.succeeded, priority: 3 },
      rejected: { label: "refused", unit: "count", definition: `inferred: ${DEFINITIONS.rejected}`, priority: 2 },
    },
    rows: largestFirst(rows, ["llm", "llm_model", "llm_cached"]),
    cells: (row) => ({
      llm: keyCell(row.keys.llm),
      model: keyCell(row.keys.llm_model),
      cached: keyCell(row.keys.llm_cached),
      calls: count(row, "calls"),
      share: share(count(row, "calls"), consulted),
      approved: count(row, "approved"),
      asked: count(row, "asked"),
      blocked: count(row, "blocked"),
      succeeded: count(row, "succeeded"),
      rejected: count(row, "rejected"),
    }),
    filter: ({ keys }): Record<string, string> => (isScore(keys.llm) ? { score: keys.llm ?? "" } : {}),
    before: { cube: "verdicts", keys: ["llm", "llm_model", "llm_cached"] },
  });
}

function dayTable(context: SectionContext, days: readonly LlmDay[]): Table {
  const newest = new Map(days.toReversed().map((day) => [day.row, day]));
  const latency = (p: number): Column => ({
    label: `p${p}`,
    unit: "ms",
    definition: LATENCY,
    priority: p === 95 ? 1 : 2,
  });
  return buildTable(context, {
    title: "Model by day",
    about: "",
    columns: {
      day: code("day"),
      consulted: { ...CALL_COLUMNS.calls, label: "consulted", definition: CONSULTED },
      failed: { label: "failed", unit: "share", definition: "share without a verdict, timeouts included", priority: 1 },
      timeouts: { label: "timeouts", unit: "count", definition: "consultations that ran out of time", priority: 3 },
      ...Object.fromEntries(PERCENTILES.map((p) => [`p${p}`, latency(p)])),
    },
    rows: [...newest.keys()],
    cells: (row) => {
      const day = newest.get(row);
      return {
        day: keyCell(row.keys.day),
        consulted: day?.consulted ?? 0,
        failed: share(day?.failed ?? 0, day?.consulted ?? 0),
        timeouts: day?.timeouts ?? 0,
        ...Object.fromEntries(PERCENTILES.map((p) => [`p${p}`, percentileOf(day?.times ?? [], "llm_ms_bucket", p)])),
      };
    },
  });
}

function answerTable(context: SectionContext, given: readonly CubeRow[]): Table {
  return buildTable(context, {
    title: "Answers to verdicts",
    about: "What people did where they were asked about a judged call.",
    columns: {
      llm: code("verdict"),
      answered: code("answer", "in a dialog as-called, another, refused; in review approved, confirmed, rejected"),
      against: code("against", "yes: it contradicts the verdict", 1),
      calls: { ...CALL_COLUMNS.calls, label: "answers", definition: "answers of people" },
      call: code("call", "the newest one", 2),
      last: LAST,
    },
    rows: largestFirst(given, ["llm", "answered"]),
    cells: (row) => ({
      llm: keyCell(row.keys.llm),
      answered: keyCell(row.keys.answered),
      against: isAgainst(row) ? "yes" : "",
      calls: count(row, "calls"),
      call: keyCell(row.samples[0]?.subject),
      last: whenCells(row, context.zone).last,
    }),
  });
}

function failureTable(context: SectionContext): Table {
  return buildTable(context, {
    title: "Model failures",
    about: "As recorded, the most frequent first.",
    columns: { error: code("error"), calls: CALL_COLUMNS.calls, last: LAST },
    rows: largestFirst(rowsOf(context.cubes, "llm_errors"), ["llm_error"]),
    cells: (row) => ({
      error: keyCell(row.keys.llm_error),
      calls: count(row, "calls"),
      last: whenCells(row, context.zone).last,
    }),
  });
}
