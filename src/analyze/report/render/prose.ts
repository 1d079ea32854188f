/** A model's text in the forms of a report: for a terminal, for Markdown, as a view for the templates. Always marked as such. */
import { markdownCode, markdownText, visible } from "../escape.js";
import type { ProseBlock, ProseText, Summary } from "../report.schema.js";
import { plural } from "../shape.js";
import { formatValue } from "./format.js";
import { wrapText } from "./term-table.js";

export const SUMMARY_TITLE = "Summary";
/** Beside a number that is not in the report. */
const DOUBT = "(?)";

/** What a reader must know of the text before reading it. */
export function summaryNote(summary: Summary): string {
  if (summary.kind === "missing") return `There is no summary: ${visible(summary.why)}`;
  const { model, written_at, unknown_numbers: unknown } = summary;
  const doubt =
    unknown === 0
      ? "Every number in it stands in the report."
      : `${plural(unknown, "number")} marked ${DOUBT} ${unknown === 1 ? "does" : "do"} not stand in the report.`;
  return `Written by the language model ${visible(model)} on ${formatValue(written_at, "time")}, from the report's figures and redacted examples; what counts is the report. ${doubt}`;
}

/** Lines no wider than `width`. */
export function proseLines(blocks: readonly ProseBlock[], width: number): string[] {
  return blocks.flatMap(({ kind, entries }) =>
    entries.flatMap((entry, index) => {
      const mark = kind === "paragraph" ? "" : kind === "bullets" ? "- " : `${index + 1}. `;
      const lines = wrapText(entry.map(termText).join(""), Math.max(1, width - mark.length));
      return lines.map((line, at) => (at === 0 ? mark : " ".repeat(mark.length)) + line);
    }),
  );
}

function termText({ text, style, unknown }: ProseText): string {
  const shown = style === "code" ? `\`${visible(text)}\`` : visible(text);
  return unknown === true ? `${shown} ${DOUBT}` : shown;
}

export function proseMarkdown(blocks: readonly ProseBlock[]): string {
  return blocks
    .map(({ kind, entries }) => {
      const marks = entries.map((_, index) =>
        kind === "paragraph" ? "" : kind === "bullets" ? "- " : `${index + 1}. `,
      );
      return entries.map((entry, index) => `${marks[index]}${entry.map(markdownRun).join("").trim()}`).join("\n");
    })
    .join("\n\n");
}

/** Emphasis is left out where white space at its ends would keep it from being one. */
function markdownRun({ text, style, unknown }: ProseText): string {
  const mark = /^\s|\s$|^$/.test(text) ? "" : style === "strong" ? "**" : style === "emphasis" ? "*" : "";
  const shown = style === "code" ? markdownCode(text) : `${mark}${startSafe(markdownText(text))}${mark}`;
  return unknown === true ? `${shown} ${DOUBT}` : shown;
}

/** What would begin a list or heading at the start of a line. */
function startSafe(text: string): string {
  return text.replace(/^(\s*)([-+=])/, "$1\\$2").replace(/^(\s*\d+)([.)])/, "$1\\$2");
}

export interface ProseView {
  readonly title: string;
  readonly note: string;
  readonly blocks: readonly BlockView[];
}

interface BlockView {
  readonly paragraph: readonly RunView[] | null;
  readonly bullets: readonly (readonly RunView[])[] | null;
  readonly numbered: readonly (readonly RunView[])[] | null;
}

interface RunView {
  readonly text: string;
  readonly strong: boolean;
  readonly emphasis: boolean;
  readonly code: boolean;
  readonly unknown: boolean;
}

/** `null` when none was asked for. */
export function proseView(summary: Summary | undefined): ProseView | null {
  if (summary === undefined) return null;
  const blocks = summary.kind === "missing" ? [] : summary.blocks;
  return { title: SUMMARY_TITLE, note: summaryNote(summary), blocks: blocks.map(blockView) };
}

function blockView({ kind, entries }: ProseBlock): BlockView {
  const runs = entries.map((entry) => entry.map(runView));
  return {
    paragraph: kind === "paragraph" ? (runs[0] ?? []) : null,
    bullets: kind === "bullets" ? runs : null,
    numbered: kind === "numbered" ? runs : null,
  };
}

function runView({ text, style, unknown }: ProseText): RunView {
  const is = (one: ProseText["style"]) => style === one;
  return {
    text: visible(text),
    strong: is("strong"),
    emphasis: is("emphasis"),
    code: is("code"),
    unknown: unknown === true,
  };
}
