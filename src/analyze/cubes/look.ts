/** Somebody who wants to see what a log is made of while it is counted, also where its count is remembered. */
import type { Scanned } from "../scan/scan.js";
import type { Cubes } from "./fold.js";
import type { Call } from "./open-call.js";

export interface Look {
  /** Each line, newest first. */
  readonly line: (one: Scanned) => void;
  /** Each call once all that belongs to it was met. */
  readonly call: (call: Call) => void;
  /** Whether a stretch has to be read for it, told by what the stretch came to; once nothing more is wanted, never again. */
  readonly wants: (known: Pick<Cubes, "gaps">) => boolean;
  /** Whether it wants the next lines, whatever they came to; once not, never again. */
  readonly wantsNext?: () => boolean;
}

/** Whether the lines of a stretch have to be shown. */
export function isWanted(look: Look | undefined, known: Pick<Cubes, "gaps">): boolean {
  return look !== undefined && (look.wantsNext?.() === true || look.wants(known));
}
