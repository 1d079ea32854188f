/**
 * Where values stand: round ticks, logarithmic places, paths of lines and areas. The one door to d3, which the build puts
 * into this file, so that nothing of it is installed with the package. Pure; places are percent of the plot, 0 to 100.
 */
import { scaleLinear, scaleLog } from "d3-scale";
import { area, line } from "d3-shape";

export interface Axis {
  readonly ticks: readonly number[];
  /** Percent from the start of the axis. */
  at(value: number): number;
}

/** From 0 to the first round number that holds the largest value; whole steps only, unless it is a share. */
export function linearAxis(largest: number, isWhole: boolean, ticks = 4): Axis {
  const count = isWhole ? Math.max(1, Math.min(ticks, Math.ceil(largest))) : ticks;
  const scale = scaleLinear([0, Math.max(largest, isWhole ? 1 : Number.MIN_VALUE)], [0, 100]).nice(count);
  return { ticks: scale.ticks(count), at: (value) => tenth(scale(value)) };
}

/** From the power of ten below the least value to the one above the largest; values under 1 stand at 1. */
export function logAxis(least: number, largest: number): Axis {
  const ends = [10 ** Math.floor(Math.log10(Math.max(least, 1))), 10 ** Math.ceil(Math.log10(Math.max(largest, 10)))];
  const scale = scaleLog(ends, [0, 100]);
  const ticks = scale.ticks().filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6));
  return { ticks, at: (value) => tenth(scale(Math.max(value, ends[0] ?? 1))) };
}

/** Width and height of the box that paths are drawn in; the page stretches it. */
export const BOX = { width: 1000, height: 100 } as const;

/** Through the middle of equal places, top = 100 %; a `null` breaks the line. */
export function linePath(values: readonly (number | null)[]): string {
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => middle(index, values.length))
    .y((value) => BOX.height - (value ?? 0));
  return path.digits(1)([...values]) ?? "";
}

/** Between two such lines. */
export function areaPath(low: readonly (number | null)[], high: readonly (number | null)[]): string {
  const path = area<number | null>()
    .defined((value, index) => value !== null && high[index] !== null)
    .x((_, index) => middle(index, low.length))
    .y0((value) => BOX.height - (value ?? 0))
    .y1((_, index) => BOX.height - (high[index] ?? 0));
  return path.digits(1)([...low]) ?? "";
}

function middle(index: number, places: number): number {
  return ((index + 0.5) / places) * BOX.width;
}

export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
