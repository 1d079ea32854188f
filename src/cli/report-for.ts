/** From an invocation to a Report: one scan, the cubes, the chosen sections. `analyze`, `stats` and `session` share it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cubes, foldRecords, readWindow } from "../analyze/cubes/fold.js";
import type { Look } from "../analyze/cubes/look.js";
import { buildReport } from "../analyze/report/build.js";
import type { Report } from "../analyze/report/report.schema.js";
import { parseRetired, type Retired } from "../analyze/report/retired.js";
import type { RecordFilter, Scanned, Window } from "../analyze/scan/scan.js";
import { chooseSections } from "../analyze/sections/registry.js";
import type { SectionDefinition } from "../analyze/sections/section.js";
import type { Policy } from "../core/policy/policy.js";
import type { Invocation } from "./command.js";
import { currentPolicy } from "./current-policy.js";
import type { Evidence } from "./evidence.js";
import { CliError } from "./exit.js";
import { isElsewhere, type Reading, withReading } from "./reading.js";
import { VERSION } from "./version.js";
import { locationsOf } from "./where.js";
import { filterOf, zoneFor } from "./window.js";

export interface ReportRequest {
  /** Names of sections; empty = all. */
  readonly sections: readonly string[];
  /** A session to narrow to, beside --session. */
  readonly session?: string;
  /** How far back a session is looked for when no --since says so. */
  readonly beginning?: (reading: Reading, session: string) => Promise<number | undefined>;
  /** The window instead of --since and --until, and the one it is compared with. */
  readonly period?: { readonly window: Window; readonly before: Window };
  /** Sections instead of names of the registry. */
  readonly built?: readonly SectionDefinition[];
  /** Looks at every record of the window, and nothing is counted beside it. */
  readonly look?: (filter: RecordFilter) => Look;
  /** Rows a table keeps, unless --limit says so. */
  readonly limit?: number;
  /** Only what is counted: no call is judged again, no history read. */
  readonly isCounted?: boolean;
}

export interface ReportAnswer {
  readonly report: Report;
  readonly cubes: Cubes;
  readonly session: string | undefined;
  /** The same report comes of the same files before this moment: milliseconds since the epoch, or infinite. */
  readonly holdsUntil: number;
}

export async function reportFor(invocation: Invocation, request: ReportRequest): Promise<ReportAnswer> {
  const { io, flags } = invocation;
  const chosen = request.built === undefined ? chooseSections(request.sections) : given(request.built);
  if (chosen.kind === "unknown") {
    throw new CliError("bad_usage", `there is no section \`${chosen.name}\``, `one of ${chosen.known.join(", ")}`);
  }
  const policy = await currentPolicy(invocation, io.cwd);
  const zone = zoneFor(invocation, policy.settings.report.timezone);
  const limit = flags.count("limit", 1) ?? request.limit;
  const asked = request.session ?? flags.text("session");
  const narrowed = filterOf(invocation, zone);
  const rules = rulesOf(policy, isElsewhere(invocation) && flags.text("config") === undefined);
  return withReading(invocation, async (reading) => {
    const session = asked === undefined ? undefined : await reading.session(asked);
    const looked = session === undefined || narrowed.since !== undefined ? undefined : request.beginning;
    const beginning = session === undefined ? undefined : await looked?.(reading, session);
    const filter: RecordFilter = {
      ...(beginning === undefined ? {} : { since: beginning }),
      ...narrowed,
      ...request.period?.window,
      ...(session === undefined ? {} : { session }),
    };
    const { since, until } = filter;
    const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const readFor = (part: Window) => {
      // Outcomes and prompts of a call do not carry its rule or tier, so only the window narrows the scan itself.
      const read = { ...readWindow(part), ...(session === undefined ? {} : { session }) };
      return { window: part, zone, now: io.now(), filter: { ...filter, ...part }, read };
    };
    const own = readFor(window);
    const evidence = await evidenceOf(
      invocation,
      rules.policy,
      request.isCounted === true ? [] : chosen.sections,
      filter,
    );
    let cubes: Cubes;
    if (request.look !== undefined) {
      const records = await recordsOf(reading, own.read, request);
      cubes = foldRecords(records ?? [], { ...own, cubes: [] }, request.look(filter));
    } else {
      const asked = { ...own, answers: evidence.answers };
      cubes = await reading.count(asked);
      const isTold = reading.tellsCalls || (evidence.answers === 0 && !evidence.needsGaps);
      const records = isTold && !evidence.wantsNext() ? null : await recordsOf(reading, own.read, request);
      // An engine counts calls and does not tell of them.
      if (records !== null && !isTold) cubes = { ...cubes, ...callsOf(foldRecords(records, asked, evidence)) };
      else
        for (const one of records ?? [])
          if (evidence.wantsNext()) evidence.line(one);
          else break;
    }
    const before = request.period?.before ?? (session === undefined ? windowBefore(window, io.now()) : null);
    const previous =
      before === null || !chosen.sections.some(({ comparesWindows }) => comparesWindows === true)
        ? undefined
        : await reading.count(readFor(before));
    const completeness = await reading.completeness(window);
    const meta = {
      generatedAt: io.now(),
      engineVersion: VERSION,
      zone,
      files: reading.files,
      filter,
      ...rules,
      ...(completeness === null ? {} : { source: completeness }),
      ...(isElsewhere(invocation) || session !== undefined ? {} : { retired: readRetired(invocation) }),
      evidence: { ...(await evidence.found(cubes)), ...(previous === undefined ? {} : { previous }) },
    };
    const report = buildReport(cubes, limit === undefined ? meta : { ...meta, limit }, chosen.sections);
    const isMoving = narrowed.since !== undefined || narrowed.until !== undefined;
    const isAhead = [cubes, previous].some((one) => one !== undefined && one.quality.future > 0);
    const holdsUntil = isMoving || isAhead ? Number.NEGATIVE_INFINITY : nextExpiry(policy, io.now());
    return { report, cubes, session, holdsUntil };
  });
}

/** Sections that say nothing without the calls themselves. */
const OF_CALLS: ReadonlySet<string> = new Set(["gaps", "suggestions"]);

/** `null` where the calls are not there and the rest of the report can do without. */
async function recordsOf(
  reading: Reading,
  read: RecordFilter,
  { sections, look }: ReportRequest,
): Promise<Iterable<Scanned> | null> {
  const records = await reading.records(read);
  if (records !== null || (look === undefined && !sections.some((name) => OF_CALLS.has(name)))) return records;
  throw new CliError(
    "calls_not_shipped",
    `\`${reading.files.join(", ")}\` holds counts of calls, not the calls themselves`,
    "machines ship whole records under the profile `full` only",
  );
}

/** What `prune` wrote down of the segments it removed. */
function readRetired(invocation: Invocation): readonly Retired[] {
  try {
    return parseRetired(readFileSync(join(locationsOf(invocation).state, "retired.jsonl"), "utf8"));
  } catch {
    return [];
  }
}

function callsOf({ gaps, answers }: Cubes): Pick<Cubes, "gaps" | "answers"> {
  return { ...(gaps === undefined ? {} : { gaps }), ...(answers === undefined ? {} : { answers }) };
}

const NO_EVIDENCE: Evidence = {
  answers: 0,
  needsGaps: false,
  wantsNext: () => false,
  line() {},
  found: async () => ({}),
};

/** Loaded only when something may be looked for. */
async function evidenceOf(
  invocation: Invocation,
  policy: Policy | undefined,
  sections: readonly SectionDefinition[],
  filter: RecordFilter,
): Promise<Evidence> {
  if (sections.length === 0) return NO_EVIDENCE;
  const { evidenceFor } = await import("./evidence.js");
  return evidenceFor(invocation, policy, sections, filter);
}

function given(sections: readonly SectionDefinition[]): ReturnType<typeof chooseSections> {
  return { kind: "sections", sections };
}

/** The window of the same length before this one; an open one has none. */
export function windowBefore({ since, until }: Window, now: number): Window | null {
  if (since === undefined) return null;
  return { since: since - ((until ?? now) - since), until: since };
}

/** When the next rule expires. */
function nextExpiry({ rules }: Policy, now: number): number {
  return Math.min(...rules.flatMap(({ expires = now }) => (expires > now ? [expires] : [])));
}

/** A log given by --audit may be another machine's: this machine's rules say nothing about it, unless they were named. */
function rulesOf(policy: Policy, isElsewhere: boolean): { readonly policy?: Policy } {
  return isElsewhere || policy.state === "broken" ? {} : { policy };
}
