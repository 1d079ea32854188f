/**
 * The marks an SVG chart is made of. Places across are percent of its width, places down are pixels of a height that is
 * known, so that a page of any width stretches the bars and never the text. Colours are classes: no style attribute.
 */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: string;
  /** Shown when pointed at; "" for none. */
  readonly title: string;
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly tone: string;
  readonly title: string;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** `start` of its place, `middle`, `end`, or `before` it (in the margin of a plot). */
  readonly place: "start" | "middle" | "end" | "before";
  /** Left out where there is little room. */
  readonly minor: boolean;
}

export interface SvgMarks {
  readonly height: number;
  /** The plot keeps a margin for the labels before it. */
  readonly inset: boolean;
  /** Heights of the grid's lines. */
  readonly lines: readonly number[];
  readonly rects: readonly Mark[];
  readonly dots: readonly Dot[];
  readonly labels: readonly Label[];
  /** Drawn in a box of 1000 × 100 that is stretched over the first `box` pixels. */
  readonly paths: readonly { readonly d: string; readonly role: string; readonly tone: string }[];
  readonly box: number;
  /** Pixels above that box. */
  readonly top: number;
}

export const NO_MARKS: SvgMarks = {
  height: 0,
  inset: false,
  lines: [],
  rects: [],
  dots: [],
  labels: [],
  paths: [],
  box: 0,
  top: 0,
};
