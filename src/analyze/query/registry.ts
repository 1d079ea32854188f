/** Every query type with what answers it: the one list. */
import type { Query } from "./query.schema.js";
import { queryCompare } from "./types/compare.js";
import { queryConfig } from "./types/config.js";
import { queryDigest } from "./types/digest.js";
import { queryEntitlements } from "./types/entitlements.js";
import { queryExplain } from "./types/explain.js";
import { queryGaps } from "./types/gaps.js";
import { queryLog } from "./types/log.js";
import { queryMatchTest } from "./types/match-test.js";
import { queryPatterns } from "./types/patterns.js";
import { queryRule, queryRuleCount } from "./types/rule.js";
import { querySession } from "./types/session.js";
import { queryCoverage, queryStats } from "./types/stats.js";
import type { Answer, QueryWorld } from "./world.js";

export function answerQuery(query: Query, world: QueryWorld): Answer | Promise<Answer> {
  switch (query.type) {
    case "config":
      return queryConfig(query, world);
    case "rule":
      return queryRule(query, world);
    case "rule_count":
      return queryRuleCount(query, world);
    case "log":
      return queryLog(query, world);
    case "match_test":
      return queryMatchTest(query, world);
    case "stats":
      return queryStats(query, world);
    case "patterns":
      return queryPatterns(query, world);
    case "entitlements":
      return queryEntitlements(query, world);
    case "explain":
      return queryExplain(query, world);
    case "session":
      return querySession(query, world);
    case "coverage":
      return queryCoverage(query, world);
    case "gaps":
      return queryGaps(query, world);
    case "compare":
      return queryCompare(query, world);
    case "digest":
      return queryDigest(query, world);
    default:
      return query satisfies never;
  }
}
