/**
 * Two sets of cubes side by side: which shares differ by more than chance. Many are looked at together, so the
 * probabilities are corrected for that (Holm); calls of one session are alike, so "more than chance" is a hint, not a proof.
 */
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import { formatValue } from "../report/render/format.js";
import { bucketCounts, chance, largestFirst, percentileOf, share } from "../report/shape.js";
import { compareHistograms, compareShares, holm, type TestResult } from "../statistics.js";

export const SIGNIFICANT = 0.05;
export const TEST_DEFINITION =
  "share of calls: two-proportion z test, Fisher's exact test where a count is small; times: rank sum; " +
  `corrected for many comparisons (Holm), threshold ${SIGNIFICANT}`;

export interface Difference {
  readonly id: string;
  readonly label: string;
  readonly unit: "share" | "us" | "ms";
  /** A share of the calls, or a median time; `null` when nothing is known. */
  readonly a: number | null;
  readonly b: number | null;
  /** Calls behind a share, `null` for times. */
  readonly countA: number | null;
  readonly countB: number | null;
  readonly test: TestResult | null;
  /** Corrected probability, `null` when there was nothing to test. */
  readonly p: number | null;
  readonly isMoreThanChance: boolean;
}

type Draft = Omit<Difference, "p" | "isMoreThanChance">;

const MEASURES = [
  ["approved", "approved"],
  ["asked", "asked"],
  ["blocked", "blocked"],
  ["left_alone", "left alone"],
  ["unsafe", "unsafe"],
  ["by_rule", "decided by rules"],
  ["failed", "failed"],
] as const;
/** Tools compared by name, the most used ones: every further one makes the correction harsher. */
const TOOLS = 8;

export function differences(a: Cubes, b: Cubes): Difference[] {
  const [allA, allB] = [rowsOf(a, "totals")[0], rowsOf(b, "totals")[0]];
  const [callsA, callsB] = [count(allA, "calls"), count(allB, "calls")];
  const shareDraft = (id: string, label: string, partA: number, partB: number): Draft => ({
    id,
    label,
    unit: "share",
    a: share(partA, callsA),
    b: share(partB, callsB),
    countA: partA,
    countB: partB,
    test: compareShares(partA, callsA, partB, callsB),
  });
  const drafts = [
    ...MEASURES.map(([measure, label]) => shareDraft(measure, label, count(allA, measure), count(allB, measure))),
    ...promptDraft(a, b, shareDraft),
    ...toolDrafts(a, b, shareDraft),
    timeDraft("hook_time", "hook time, median", "us", a, b),
    timeDraft("llm_time", "model's time, median", "ms", a, b),
  ];
  const isKnown = ({ a, b }: Draft) => a !== null || b !== null;
  // What happened on neither side cannot differ, and would only make the correction harsher.
  const isMet = ({ countA, countB }: Draft) => countA !== 0 || countB !== 0;
  return corrected(drafts.filter((draft) => isKnown(draft) && isMet(draft)));
}

/** `asked 10.0 % of calls, was 4.0 %: higher by more than chance (…)`, the surest first. */
export function inWords(all: readonly Difference[], nameA: string, nameB: string): string[] {
  return all
    .filter(({ isMoreThanChance }) => isMoreThanChance)
    .toSorted((one, other) => (one.p ?? 1) - (other.p ?? 1))
    .map(({ label, a, b, unit, test, p }) => {
      const direction = (b ?? 0) > (a ?? 0) ? "higher" : "lower";
      const figures = `${formatValue(b, unit)} in ${nameB}, ${formatValue(a, unit)} in ${nameA}`;
      return `${label}: ${figures}: ${direction} by more than chance (${test?.test ?? ""}, ${chance(p ?? 1)} corrected).`;
    });
}

function corrected(drafts: readonly Draft[]): Difference[] {
  const tested = drafts.filter(({ test }) => test !== null);
  const adjusted = holm(tested.map(({ test }) => test?.p ?? 1));
  const byId = new Map(tested.map(({ id }, index) => [id, adjusted[index] ?? 1]));
  return drafts.map((draft) => {
    const p = byId.get(draft.id) ?? null;
    return { ...draft, p, isMoreThanChance: p !== null && p < SIGNIFICANT };
  });
}

function promptDraft(
  a: Cubes,
  b: Cubes,
  draft: (id: string, label: string, partA: number, partB: number) => Draft,
): Draft[] {
  if (a.live === 0 || b.live === 0) return [];
  const prompted = (cubes: Cubes) => count(rowsOf(cubes, "prompts")[0], "calls");
  // More prompts than calls cannot be a share of them: prompts of calls that no record decided.
  const isShare = (cubes: Cubes) => prompted(cubes) <= count(rowsOf(cubes, "totals")[0], "calls");
  return isShare(a) && isShare(b) ? [draft("prompts", "prompts", prompted(a), prompted(b))] : [];
}

function toolDrafts(
  a: Cubes,
  b: Cubes,
  draft: (id: string, label: string, partA: number, partB: number) => Draft,
): Draft[] {
  const byTool = (cubes: Cubes) =>
    new Map(largestFirst(rowsOf(cubes, "tools"), ["tool"]).map((row) => [row.keys.tool ?? "", count(row, "calls")]));
  const [toolsA, toolsB] = [byTool(a), byTool(b)];
  const sum = (tool: string) => (toolsA.get(tool) ?? 0) + (toolsB.get(tool) ?? 0);
  const names = [...new Set([...toolsA.keys(), ...toolsB.keys()])].toSorted((x, y) => sum(y) - sum(x)).slice(0, TOOLS);
  return names.map((tool) => draft(`tool ${tool}`, `calls of ${tool}`, toolsA.get(tool) ?? 0, toolsB.get(tool) ?? 0));
}

function timeDraft(cube: "hook_time" | "llm_time", label: string, unit: "us" | "ms", a: Cubes, b: Cubes): Draft {
  const bucket = cube === "hook_time" ? "hook_us_bucket" : "llm_ms_bucket";
  const rows = (cubes: Cubes): readonly CubeRow[] => rowsOf(cubes, cube);
  return {
    id: cube,
    label,
    unit,
    a: percentileOf(rows(a), bucket, 50),
    b: percentileOf(rows(b), bucket, 50),
    countA: null,
    countB: null,
    test: compareHistograms(bucketCounts(rows(a), bucket), bucketCounts(rows(b), bucket)),
  };
}
