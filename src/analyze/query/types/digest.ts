/** `digest`: what a day, week or month came to, against the one before: the figures of the digest, and what is worth doing. */
import { type DigestPart, digestSections } from "../../digest/digest.js";
import { periodOf } from "../../digest/period.js";
import type { SectionContext } from "../../sections/section.js";
import { localTimestamp } from "../../zone.js";
import { logIn, zoneIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { countCalls } from "./stats.js";

const LISTED = 50;
const PARTS: readonly DigestPart[] = ["digest", "highlights", "denials"];

export async function queryDigest(asked: QueryOf<"digest">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const zone = zoneIn(world);
  const policy = world.policyFor(world.cwd);
  const ago = asked.last === true ? 1 : 0;
  const at = (back: number) =>
    periodOf(asked.period ?? "week", world.now(), zone, policy.settings.report.weekStart, back);
  const period = at(ago);
  const context: SectionContext = {
    cubes: countCalls(scan, period.window, world),
    previous: countCalls(scan, at(ago + 1).window, world),
    zone,
    limit: LISTED,
    ...(policy.state === "broken" ? {} : { policy }),
  };
  const parts = digestSections(period).filter(({ id }) => PARTS.some((part) => part === id));
  const built = Object.fromEntries(parts.map(({ id, build }) => [id, build(context)]));
  const rowsOf = (part: DigestPart, table: string) => built[part]?.tables[table]?.rows.map(({ cells }) => cells) ?? [];
  return {
    result: {
      period: period.kind,
      since: localTimestamp(period.window.since, zone),
      until: localTimestamp(period.window.until, zone),
      zone: zone.name,
      figures: Object.fromEntries(
        Object.entries(built["digest"]?.figures ?? {}).map(([name, { value }]) => [name, value]),
      ),
      worth_doing: rowsOf("highlights", "advice"),
      flagged: rowsOf("digest", "alarms"),
      blocked: rowsOf("denials", "blocked"),
      in_words: built["digest"]?.notes ?? [],
    },
  };
}
