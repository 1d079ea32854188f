/** The window and filters of a query as the scan takes them; a time nobody can read is a fault at its key. */
import { isAbsolute, resolve } from "node:path";
import { parseWhen } from "../dates.js";
import { findSession } from "../scan/find-session.js";
import type { Scan } from "../scan/open-scan.js";
import type { RecordFilter, Window } from "../scan/scan.js";
import type { Zone } from "../zone.js";
import { QueryFault } from "./query-fault.js";
import type { QueryWorld } from "./world.js";

export interface Narrowing {
  readonly since?: string;
  readonly until?: string;
  readonly tool?: string;
  readonly session_id?: string;
  readonly project?: string;
}

/** The zone that the policy in force sets, else this machine's. */
export function zoneIn(world: QueryWorld): Zone {
  return world.zone(world.policyFor(world.cwd).settings.report.timezone);
}

export function windowOf({ since, until }: Narrowing, world: QueryWorld): Window {
  if (since === undefined && until === undefined) return {};
  const context = { now: world.now(), zone: zoneIn(world) };
  const at = (path: "since" | "until", text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const parsed = parseWhen(text, context);
    if (parsed.kind === "instant") return parsed.timeMs;
    throw new QueryFault("invalid_query", `\`${path}\`: ${parsed.message}`, { path, hint: parsed.hint });
  };
  const from = at("since", since);
  const to = at("until", until);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new QueryFault("invalid_query", "`since` is not before `until`", { path: "since" });
  }
  return { ...(from === undefined ? {} : { since: from }), ...(to === undefined ? {} : { until: to }) };
}

export function filterOf(asked: Narrowing, world: QueryWorld, scan: Scan): RecordFilter {
  const { tool, session_id: session, project } = asked;
  return {
    ...windowOf(asked, world),
    ...(tool === undefined ? {} : { tool }),
    ...(session === undefined ? {} : { session: sessionIn(scan, session) }),
    ...(project === undefined ? {} : { project: isAbsolute(project) ? project : resolve(world.cwd, project) }),
  };
}

export function sessionIn(scan: Scan, asked: string): string {
  const found = findSession(scan, asked);
  if (found.kind === "session") return found.id;
  const hint = found.newest.length > 0 ? `the newest are ${found.newest.join(", ")}` : "";
  throw new QueryFault("invalid_query", `no session \`${asked}\` in the log`, { path: "session_id", hint });
}

/** The log, or the fault that there is none. */
export async function logIn(world: QueryWorld): Promise<Scan> {
  const opened = await world.openLog();
  if (opened.kind === "scan") return opened.scan;
  throw new QueryFault("log_not_found", opened.message, { hint: opened.hint });
}
