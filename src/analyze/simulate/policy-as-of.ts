/**
 * Which policy was in force at a moment, by project, from what the log tells: every decision names the hash of the
 * policy that gave it, and a `policy_changed` record names the one before. It reads no policy.
 */
import type { Scanned } from "../scan/scan.js";

export interface HashesAsOf {
  /** Project -> hash. */
  readonly byProject: ReadonlyMap<string, string>;
  /** Of any project: for projects of which nothing is known at that time; "" when nothing is known at all. */
  readonly anywhere: string;
}

interface Seen {
  readonly hash: string;
  readonly timeMs: number;
}

/** @param scanned the whole log, in any order. */
export function policyHashesAsOf(scanned: Iterable<Scanned>, asOfMs: number): HashesAsOf {
  const projects = new Map<string, string>();
  const newest = new Map<string, Seen>();
  const changes: (Seen & { readonly session: string; readonly from: string })[] = [];
  let anywhere: Seen | null = null;
  for (const one of scanned) {
    if (one.kind === "bad") continue;
    const { record, timeMs } = one;
    const { policy_hash: hash = "", project, session_id: session } = record;
    if (project !== undefined) projects.set(session, project);
    if (hash === "") continue;
    if (record.event === "policy_changed") {
      changes.push({ hash, timeMs, session, from: /^was ([0-9a-f]+)$/.exec(record.reason ?? "")?.[1] ?? "" });
    } else if (timeMs <= asOfMs) note(project ?? "", { hash, timeMs });
  }
  for (const { hash, timeMs, session } of changes) {
    if (timeMs <= asOfMs) note(projects.get(session) ?? "", { hash, timeMs });
  }
  // Before the first record of a project, the first change tells what it changed from.
  for (const { from, session } of changes.toSorted((a, b) => a.timeMs - b.timeMs)) {
    const project = projects.get(session) ?? "";
    if (from !== "" && !newest.has(project)) note(project, { hash: from, timeMs: -Infinity });
  }
  return {
    byProject: new Map([...newest].map(([project, { hash }]) => [project, hash])),
    anywhere: anywhere === null ? "" : seenHash(anywhere),
  };

  function note(project: string, seen: Seen): void {
    const met = newest.get(project);
    if (met === undefined || seen.timeMs > met.timeMs) newest.set(project, seen);
    if (anywhere === null || seen.timeMs > anywhere.timeMs) anywhere = seen;
  }
}

function seenHash({ hash }: Seen): string {
  return hash;
}
