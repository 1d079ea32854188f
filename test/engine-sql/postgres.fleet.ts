/** The report counted by PostgreSQL, which no user is offered: an independent witness that the statements say what they should. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { embeddedReport, engineReport, QUESTIONS, rowsOf, shuffledCopies } from "./conformance.js";
import { nastyLog } from "./nasty-log.js";
import { postgresOf } from "./postgres.js";

/** Where its programs are, "" when they are not installed. */
const PROGRAMS = process.env["CLAUDE_PERMIT_POSTGRES"] ?? "";

describe.skipIf(PROGRAMS === "")("PostgreSQL", () => {
  const { scanned } = nastyLog(8, 6, 30);
  let engine: SqlEngine;
  beforeAll(async () => {
    engine = await postgresOf(PROGRAMS, shuffledCopies(rowsOf(scanned), 8));
  });
  afterAll(() => engine?.close());

  // A process a statement: the questions that differ most.
  const asked = ["everything", "local days, east", "a hostile project", "a window"];
  it.each(QUESTIONS.filter(({ name }) => asked.includes(name)))("$name", async (question) => {
    expect(await engineReport(engine, question)).toBe(embeddedReport(scanned, question));
  });
});
