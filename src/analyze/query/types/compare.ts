/** `compare`: two sessions or windows side by side, what differs and whether that is more than chance. */
import { differences, inWords, TEST_DEFINITION } from "../../compare/differences.js";
import { type Cubes, count, rowsOf } from "../../cubes/fold.js";
import type { Scan } from "../../scan/open-scan.js";
import type { RecordFilter, Window } from "../../scan/scan.js";
import { localTimestamp } from "../../zone.js";
import { logIn, sessionIn, windowOf, zoneIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import { QueryFault } from "../query-fault.js";
import type { Answer, QueryWorld } from "../world.js";
import { countCalls } from "./stats.js";

const LISTED = 50;

export async function queryCompare(asked: QueryOf<"compare">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const [a, b] = [sideOf("a", asked, scan, world), sideOf("b", asked, scan, world)];
  const all = differences(a, b);
  const onlyIn = (having: Cubes, without: Cubes) => {
    const known = new Set(commandsOf(without));
    return commandsOf(having)
      .filter((command) => !known.has(command))
      .slice(0, LISTED);
  };
  return {
    result: {
      a: told(asked.a ?? "last-1", a, world),
      b: told(asked.b ?? "last", b, world),
      differences: all.map(({ id, label, unit, a: inA, b: inB, countA, countB, p, isMoreThanChance }) => ({
        id,
        label,
        unit,
        a: inA,
        b: inB,
        ...(countA === null ? {} : { count_a: countA, count_b: countB }),
        p,
        more_than_chance: isMoreThanChance,
      })),
      in_words: inWords(all, "a", "b"),
      new_commands: onlyIn(b, a),
      gone_commands: onlyIn(a, b),
      note: TEST_DEFINITION,
    },
  };
}

function sideOf(side: "a" | "b", asked: QueryOf<"compare">, scan: Scan, world: QueryWorld): Cubes {
  const name = asked[side] ?? (side === "a" ? "last-1" : "last");
  const window = windowNamed(side, name, world);
  const session = window === null ? sessionNamed(side, name, scan) : undefined;
  const filter: RecordFilter = {
    ...(session === undefined ? {} : { session }),
    ...(asked.tool === undefined ? {} : { tool: asked.tool }),
    ...(asked.project === undefined ? {} : { project: asked.project }),
  };
  return countCalls(scan, { ...window, ...filter }, world);
}

/** `A..B`, `A..`, `..B`; `null` when it is a session. */
function windowNamed(side: "a" | "b", name: string, world: QueryWorld): Window | null {
  const at = name.indexOf("..");
  if (at < 0) return null;
  const [since, until] = [name.slice(0, at), name.slice(at + 2)];
  return atKey(side, () => windowOf({ ...(since === "" ? {} : { since }), ...(until === "" ? {} : { until }) }, world));
}

function sessionNamed(side: "a" | "b", name: string, scan: Scan): string {
  return atKey(side, () => sessionIn(scan, name));
}

/** A fault of a part is one of the key that holds it. */
function atKey<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryFault) throw new QueryFault(error.code, error.message, { ...error.more, path });
    throw error;
  }
}

function told(name: string, cubes: Cubes, world: QueryWorld) {
  const zone = zoneIn(world);
  const time = (timeMs: number | null) => (timeMs === null ? null : localTimestamp(timeMs, zone));
  const total = rowsOf(cubes, "totals")[0];
  return { name, total_decisions: count(total, "calls"), first: time(cubes.first), last: time(cubes.last) };
}

/** Most frequent first. */
function commandsOf(cubes: Cubes): readonly string[] {
  const calls = new Map<string, number>();
  for (const row of rowsOf(cubes, "commands")) {
    const command = row.keys.command ?? "";
    calls.set(command, (calls.get(command) ?? 0) + count(row, "calls"));
  }
  return [...calls].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([command]) => command);
}
