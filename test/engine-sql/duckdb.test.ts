/** The report counted by DuckDB is the report counted here, byte for byte; and the check notices what it is there to notice. */
import { describe, expect, it } from "vitest";
import { embeddedReport, engineReport, QUESTIONS, rowsOf, shuffledCopies } from "./conformance.js";
import { duckdbOf } from "./load-rows.js";
import { nastyLog } from "./nasty-log.js";

describe.each([1, 2])("seed %i", (seed) => {
  const { scanned } = nastyLog(seed);
  const engine = duckdbOf(shuffledCopies(rowsOf(scanned), seed));

  it.each(QUESTIONS)("$name", async (question) => {
    expect(await engineReport(await engine, question)).toBe(embeddedReport(scanned, question));
  });
});
