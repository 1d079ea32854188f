/** `patterns`: calls that are alike, the most frequent first, with examples. Alike means the same commands, folder or host. */
import { dirname } from "node:path";
import type { Calling } from "../../cubes/open-call.js";
import { filterOf, logIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { visitDecided } from "./decided-calls.js";

const CLUSTERS = 50;
const EXAMPLES = 3;
/** Distinct patterns kept apart; more are counted together. */
const KEPT = 20_000;

interface Cluster {
  readonly tool: string;
  readonly pattern: string;
  count: number;
  /** The newest different ones. */
  readonly examples: string[];
}

export async function queryPatterns(asked: QueryOf<"patterns">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const { decision, limit = CLUSTERS } = asked;
  const filter = { ...filterOf(asked, world, scan), ...(decision === undefined ? {} : { decision }) };
  const clusters = new Map<string, Cluster>();
  let total = 0;
  visitDecided(scan, filter, (calling) => {
    total++;
    const pattern = patternOf(calling);
    const key = clusters.size < KEPT ? `${calling.tool}\0${pattern}` : `${calling.tool}\0`;
    const known = clusters.get(`${calling.tool}\0${pattern}`) ?? clusters.get(key);
    const cluster = known ?? {
      tool: calling.tool,
      pattern: key.endsWith("\0") ? "(other)" : pattern,
      count: 0,
      examples: [],
    };
    if (known === undefined) clusters.set(key, cluster);
    cluster.count++;
    if (cluster.examples.length < EXAMPLES && !cluster.examples.includes(calling.subject))
      cluster.examples.push(calling.subject);
  });
  const sorted = [...clusters.values()].sort((a, b) => b.count - a.count || (a.pattern < b.pattern ? -1 : 1));
  return { result: { total_decisions: total, total_clusters: sorted.length, clusters: sorted.slice(0, limit) } };
}

function patternOf({ tool, commands, paths, domains }: Calling): string {
  if (commands.length > 0) return [...new Set(commands)].sort().join(" + ");
  const [domain] = domains;
  if (domain !== undefined) return `${tool}(domain:${domain})`;
  const [path] = paths;
  return path === undefined ? tool : `${tool}(${dirname(path)}/*)`;
}
