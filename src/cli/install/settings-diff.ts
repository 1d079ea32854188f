/** What a change of a file comes to, for a person to read before it is made. */
import { createTwoFilesPatch } from "diff";
import pc from "picocolors";
import { safeText } from "../print.js";

/** A unified diff; `null` stands for no file. Log and settings text stays inert on the terminal. */
export function renderDiff(path: string, before: string | null, after: string | null, color: boolean): string {
  const [from, to] = [before === null ? "/dev/null" : path, after === null ? "/dev/null" : path];
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, { context: 3 });
  const paint = pc.createColors(color);
  return patch
    .split("\n")
    .filter((line) => !/^={10,}$/.test(line))
    .map((line) => safeText(line.replace(/[\r\t]$/, "").replaceAll("\t", "  ")))
    .map((line) => (line.startsWith("+") ? paint.green(line) : line.startsWith("-") ? paint.red(line) : line))
    .join("\n");
}
