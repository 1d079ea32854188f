/**
 * A report as it was made before, while nothing it rests on has changed; else as it is made now. All it rests on is named
 * here: the question, the machine, the policy and the log with what lies beside them, the program, the moment. Kept in
 * files that may be deleted at any time; what is in doubt is made anew.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { keepNewest } from "../analyze/cubes/sweep-rollups.js";
import type { Report } from "../analyze/report/report.schema.js";
import { localTimestamp } from "../analyze/zone.js";
import { intactCache } from "../store/code-cache.js";
import { keyParts } from "../store/compiled-policy.js";
import { listSegments } from "../store/segments.js";
import { sipHash } from "../store/sip-hash.js";
import { isCurrent, isTooFresh, listingStamp, type Stamp, stampOf } from "../store/stamp.js";
import { wholePolicyStamps } from "../store/whole-policy.js";
import { writeAtomic } from "../store/write-atomic.js";
import type { Invocation } from "./command.js";
import { policyKey } from "./current-policy.js";
import { identityOf } from "./identity.js";
import { zoneNamed } from "./machine-zone.js";
import { VERSION } from "./version.js";
import { locationsOf, PROGRAM_FOLDER } from "./where.js";

export interface Made {
  readonly report: Report;
  /** The same report comes of the same files before this moment: milliseconds since the epoch, or infinite. */
  readonly holdsUntil: number;
}

interface Head {
  readonly question: string;
  readonly stamps: readonly Stamp[];
  /** Milliseconds since the epoch; `null`: for good. */
  readonly from: number;
  readonly until: number | null;
}

/** Reports that stay. */
const MOST = 16;
const LENGTH_DIGITS = 10;
const LOCALTIME = "/etc/localtime";

/** @param name of the command; what else it asks is in its flags. */
export async function rememberedReport(
  invocation: Invocation,
  name: string,
  make: () => Promise<Made>,
): Promise<Report> {
  const { io, flags } = invocation;
  const paths = logPaths(invocation);
  if (paths === null || flags.on("readOnly")) return (await make()).report;
  const question = questionOf(invocation, name);
  const path = join(locationsOf(invocation).cache, "reports", sipHash(new Uint8Array(16), Buffer.from(question)));
  const known = readReport(path, question, io.now());
  if (known !== null) {
    const zone = zoneNamed(known.zone.name, io.env["TZ"]);
    if (zone !== null) return { ...known, generated_at: localTimestamp(io.now(), zone) };
  }
  const from = io.now();
  const stamps = stampsOf(invocation, paths);
  const { report, holdsUntil } = await make();
  // INVARIANT: what changed while the report was made may be half in it.
  if (stamps === null || isTooFresh(stamps, from) || holdsUntil <= io.now() || !isCurrent(stamps)) return report;
  const until = holdsUntil === Number.POSITIVE_INFINITY ? null : holdsUntil;
  keepReport(path, { question, stamps, from, until }, report);
  return report;
}

/** `null` of what is not there to be read again, and of an engine. */
function logPaths(invocation: Invocation): readonly string[] | null {
  const { flags } = invocation;
  const given = flags.list("audit");
  if (flags.text("source") !== undefined || given.some((path) => path === "-" || path.endsWith(".json"))) return null;
  return given.length > 0 ? given : [locationsOf(invocation).home];
}

/** All that is asked, and by whom: flags, places, the zone's rules and name, who a report is redacted for. */
function questionOf(invocation: Invocation, name: string): string {
  const { io, flags, args } = invocation;
  const { node, tz, icu } = process.versions;
  const where = [io.cwd, ...keyParts(policyKey(invocation, io.cwd))];
  const zone = [io.env["TZ"] ?? null, linkOf(LOCALTIME)];
  return JSON.stringify([VERSION, node, tz, icu, name, flags.all, args, where, zone, identityOf(io)]);
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** The files that a report is made of, present or absent; `null` when they cannot all be told. */
function stampsOf(invocation: Invocation, paths: readonly string[]): readonly Stamp[] | null {
  const { history, state, policies } = locationsOf(invocation);
  const policy = wholePolicyStamps(policyKey(invocation, invocation.io.cwd));
  try {
    const log = paths.flatMap((path) => [
      ...["*.jsonl*", ".*.jsonl*"].map((names) => listingStamp(path, names)),
      ...listSegments(path).map(({ file }) => stampOf(file)),
    ]);
    // `policies` holds texts under the hash of each: none changes under its name.
    const beside = [history, join(state, "retired.jsonl"), policies, LOCALTIME, join(PROGRAM_FOLDER, "cli", "main.js")];
    return policy === null ? null : [...policy, ...log, ...beside.map(stampOf)];
  } catch {
    return null;
  }
}

function readReport(path: string, question: string, now: number): Report | null {
  try {
    // INVARIANT: kept twice, for a damaged one would be believed.
    const bytes = intactCache(readFileSync(path));
    if (bytes === undefined) return null;
    const start = LENGTH_DIGITS + Number(bytes.toString("latin1", 0, LENGTH_DIGITS));
    const head: Head = JSON.parse(bytes.toString("utf8", LENGTH_DIGITS, start));
    const holds = head.from <= now && now < (head.until ?? Number.POSITIVE_INFINITY);
    const isSame = head.question === question && holds && isCurrent(head.stamps);
    return isSame ? JSON.parse(bytes.toString("utf8", start)) : null;
  } catch {
    return null;
  }
}

/** A home that cannot be written keeps nothing. */
function keepReport(path: string, head: Head, report: Report): void {
  const first = Buffer.from(JSON.stringify(head));
  const length = String(first.length).padStart(LENGTH_DIGITS);
  const bytes = Buffer.concat([Buffer.from(length), first, Buffer.from(JSON.stringify(report))]);
  if (writeAtomic(path, Buffer.concat([bytes, bytes])) !== null) return;
  try {
    const folder = dirname(path);
    keepNewest(folder, readdirSync(folder), MOST);
  } catch {
    // What cannot be swept stays.
  }
}
