/** `watch`: decisions as they are made, with the scorecard so far; on a terminal a screen of its own, on a pipe lines. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { createLineFilter, type LineFilter } from "../../analyze/scan/line-filter.js";
import type { RecordFilter, Scanned } from "../../analyze/scan/scan.js";
import { dayNumber, instantOf, type Zone } from "../../analyze/zone.js";
import type { Invocation } from "../command.js";
import { decisionLine, type FoundRecord, isDecisionRecord, recordWithPlace } from "../decision-rows.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { readRecords, resolveSession, withLog } from "../open-log.js";
import { safeText } from "../print.js";
import { reportZone } from "../report-zone.js";
import { followLog, type LogFollower } from "../watch/follow-log.js";
import { Scorecard } from "../watch/scorecard.js";
import { screenLines } from "../watch/screen.js";
import { openTerminal } from "../watch/terminal.js";
import { locationsOf } from "../where.js";
import { filterOf } from "../window.js";

const LOOK_EVERY_MS = 200;
/** Records of the backlog that a pipe gets when no --since was given, and at most when one was. */
const TAIL = 10;
const BACKLOG = 10_000;
/** Decisions kept for the screen. */
const KEPT = 500;
/** Places of the backlog's newest records kept: more than can be written while it is read. */
const NOTED = 10_000;
const DAY = 86_400_000;

/** Takes what was there when it began, then what comes. */
interface View {
  /** Newest first; it takes as many as it wants. */
  readonly backlog: (records: Iterable<Scanned>) => void;
  readonly arrived: (records: readonly Scanned[]) => void;
  /** What is waited for; "" takes it back. */
  readonly remark: (text: string) => void;
  readonly close: () => void;
}

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  if (flags.text("until") !== undefined) throw new CliError("bad_usage", "`watch` has no end: leave --until out");
  const path = followedPath(invocation);
  const zone = await reportZone(invocation);
  const isScreen = !json && io.stdout.isTTY && io.env["TERM"] !== "dumb";
  const midnight = instantOf(dayNumber(io.now(), zone) * DAY, zone);
  const asked = filterOf(invocation, zone);
  const filter = isScreen ? { since: midnight, ...asked } : asked;
  const follower = followLog(path, io.now);
  const stop = stopSignal();
  const view = isScreen
    ? screenView(invocation, { zone, sinceMs: filter.since ?? midnight, stop: stop.now })
    : lineView(invocation, zone);
  try {
    const known = new Set<string>();
    const matches = await readBacklog(invocation, filter, (records) => view.backlog(noting(records, known)));
    await followUntil(follower, stop, (found) => {
      view.remark(follower.isThere() ? "" : `waiting for ${path}`);
      const fresh = found.filter((one) => one.kind === "bad" || (!known.has(placeOf(one)) && matches(one)));
      if (fresh.length > 0) view.arrived(fresh);
    });
  } finally {
    view.close();
    stop.done();
    follower.close();
  }
  return EXIT.fine;
}

/** The one file that grows. */
function followedPath(invocation: Invocation): string {
  const given = invocation.flags.list("audit");
  const [path = locationsOf(invocation).home] = given;
  if (given.length > 1) throw new CliError("bad_usage", "`watch` follows one log", "name one file or folder");
  if (path === "-" || path.endsWith(".gz")) {
    throw new CliError("bad_usage", `\`watch\` cannot follow \`${path}\``, "name a file that is appended to");
  }
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined && given.length > 0) throw new CliError("log_not_found", `\`${path}\` does not exist`);
  return stat?.isFile() === true ? path : join(path, "audit.jsonl");
}

/** Hands the backlog over and says which new records belong to it. No log yet is no backlog. */
async function readBacklog(
  invocation: Invocation,
  filter: RecordFilter,
  take: (records: Iterable<Scanned>) => void,
): Promise<LineFilter["matches"]> {
  const session = invocation.flags.text("session");
  try {
    return await withLog(invocation, (scan) => {
      const chosen = session === undefined ? filter : { ...filter, session: resolveSession(scan, session) };
      take(readRecords(invocation, scan, chosen));
      return createLineFilter(chosen).matches;
    });
  } catch (error) {
    const isWaitedFor = error instanceof CliError && error.code === "log_not_found" && session === undefined;
    if (!isWaitedFor) throw error;
    take([]);
    return createLineFilter(filter).matches;
  }
}

/** Remembers the places of the newest, which the follower may meet again. */
function* noting(records: Iterable<Scanned>, known: Set<string>): Generator<Scanned, void> {
  for (const one of records) {
    if (one.kind === "record" && known.size < NOTED) known.add(placeOf(one));
    yield one;
  }
}

/** One record once, whether the backlog or the following met it first. */
function placeOf({ record, at }: FoundRecord): string {
  return `${record.id}\0${record.event}\0${at.offset}`;
}

interface Stop {
  /** Ends the watching. */
  readonly now: () => void;
  readonly isOver: () => boolean;
  /** Settles when it is over, or after so many milliseconds. */
  readonly orAfter: (ms: number) => Promise<void>;
  /** Takes the listeners back. */
  readonly done: () => void;
}

/** Over at Ctrl-C, a closing terminal, or when nobody reads what is written. */
function stopSignal(): Stop {
  let isOver = false;
  let wake: () => void = () => undefined;
  const now = () => {
    isOver = true;
    wake();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, now);
  process.stdout.on("error", now);
  return {
    now,
    isOver: () => isOver,
    orAfter: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, isOver ? 0 : ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    done() {
      for (const signal of signals) process.off(signal, now);
      process.stdout.off("error", now);
    },
  };
}

async function followUntil(follower: LogFollower, stop: Stop, found: (records: readonly Scanned[]) => void) {
  while (!stop.isOver()) {
    found(follower.look());
    await stop.orAfter(LOOK_EVERY_MS);
  }
}

/** A line a decision (with --json a line a record), oldest first; what could not be used is told on stderr. */
function lineView({ io, flags, json, quiet }: Invocation, zone: Zone): View {
  const isWanted = (one: FoundRecord) => json || flags.on("all") || isDecisionRecord(one);
  const limit = flags.count("limit", 1) ?? (flags.text("since") !== undefined ? BACKLOG : json ? 0 : TAIL);
  const print = (one: Scanned) => {
    if (one.kind === "bad") {
      const place = `${one.at.file}:${one.at.offset}`;
      if (!quiet) io.stderr.write(`${safeText(`unusable line (${one.problem}) at ${place}`)}\n`);
    } else if (isWanted(one)) {
      io.stdout.write(`${json ? JSON.stringify(recordWithPlace(one)) : decisionLine(one, zone)}\n`);
    }
  };
  let said = "";
  return {
    backlog(records) {
      const tail: Scanned[] = [];
      if (limit > 0) {
        for (const one of records) {
          if (one.kind === "record" && isWanted(one)) tail.push(one);
          if (tail.length === limit) break;
        }
      }
      for (const one of tail.reverse()) print(one);
    },
    arrived: (records) => records.forEach(print),
    remark(text) {
      if (text !== "" && text !== said && !quiet) io.stderr.write(`${safeText(text)}\n`);
      said = text;
    },
    close: () => undefined,
  };
}

function screenView(
  { io, flags, color }: Invocation,
  { zone, sinceMs, stop }: { readonly zone: Zone; readonly sinceMs: number; readonly stop: () => void },
): View {
  const scorecard = new Scorecard();
  let records: FoundRecord[] = [];
  let lastMs: number | null = null;
  let remark = "";
  const terminal = openTerminal(io.stdin, process.stdout, { onQuit: stop, onResize: draw });
  function draw(): void {
    const screen = { counts: scorecard.counts, records, sinceMs, lastMs, remark };
    terminal.draw(screenLines(screen, { zone, color, ...terminal.size() }));
  }
  const count = (one: Scanned) => {
    scorecard.add(one);
    if (one.kind === "record") lastMs = Math.max(lastMs ?? one.timeMs, one.timeMs);
  };
  const isShown = (one: Scanned): one is FoundRecord =>
    one.kind === "record" && (flags.on("all") || isDecisionRecord(one));
  return {
    backlog(scanned) {
      for (const one of scanned) {
        count(one);
        if (isShown(one) && records.length < KEPT) records.push(one);
      }
      draw();
    },
    arrived(scanned) {
      scanned.forEach(count);
      records = [...scanned.filter(isShown).reverse(), ...records].slice(0, KEPT);
      draw();
    },
    remark(text) {
      if (text === remark) return;
      remark = safeText(text);
      draw();
    },
    close: () => terminal.close(),
  };
}
