/** Takes a sealed segment away: the one place where records are deleted. */
import { rmSync } from "node:fs";
import { errorCode } from "./error-code.js";

/** `null` when it is gone, else the system's code. Both forms go, when a compression was cut short. */
export function removeSegment(file: string): string | null {
  const plain = file.replace(/\.gz$/, "");
  if (!/[/\\]audit-[^/\\]+\.jsonl$/.test(plain)) return "not-a-segment";
  try {
    // The compressed one first: while the plain one is there it is the one that counts.
    rmSync(`${plain}.gz`, { force: true });
    rmSync(plain, { force: true });
    return null;
  } catch (error) {
    return errorCode(error);
  }
}
