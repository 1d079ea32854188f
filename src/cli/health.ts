/** What `status` looks at, one value a check: what was found, why it matters, how to mend it. Reads only. */
import { statSync } from "node:fs";
import { openScan } from "../analyze/scan/open-scan.js";
import type { Scanned } from "../analyze/scan/scan.js";
import { formatProblem } from "../core/errors.js";
import type { LoadedPolicy } from "../store/load-policy.js";
import type { Locations } from "../store/locations.js";

export interface Check {
  readonly name: string;
  /** `bad` makes status unhealthy; `note` is worth a look. */
  readonly state: "good" | "note" | "bad";
  readonly found: string;
  readonly why?: string;
  readonly fix?: string;
}

const PRIVATE = 0o077;
const DAY = 86_400_000;

export function checkHome({ home }: Locations): Check {
  const stat = statSync(home, { throwIfNoEntry: false });
  const name = "home";
  if (stat === undefined) {
    return {
      name,
      state: "note",
      found: `${home} does not exist yet`,
      why: "nothing was recorded or configured so far",
    };
  }
  if (process.platform !== "win32" && (stat.mode & PRIVATE) !== 0) {
    const why = "the log holds your commands; other users of this machine could read them";
    return { name, state: "bad", found: `${home} is open to others`, why, fix: `chmod -R go= '${home}'` };
  }
  return { name, state: "good", found: home };
}

export function checkPolicy({ policy, problems, sources }: LoadedPolicy): Check {
  const name = "policy";
  const errors = problems.filter((found) => found.severity === "error");
  const present = sources.filter((source) => source.present);
  const [first] = errors;
  if (policy.state === "broken" || first !== undefined) {
    const found = first === undefined ? "the policy files cannot be used" : formatProblem(first);
    const why = `until it is mended no rule allows anything; the rest follows fail = "${policy.settings.fail}"`;
    return { name, state: "bad", found, why, fix: "claude-permit validate" };
  }
  if (present.length === 0) {
    const why = "without rules every call is left to Claude Code, and only self-protection asks";
    return { name, state: "note", found: "no policy file", why, fix: "start from policies/starter.toml" };
  }
  const warnings = problems.length === 0 ? "" : `, ${problems.length} warnings (claude-permit validate)`;
  const found = `${policy.rules.length} rules from ${present.length} files, hash ${policy.hash}${warnings}`;
  return { name, state: problems.length === 0 ? "good" : "note", found };
}

export function checkTrust({ project }: LoadedPolicy): Check {
  const name = "project file";
  if (project.trust === "absent") return { name, state: "good", found: "none here" };
  if (project.trust === "trusted") return { name, state: "good", found: "trusted" };
  const found = project.trust === "changed" ? "changed since it was trusted" : "not trusted";
  return {
    name,
    state: "note",
    found,
    why: "its deny and ask rules count, its allow rules do not",
    fix: "read it, then: claude-permit trust",
  };
}

export async function checkLog(locations: Locations, now: number): Promise<Check> {
  const name = "log";
  const fix = "register the hook, or: claude-permit import transcripts";
  const opened = await openScan([locations.home]);
  if (opened.kind === "failed") {
    const isMissing = opened.code === "log_not_found";
    return { name, state: isMissing ? "note" : "bad", found: opened.message, why: "reports have nothing to read", fix };
  }
  try {
    const newest = newestRecord(opened.scan.backward());
    if (newest === undefined)
      return { name, state: "note", found: "no record yet", why: "reports have nothing to read", fix };
    const { record, timeMs } = newest;
    const size = `${(opened.scan.bytes / 1e6).toFixed(1)} MB in ${opened.scan.files.length} files`;
    const found = `${size}, last record ${ageOf(now - timeMs)} (${record.event}, ${record.timestamp})`;
    if (timeMs > now + DAY)
      return { name, state: "bad", found, why: "the newest record is from the future: a clock is wrong" };
    return { name, state: "good", found };
  } finally {
    opened.scan.close();
  }
}

function newestRecord(records: Iterable<Scanned>): Extract<Scanned, { kind: "record" }> | undefined {
  for (const scanned of records) if (scanned.kind === "record") return scanned;
  return undefined;
}

/** `3 minutes ago`. */
export function ageOf(ms: number): string {
  const units = [
    ["day", DAY],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
  ] as const;
  for (const [unit, size] of units) {
    const count = Math.floor(ms / size);
    if (count > 0) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
