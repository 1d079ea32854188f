/** Formats whose reader has a limit: as many rows a table as fit, never half a text. */

/**
 * @param rows limits to try, most first
 * @param most UTF-8 bytes
 * @returns the first text that fits, else the one of the last limit
 */
export function fitRows(render: (rows: number) => string, rows: readonly number[], most: number): string {
  let text = "";
  for (const limit of rows) {
    text = render(limit);
    if (Buffer.byteLength(text) <= most) break;
  }
  return text;
}
