/** What a change of a file comes to, for a person to read before it is made. */
import { createTwoFilesPatch, OMIT_HEADERS } from "diff";
import pc from "picocolors";
import { safeText } from "../print.js";

/** A unified diff; `null` stands for no file. Log and settings text stays inert on the terminal. */
export function renderDiff(path: string, before: string | null, after: string | null, color: boolean): string {
  const [from, to] = [before === null ? "/dev/null" : path, after === null ? "/dev/null" : path];
  // Its own headers spell a path outside ASCII in octal escapes.
  const options = { context: 3, headerOptions: OMIT_HEADERS };
  const hunks = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, options);
  const paint = pc.createColors(color);
  return `--- ${from}\n+++ ${to}\n${hunks}`
    .split("\n")
    .map((line) => safeText(line.replace(/[\r\t]$/, "").replaceAll("\t", "  ")))
    .map((line) => (line.startsWith("+") ? paint.green(line) : line.startsWith("-") ? paint.red(line) : line))
    .join("\n");
}
