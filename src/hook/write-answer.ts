/** The answer on its way out: all of it, or an error. Half an answer would be read as no decision (contract 4.4). */
import { writeSync } from "node:fs";
import { errorCode } from "../store/error-code.js";
import { pause } from "./read-event.js";

/** Milliseconds to wait for a reader that takes nothing from a non-blocking pipe. */
const PATIENCE_MS = 2_000;

/** One write call where the system takes it whole, which it does for texts of this size. Throws what writing throws. */
export function writeAnswer(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let waited = 0;
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if (errorCode(error) !== "EAGAIN" || waited >= PATIENCE_MS) throw error;
      waited += 5;
      pause(5);
    }
  }
}
