/** What `prune` removed from a log and kept the sums of: a report says so where its window reaches back that far. It counts nothing in. */
import type { Window } from "../scan/scan.js";
import { grouped, plural } from "./shape.js";

/** One removed segment, as `state/retired.jsonl` tells it. */
export interface Retired {
  readonly segment: string;
  /** Of UTC. */
  readonly days: readonly RetiredDay[];
}

interface RetiredDay {
  /** `2026-11-21`. */
  readonly day: string;
  readonly calls: number;
  readonly approved: number;
  readonly asked: number;
  readonly blocked: number;
}

const DAY_MS = 86_400_000;
const FIGURES = ["calls", "approved", "asked", "blocked"] as const;

/** Of a segment that is told twice the last line counts; a line that is none of ours is passed over. */
export function parseRetired(text: string): readonly Retired[] {
  const found = new Map<string, Retired>();
  for (const line of text.split("\n")) {
    const one = parseLine(line);
    if (one !== null) found.set(one.segment, one);
  }
  return [...found.values()];
}

/** Sentences for the head of a report; none when no removed day is inside its window. */
export function retiredNotes(retired: readonly Retired[], { since = -Infinity, until = Infinity }: Window): string[] {
  const inside = retired.flatMap(({ segment, days }) =>
    days.flatMap((one) => {
      const begin = Date.parse(`${one.day}T00:00:00Z`);
      return begin + DAY_MS > since && begin < until ? [{ segment, ...one }] : [];
    }),
  );
  const days = inside.map(({ day }) => day).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const sum = (name: (typeof FIGURES)[number]) => inside.reduce((all, one) => all + one[name], 0);
  const segments = plural(new Set(inside.map(({ segment }) => segment)).size, "segment");
  const [calls, approved, asked, blocked] = FIGURES.map(sum);
  return [
    `${segments} of ${first} to ${last} (UTC) removed by \`prune\`, not counted here: ${plural(calls ?? 0, "call")}, of which ${grouped(approved ?? 0)} approved, ${grouped(asked ?? 0)} asked, ${grouped(blocked ?? 0)} blocked.`,
  ];
}

function parseLine(line: string): Retired | null {
  try {
    const { segment, days }: { readonly segment?: unknown; readonly days?: unknown } = JSON.parse(line);
    if (typeof segment !== "string" || !Array.isArray(days) || !days.every(isDay)) return null;
    return { segment, days };
  } catch {
    return null;
  }
}

function isDay(value: unknown): value is RetiredDay {
  if (typeof value !== "object" || value === null || !("day" in value) || typeof value.day !== "string") return false;
  const figures = new Map(Object.entries(value));
  return /^\d{4}-\d\d-\d\d$/.test(value.day) && FIGURES.every((name) => Number.isSafeInteger(figures.get(name)));
}
