/** A titled table on the terminal, cells made safe to print. */
import { joinCells, layoutTable, type TermColumn } from "../../analyze/report/render/term-table.js";
import type { Io } from "../io.js";
import { safeText } from "../print.js";

export function printTable(
  io: Io,
  title: string,
  columns: readonly TermColumn[],
  rows: readonly (readonly string[])[],
): void {
  io.stdout.write(`\n${title}\n`);
  if (rows.length === 0) {
    io.stdout.write("  none\n");
    return;
  }
  const safe = rows.map((row) => row.map(safeText));
  const { head, lines } = layoutTable(columns, safe, io.stdout.columns);
  io.stdout.write([head, ...lines].map((line) => `${joinCells(line).trimEnd()}\n`).join(""));
}

export const textColumn = (label: string, priority = 0): TermColumn => ({
  label,
  align: "left",
  isText: true,
  priority,
});
export const figureColumn = (label: string, priority = 0): TermColumn => ({
  label,
  align: "right",
  isText: false,
  priority,
});
