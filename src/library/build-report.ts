/** The report over a log, for programs: the value that every rendering of `claude-permit analyze` is made of. */
import { foldRecords, readWindow } from "../analyze/cubes/fold.js";
import { buildReport as reportOf } from "../analyze/report/build.js";
import type { Report } from "../analyze/report/report.schema.js";
import { openScan } from "../analyze/scan/open-scan.js";
import type { RecordFilter } from "../analyze/scan/scan.js";
import { chooseSections } from "../analyze/sections/registry.js";
import { zoneOf } from "../analyze/zone.js";
import { redundantRules } from "../core/policy/lint.js";
import type { Policy } from "../core/policy/policy.js";
import { AuditError } from "./read-audit.js";
import { VERSION } from "./version.js";

export interface ReportOptions extends RecordFilter {
  /** For days and printed times: `Europe/Berlin`, `+02:00`; default UTC. */
  readonly timezone?: string;
  /** Names of sections; default all that need nothing but the log. */
  readonly sections?: readonly string[];
  /** For what only a policy tells, such as rules that were never hit. */
  readonly policy?: Policy;
  /** Rows a table keeps. */
  readonly limit?: number;
  /** Milliseconds since the epoch; default the clock. */
  readonly now?: number;
}

/**
 * @param paths as for `readAudit`.
 * @throws AuditError when there is no log, RangeError for a zone or section that does not exist.
 */
export async function buildReport(paths: string | readonly string[], options: ReportOptions = {}): Promise<Report> {
  const { timezone = "UTC", sections = [], policy, limit, now = Date.now(), ...filter } = options;
  const zone = zoneOf(timezone);
  if (zone === null) throw new RangeError(`\`${timezone}\` is not a time zone`);
  const chosen = chooseSections(sections);
  if (chosen.kind === "unknown") {
    throw new RangeError(`there is no section \`${chosen.name}\`: one of ${chosen.known.join(", ")}`);
  }
  const opened = await openScan(typeof paths === "string" ? [paths] : paths);
  if (opened.kind === "failed") throw new AuditError(opened);
  try {
    const { since, until, session } = filter;
    const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    const records = opened.scan.backward({ ...readWindow(window), ...(session === undefined ? {} : { session }) });
    const cubes = foldRecords(records, { window, zone, now, filter });
    const meta = {
      generatedAt: now,
      engineVersion: VERSION,
      zone,
      files: opened.scan.files,
      filter,
      ...(policy === undefined ? {} : { policy, evidence: { redundant: redundantRules(policy) } }),
      ...(limit === undefined ? {} : { limit }),
    };
    return reportOf(cubes, meta, chosen.sections);
  } finally {
    opened.scan.close();
  }
}
