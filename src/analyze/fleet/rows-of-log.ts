/**
 * A whole log, newest first, -> all its canonical rows as one batch of each file: what an engine is filled with when a
 * log is loaded, and what a shipper that works in pieces has to add up to. It knows no profile.
 */
import { isChange } from "../cubes/facts.js";
import { CallJoin } from "../cubes/join-calls.js";
import { STRAY_MS } from "../cubes/quality.js";
import type { LinePlace, Scanned } from "../scan/scan.js";
import type { Row } from "./row.js";
import { badRow, batchRow, callRow, changeRow, promptRow, type RowPlace, recordRow } from "./row-of.js";

type ScannedRecord = Extract<Scanned, { kind: "record" }>;

export interface LogIdentity {
  readonly machine: string;
  /** The name of the log for a file as the scan names it. */
  readonly logOf: (file: string) => string;
  /** The record as it is to be shipped, "" when it is not. */
  readonly bodyOf?: (record: ScannedRecord["record"]) => string;
}

/** A line whose neighbour before it in the log is not met yet. */
interface Waiting {
  readonly line: Scanned;
  readonly place: RowPlace;
}

interface Reach {
  from: number;
  to: number;
  newest: number;
}

export function* rowsOfLog(
  scanned: Iterable<Scanned>,
  { machine, logOf, bodyOf = () => "" }: LogIdentity,
): Generator<Row, void> {
  const reaches = new Map<string, Reach>();
  const joined: Row[] = [];
  const placeAt = ({ file, offset: off, length }: LinePlace): RowPlace => ({
    machine,
    log: logOf(file),
    off,
    len: length + 1,
  });
  const join = new CallJoin({
    call: (call) => joined.push(callRow(call, placeAt(call.calling.at))),
    prompt(prompt) {
      const row = promptRow(prompt, placeAt(prompt.at));
      if (row !== null) joined.push(row);
    },
  });
  let waiting: Waiting[] = [];
  for (const line of scanned) {
    const { file, offset, length } = line.at;
    const reach = reaches.get(file) ?? { from: offset + length + 1, to: offset + length + 1, newest: 0 };
    reaches.set(file, reach);
    const place = { ...placeAt(line.at), len: Math.max(0, reach.from - offset) };
    reach.from = offset;
    if (line.kind === "record") {
      reach.newest = Math.max(reach.newest, line.timeMs);
      yield* rowsOf(waiting, line.timeMs);
      waiting = [];
      join.add(line.record, line.timeMs, line.at, line.namesNoHost);
    }
    waiting.push({ line, place });
    yield* joined.splice(0);
  }
  yield* rowsOf(waiting, null);
  join.finish();
  yield* joined.splice(0);
  let { counts } = join;
  for (const [file, { from, to, newest }] of reaches) {
    yield batchRow({ ...counts, size: to, dropped: 0 }, newest, {
      machine,
      log: logOf(file),
      off: from,
      len: to - from,
    });
    // What the join counted is told once: it cannot say of which file.
    counts = { copies: 0, promptCopies: 0, withoutId: 0, undecided: 0, outcomesAlone: 0, closedEarly: 0 };
  }

  /** @param before time of the record that stands before them in the log */
  function* rowsOf(lines: readonly Waiting[], before: number | null): Generator<Row, void> {
    for (const { line, place } of lines) {
      if (line.kind === "bad") {
        yield badRow(line, before ?? 0, place);
        continue;
      }
      const late = before === null ? 0 : before - line.timeMs;
      const disorder = late > STRAY_MS ? "stray" : late > 0 ? "late" : "";
      yield recordRow(line, place, { disorder, body: bodyOf(line.record) });
      if (isChange(line.record)) yield changeRow(line, place);
    }
  }
}
