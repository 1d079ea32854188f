/** `session`: what one session's calls came to; the newest one unless another is named. */
import { buildSessionSummary } from "../../report/session-summary.js";
import { localTimestamp } from "../../zone.js";
import { logIn, sessionIn, zoneIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { countCalls, statsJson } from "./stats.js";
import { statsOfCubes } from "./stats-counts.js";

export async function querySession(asked: QueryOf<"session">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const session = sessionIn(scan, asked.session_id ?? "last");
  const zone = zoneIn(world);
  const cubes = countCalls(scan, { session }, world);
  const time = (timeMs: number | null) => (timeMs === null ? null : localTimestamp(timeMs, zone));
  return {
    result: {
      session_id: session,
      ...statsJson(statsOfCubes(cubes), world),
      first: time(cubes.first),
      last: time(cubes.last),
      summary: buildSessionSummary(cubes),
    },
  };
}
