/** `ship`: sends what the log gained to an OTLP/HTTP endpoint, by hand, from a timer, or when a session ends. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ocsfEvent } from "../../analyze/fleet/ocsf.js";
import { logRecordText } from "../../analyze/fleet/otlp.js";
import type { Row } from "../../analyze/fleet/row.js";
import { backlogBytes } from "../../analyze/ship/plan-batch.js";
import { openPost } from "../../analyze/ship/post.js";
import { previewRows, type Shipped, ship } from "../../analyze/ship/ship.js";
import { parseDuration } from "../../core/policy/moment.js";
import { errorCode } from "../../store/error-code.js";
import { withLock } from "../../store/lock.js";
import { writeCursor } from "../../store/ship/cursor.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { safeText } from "../print.js";
import { refuseReadOnly } from "../refuse.js";
import { credentialsOf, keptText, type Shipping, shippingOf } from "../ship/shipping.js";
import { VERSION } from "../version.js";
import { locationsOf } from "../where.js";

/** Without a time box: long enough for a backlog, and short enough for a timer not to pile up. */
const DEFAULT_MS = 10 * 60_000;
/** After a session's end, in the background. */
const SESSION_END = "60s";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags } = invocation;
  if (flags.list("audit").length > 0) {
    throw new CliError("bad_usage", "`ship` ships the home's own log, not `--audit`", "name another home with --home");
  }
  const deadline = deadlineOf(invocation);
  if (flags.on("sessionEnd")) return inBackground(invocation);
  const shipping = shippingOf(invocation);
  if (flags.on("dryRun")) return preview(invocation, shipping);
  refuseReadOnly(invocation, "`ship`");
  const { endpoint } = shipping;
  if (endpoint === null) {
    const hint =
      invocation.io.env["CLAUDECODE"] === "1"
        ? "while Claude runs it the environment does not count: write endpoint in [settings.ship]"
        : "set OTEL_EXPORTER_OTLP_ENDPOINT, or write endpoint in [settings.ship]";
    throw new CliError("no_endpoint", "no endpoint is known to ship to", hint);
  }
  const { post, close } = openPost(endpoint, credentialsOf(endpoint), `claude-permit/${VERSION}`, invocation.io.now);
  try {
    const shipped = await withLock(shipping.cursorFile, () =>
      ship({
        ...shipping,
        cursor: shipping.readCursor(),
        version: VERSION,
        write: (cursor) => writeCursor(shipping.cursorFile, cursor),
        post,
        patience: { now: invocation.io.now, sleep: (ms) => sleep(ms), random: Math.random, deadline },
        onProgress: progressOf(invocation),
      }),
    );
    return tell(invocation, shipped, endpoint.url.href, shipping);
  } catch (error) {
    if (errorCode(error) !== "ELOCKED") throw error;
    throw new CliError("already_shipping", "another `claude-permit ship` is at it", "wait for it to end");
  } finally {
    close();
  }
}

function deadlineOf({ io, flags }: Invocation): number {
  const text = flags.text("for");
  const ms = text === undefined ? DEFAULT_MS : parseDuration(text);
  if (ms === undefined) throw new CliError("bad_usage", `--for takes a duration like 30s or 5m, not \`${text}\``);
  return io.now() + ms;
}

/** Claude Code waits a moment only for what runs at a session's end, and hands on an environment that is not ours. */
function inBackground(invocation: Invocation): ExitCode {
  const [, program = ""] = process.argv;
  const { home } = locationsOf(invocation);
  const { HOME, PATH, TZ } = process.env;
  const env = Object.fromEntries(Object.entries({ HOME, PATH, TZ }).filter(([, value]) => value !== undefined));
  const child = spawn(process.execPath, [program, "ship", "--home", home, "--for", SESSION_END, "--quiet"], {
    detached: true,
    stdio: "ignore",
    cwd: home,
    env,
  });
  child.on("error", () => {});
  child.unref();
  return EXIT.fine;
}

function preview(invocation: Invocation, shipping: Shipping): ExitCode {
  const { io, flags } = invocation;
  const cursor = shipping.readCursor();
  const patience = { now: io.now, sleep: async () => {}, random: Math.random, deadline: Number.POSITIVE_INFINITY };
  const { waiting, rows } = previewRows({ ...shipping, cursor, version: VERSION, patience });
  const as = flags.text("as");
  const form = FORMS[as === "otlp" || as === "ocsf" ? as : "rows"];
  const limit = flags.count("limit") ?? Number.POSITIVE_INFINITY;
  let count = 0;
  for (const row of rows) {
    const shown = form(row);
    if (shown === null) continue;
    if (count++ >= limit) break;
    io.stdout.write(`${JSON.stringify(shown)}\n`);
  }
  const where = shipping.endpoint === null ? "no endpoint is set" : `to ${shipping.endpoint.url.href}`;
  io.stderr.write(`dry run, nothing sent (${where}): ${waiting} bytes of log wait, profile ${shipping.profile}\n`);
  io.stderr.write(keptText(shipping.kept));
  return EXIT.fine;
}

const FORMS: Readonly<Record<"rows" | "otlp" | "ocsf", (row: Row) => unknown>> = {
  rows: (row) => row,
  otlp: (row) => JSON.parse(logRecordText(row)),
  ocsf: ocsfEvent,
};

function progressOf({ io, quiet }: Invocation): (rows: number) => void {
  if (quiet || !io.stderr.isTTY) return () => {};
  return (rows) => io.stderr.write(`\rshipped ${rows} rows`);
}

function tell(
  { io, json, quiet }: Invocation,
  shipped: Shipped,
  endpoint: string,
  { machine, kept }: Shipping,
): ExitCode {
  const { kind, why, rows, bytes, cursor } = shipped;
  const waiting = backlogBytes(cursor);
  const { lost, rejected, failure } = cursor;
  if (kind === "unwritable") throw new CliError("cannot_write", `the cursor cannot be written: ${why}`);
  if (kind === "refused" || (kind === "late" && failure !== null)) {
    throw new CliError("ship_failed", `${safeText(endpoint)} did not take it: ${safeText(why)}`, hintOf(kind), {
      shipped_rows: rows,
      waiting_bytes: waiting,
    });
  }
  if (json) {
    const told = { lost_bytes: lost.bytes, lost_lines: lost.lines, rejected_rows: rejected };
    const imports = { imported_files: kept.files, imported_bytes: kept.bytes };
    const answer = {
      complete: kind === "done",
      endpoint,
      machine,
      rows,
      bytes,
      waiting_bytes: waiting,
      ...told,
      not_shipped: imports,
    };
    io.stdout.write(`${JSON.stringify(answer)}\n`);
    return EXIT.fine;
  }
  if (io.stderr.isTTY && !quiet && rows > 0) io.stderr.write("\r\x1b[K");
  const left = kind === "done" ? "" : `; ${why}, ${waiting} bytes of log still wait`;
  io.stdout.write(`shipped ${rows} rows in ${bytes} bytes to ${safeText(endpoint)}${left}\n`);
  if (!quiet) io.stderr.write(keptText(kept));
  if (lost.bytes > 0) io.stderr.write(`LOST: ${lost.bytes} bytes of log were given up before they were shipped\n`);
  if (rejected > 0) io.stderr.write(`LOST: the endpoint threw ${rejected} rows away\n`);
  return EXIT.fine;
}

function hintOf(kind: Shipped["kind"]): string {
  return kind === "refused"
    ? "check the address, its headers and certificate; nothing is lost, the next run begins with the same rows"
    : "nothing is lost: the next run begins with the same rows";
}
