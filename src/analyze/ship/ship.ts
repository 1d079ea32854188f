/**
 * Ships what a home's logs gained since the last time: seals a batch in the cursor, posts its rows, moves on. The log is
 * the queue: nothing is held in memory or copied, and whoever is killed at any instant begins again with the same batch
 * and the same rows. It drops nothing; what the limits give up is counted first.
 */
import type { Cursor } from "../../store/ship/cursor.schema.js";
import type { WriteFault } from "../../store/write-atomic.js";
import { logRecordText, requestText } from "../fleet/otlp.js";
import type { Row } from "../fleet/row.js";
import { deliver, type Patience } from "./deliver.js";
import { backlogBytes, type Limits, nextStretches, reconciled, viewsOf, withoutOverflow } from "./plan-batch.js";
import type { Post } from "./post.js";
import type { Profile } from "./protect-row.js";
import type { ShipLog } from "./ship-logs.js";
import { LogGone, type ShipmentOptions, shipmentRows } from "./shipment-rows.js";

export interface ShipOptions extends Pick<ShipmentOptions, "machine" | "bodyOf"> {
  readonly cursor: Cursor;
  readonly profile: Profile;
  readonly protect: (row: Row) => Row;
  readonly limits: Limits;
  /** Of this program. */
  readonly version: string;
  readonly listLogs: (known: Cursor["logs"]) => readonly ShipLog[];
  readonly write: (cursor: Cursor) => WriteFault | null;
  readonly post: Post;
  readonly patience: Patience;
  /** After every post that was taken. */
  readonly onProgress: (rows: number) => void;
}

export interface Shipped {
  /** `late`: the time was over. `refused`: the endpoint does not want it. */
  readonly kind: "done" | "late" | "refused" | "unwritable" | "moved";
  /** Why not all was shipped, "" when all was. */
  readonly why: string;
  readonly cursor: Cursor;
  readonly rows: number;
  /** Bytes of bodies as they went over the wire. */
  readonly bytes: number;
}

/** Rows of one post, at most; and characters of them, unless one alone has more. */
const POST_ROWS = 2_000;
const POST_CHARS = 4_000_000;

export async function ship(options: ShipOptions): Promise<Shipped> {
  const { patience, limits } = options;
  let { cursor } = options;
  const total = { rows: 0, bytes: 0 };
  for (;;) {
    const logs = options.listLogs(cursor.logs);
    cursor = withoutOverflow(reconciled(cursor, logs, patience.now()), logs, limits, patience.now());
    if (cursor.batch === null) {
      const stretches = nextStretches(cursor, logs, limits);
      if (stretches.length === 0) return keep(cursor, "done", "");
      cursor = sealed(cursor, stretches, options);
    } else if (cursor.batch.profile !== options.profile) {
      cursor = { ...cursor, batch: { ...cursor.batch, profile: options.profile, posts: 0 } };
    }
    const fault = options.write(cursor);
    if (fault !== null) return { kind: "unwritable", why: fault.message, cursor, ...total };
    const ended = await shipBatch(logs);
    if (ended !== null) return ended;
  }

  /** `null`: all of it was taken. */
  async function shipBatch(logs: readonly ShipLog[]): Promise<Shipped | null> {
    const { batch } = cursor;
    if (batch === null) return null;
    let number = 0;
    try {
      for (const records of postsOf(rowsOf(batch, logs))) {
        number += 1;
        if (number <= batch.posts) continue;
        if (patience.now() >= patience.deadline) return keep(cursor, "late", "the time was over");
        const body = requestText(records, options.machine, options.version);
        const posted = await deliver(options.post, body, patience);
        if (posted.kind !== "taken") {
          const kind = posted.kind === "later" ? "late" : "refused";
          return keep(failedOf(cursor, posted.why, patience.now()), kind, posted.why);
        }
        total.rows += records.length;
        total.bytes += posted.bytes;
        cursor = takenOf(cursor, number, records.length, posted.rejected, patience.now());
        const fault = options.write(cursor);
        if (fault !== null) return { kind: "unwritable", why: fault.message, cursor, ...total };
        options.onProgress(total.rows);
      }
    } catch (error) {
      if (error instanceof LogGone) return keep(cursor, "moved", error.message);
      throw error;
    }
    cursor = finished(cursor, batch);
    return null;
  }

  function* rowsOf(batch: NonNullable<Cursor["batch"]>, logs: readonly ShipLog[]): Generator<Row, void> {
    const { machine, bodyOf, protect } = options;
    const views = viewsOf(cursor, batch.stretches, logs);
    for (const row of shipmentRows(views, { machine, rev: batch.rev, bodyOf, dropped: batch.dropped })) {
      yield protect(row);
    }
  }

  function keep(last: Cursor, kind: Shipped["kind"], why: string): Shipped {
    const fault = options.write(last);
    if (fault !== null) return { kind: "unwritable", why: fault.message, cursor: last, ...total };
    return { kind, why, cursor: last, ...total };
  }
}

/** Bytes that a shipment would take now, and the rows of the next batch as they would leave; nothing is written. */
export function previewRows(options: Omit<ShipOptions, "write" | "post" | "onProgress">): {
  readonly waiting: number;
  readonly rows: Iterable<Row>;
} {
  const { patience, limits, machine, bodyOf, protect } = options;
  const logs = options.listLogs(options.cursor.logs);
  const cursor = reconciled(options.cursor, logs, patience.now());
  const stretches = cursor.batch?.stretches ?? nextStretches(cursor, logs, limits);
  const views = viewsOf(cursor, stretches, logs);
  const rev = cursor.batch?.rev ?? nextRev(cursor, patience.now());
  const rows = stretches.length === 0 ? [] : shipmentRows(views, { machine, rev, bodyOf, dropped: 0 });
  return { waiting: backlogBytes(cursor), rows: mapped(rows, protect) };
}

function* mapped(rows: Iterable<Row>, protect: (row: Row) => Row): Generator<Row, void> {
  for (const row of rows) yield protect(row);
}

function sealed(cursor: Cursor, stretches: ReturnType<typeof nextStretches>, options: ShipOptions): Cursor {
  const rev = nextRev(cursor, options.patience.now());
  const { untold } = cursor.lost;
  return {
    ...cursor,
    rev,
    batch: { rev, profile: options.profile, stretches: [...stretches], posts: 0, dropped: untold },
    lost: { ...cursor.lost, untold: 0 },
  };
}

/** INVARIANT: it grows, whatever the clock does: a later shipment has seen more of the log. */
function nextRev(cursor: Cursor, now: number): number {
  return Math.max(now, cursor.rev + 1);
}

function takenOf(cursor: Cursor, posts: number, rows: number, rejected: number, now: number): Cursor {
  const { batch, shipped } = cursor;
  return {
    ...cursor,
    batch: batch === null ? null : { ...batch, posts },
    shipped: { ...shipped, rows: shipped.rows + rows, at: now },
    rejected: cursor.rejected + rejected,
    failure: null,
  };
}

function failedOf(cursor: Cursor, message: string, now: number): Cursor {
  return { ...cursor, failure: { at: now, message, times: (cursor.failure?.times ?? 0) + 1 } };
}

function finished(cursor: Cursor, { stretches }: NonNullable<Cursor["batch"]>): Cursor {
  const logs = cursor.logs.map((entry) => {
    const to = stretches.find(({ log }) => log === entry.log)?.to;
    return to === undefined ? entry : { ...entry, sent: to };
  });
  return { ...cursor, logs, batch: null, shipped: { ...cursor.shipped, batches: cursor.shipped.batches + 1 } };
}

/** Log records of one request. INVARIANT: the same rows are always put into the same requests. */
function* postsOf(rows: Iterable<Row>): Generator<readonly string[], void> {
  let post: string[] = [];
  let chars = 0;
  for (const row of rows) {
    const record = logRecordText(row);
    if (post.length === POST_ROWS || (post.length > 0 && chars + record.length > POST_CHARS)) {
      yield post;
      post = [];
      chars = 0;
    }
    post.push(record);
    chars += record.length;
  }
  if (post.length > 0) yield post;
}
