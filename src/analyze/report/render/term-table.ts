/**
 * A table for a terminal of a given width. Numbers and times are never cut: text gives way first, then whole columns by
 * priority; what still does not fit makes the line longer than the terminal.
 */
import stringWidth from "fast-string-width";

export interface TermColumn {
  readonly label: string;
  readonly align: "left" | "right";
  /** May be cut. */
  readonly isText: boolean;
  /** Higher goes first when space is short; 0 stays. */
  readonly priority: number;
}

export interface TermLayout {
  /** Cells of equal width, column by column; `joinCells` makes a line of them. */
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
  /** Labels of the columns for which there was no room. */
  readonly dropped: readonly string[];
}

const GAP = 2;
/** What is given up in turn: columns of this priority and above go before text is cut below this width. */
const SQUEEZES = [
  { text: 32, from: 4 },
  { text: 20, from: 2 },
  { text: 12, from: 1 },
] as const;
const ELLIPSIS = "…";
const PATH = /^[~/][^\s]*$/;

/** Every cell must already be safe to print. */
export function layoutTable(
  columns: readonly TermColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): TermLayout {
  const natural = columns.map((column, index) =>
    Math.max(displayWidth(column.label), ...rows.map((row) => displayWidth(row[index] ?? ""))),
  );
  let kept = columns.map((_, index) => index);
  let least: readonly number[] = natural;
  const sum = (widths: readonly number[]) => kept.reduce((total, index) => total + (widths[index] ?? 0) + GAP, -GAP);
  const dropped: string[] = [];
  for (const { text, from } of SQUEEZES) {
    least = natural.map((full, index) => (columns[index]?.isText ? Math.min(full, text) : full));
    while (sum(least) > width) {
      const last = kept.reduce((worst, index) =>
        priority(columns, index) >= priority(columns, worst) ? index : worst,
      );
      if (priority(columns, last) < from) break;
      dropped.push(columns[last]?.label ?? "");
      kept = kept.filter((index) => index !== last);
    }
  }
  const widths = shareSpace(kept, natural, least, width);
  const line = (cells: readonly string[]) =>
    kept.map((index) => pad(cells[index] ?? "", widths[index] ?? 0, columns[index]?.align ?? "left"));
  return { head: line(columns.map((column) => column.label)), lines: rows.map(line), dropped };
}

export function joinCells(cells: readonly string[]): string {
  return cells.join(" ".repeat(GAP)).trimEnd();
}

/** Letters of Europe, punctuation, lines and blocks of charts: one column wide, whatever stands beside them. Most text is that alone. */
const NARROW = /^[ -~\xa1-\xac\xae-\u02ff\u2010-\u2027\u2500-\u25ef]*$/;

/** Columns a terminal draws the text in. */
export function displayWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** Cuts at a whole character so that the rest and an ellipsis fit. */
export function cutText(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const segment of segmentsOf(text)) {
    used += displayWidth(segment);
    if (used > width - 1) break;
    cut += segment;
  }
  return `${cut}${ELLIPSIS}`;
}

/** Cuts at the front: paths of one machine begin alike and differ in their ends. */
function cutPath(path: string, width: number): string {
  if (displayWidth(path) <= width) return path;
  const segments = [...segmentsOf(path)];
  let used = 1;
  let from = segments.length;
  while (from > 0 && used + displayWidth(segments[from - 1] ?? "") <= width) {
    from--;
    used += displayWidth(segments[from] ?? "");
  }
  return `${ELLIPSIS}${segments.slice(from).join("")}`;
}

/** Breaks at spaces; a word that is too long stands alone, whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Printable ASCII, letters of Europe, kana and Han: none of these joins its neighbours. */
const LONE = /^[ -~\xa1-\xac\xae-\u02ff\u0391-\u0481\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*$/;

/** What a reader takes for one character each. Making the first segmenter takes a process half as long as its start. */
export function segmentsOf(text: string): Iterable<string> {
  return LONE.test(text) ? text : clustersOf(text);
}

let segmenter: Intl.Segmenter | undefined;

function* clustersOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

function priority(columns: readonly TermColumn[], index: number): number {
  return columns[index]?.priority ?? 0;
}

/** What is left after every column has its least goes to the text columns, shortest wish first. */
function shareSpace(
  kept: readonly number[],
  natural: readonly number[],
  least: readonly number[],
  width: number,
): readonly number[] {
  const widths = [...least];
  let free = width - kept.reduce((total, index) => total + (least[index] ?? 0) + GAP, -GAP);
  const hungry = kept.filter((index) => (natural[index] ?? 0) > (least[index] ?? 0));
  hungry.sort((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0));
  hungry.forEach((index, place) => {
    const wish = (natural[index] ?? 0) - (least[index] ?? 0);
    const given = Math.max(0, Math.min(wish, Math.floor(free / (hungry.length - place))));
    widths[index] = (least[index] ?? 0) + given;
    free -= given;
  });
  return widths;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const shown = PATH.test(text) ? cutPath(text, width) : cutText(text, width);
  const space = " ".repeat(Math.max(0, width - displayWidth(shown)));
  return align === "right" ? space + shown : shown + space;
}
