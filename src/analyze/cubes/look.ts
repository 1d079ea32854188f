/** Somebody who wants to see what a log is made of while it is counted: nothing of it is passed over. */
import type { Scanned } from "../scan/scan.js";
import type { Call } from "./open-call.js";

export interface Look {
  /** Each line, newest first. */
  readonly line: (one: Scanned) => void;
  /** Each call once all that belongs to it was met. */
  readonly call: (call: Call) => void;
}
