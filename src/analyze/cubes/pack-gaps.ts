/** What no rule decided <-> a text, to be kept in a file: names of sessions and projects stand in it once. */
import type { GapCell, GapCounts } from "../gaps/gap-cells.js";

type PackedCell = Omit<GapCell, "sessions" | "projects"> & {
  readonly sessions: readonly number[];
  readonly projects: readonly number[];
};

interface Packed extends Omit<GapCounts, "gaps" | "causes"> {
  readonly names: readonly string[];
  readonly gaps: readonly PackedCell[];
  readonly causes: readonly PackedCell[];
}

export function packGaps({ totals, gaps, causes }: GapCounts): string {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  const packed = (cell: GapCell): PackedCell => ({
    ...cell,
    sessions: cell.sessions.map(numberOf),
    projects: cell.projects.map(numberOf),
  });
  const cells = { gaps: gaps.map(packed), causes: causes.map(packed) };
  return JSON.stringify({ totals, ...cells, names: [...numbers.keys()] } satisfies Packed);
}

/** @param placeOf a place as it is told now, from what it was when it was packed */
export function unpackGaps(text: string, placeOf: (at: string) => string): GapCounts {
  const { totals, names, gaps, causes }: Packed = JSON.parse(text);
  const nameOf = (number: number): string => names[number] ?? "";
  const unpacked = (cell: PackedCell): GapCell => ({
    ...cell,
    sessions: cell.sessions.map(nameOf),
    projects: cell.projects.map(nameOf),
    samples: cell.samples.map((sample) => ({ ...sample, at: placeOf(sample.at) })),
  });
  return { totals, gaps: gaps.map(unpacked), causes: causes.map(unpacked) };
}
