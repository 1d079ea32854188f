/**
 * `log`: records, newest first, filtered, sorted or counted in groups. It reads backward and stops as soon as the answer is
 * complete; sorting keeps no more records than are asked for.
 */
import { sourceOf } from "../../../core/decision.js";
import type { FoundRecord } from "../../judge-again.js";
import type { RecordFilter, Scanned } from "../../scan/scan.js";
import { filterOf, logIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { compareValues, fieldOf, holds } from "./log-fields.js";
import { LogGroups } from "./log-groups.js";
import { type ReviewCause, ReviewCauses } from "./needs-review.js";

const LIMIT = 20;

interface Wanted {
  readonly found: FoundRecord;
  readonly review: readonly ReviewCause[];
}

export async function queryLog(asked: QueryOf<"log">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const { decision, tier, rule, sort = [], aggregate, offset = 0 } = asked;
  const filter: RecordFilter = {
    ...filterOf(asked, world, scan),
    ...(decision === undefined ? {} : { decision }),
    ...(tier === undefined ? {} : { tier }),
    ...(rule === undefined ? {} : { rule }),
  };
  const end = offset + (asked.last_n ?? asked.limit ?? LIMIT);
  const records = wanted(scan.backward(asked.needs_review === true ? reviewScan(filter) : filter), asked, filter);
  if (aggregate !== undefined) {
    const groups = new LogGroups(aggregate);
    for (const { found } of records) groups.add(found.record);
    const rows = groups.rows(sort);
    return { results: rows.slice(offset, end), total_groups: rows.length, records_folded: groups.folded };
  }
  const chosen = sort.length > 0 ? firstSorted(records, sort, end) : first(records, end);
  return { results: chosen.slice(offset).map(shown) };
}

/** Outcomes carry neither decision nor tier nor rule: they must be read, too. */
function reviewScan({ decision: _, tier: __, rule: ___, ...rest }: RecordFilter): RecordFilter {
  return rest;
}

function* wanted(scanned: Iterable<Scanned>, asked: QueryOf<"log">, filter: RecordFilter): Generator<Wanted, void> {
  const causes = asked.needs_review === true ? new ReviewCauses() : null;
  for (const found of scanned) {
    if (found.kind === "bad") continue;
    const { record } = found;
    const review = causes?.of(record) ?? [];
    if (causes !== null && (review.length === 0 || !isAsked(record, filter))) continue;
    if (asked.all !== true && record.decision === undefined) continue;
    if (asked.source !== undefined && fieldOf(record, "source") !== asked.source) continue;
    if (asked.filter !== undefined && !holds(record, asked.filter)) continue;
    yield { found, review };
  }
}

function isAsked(record: FoundRecord["record"], { decision, tier, rule }: RecordFilter): boolean {
  return (
    (decision === undefined || record.decision === decision) &&
    (tier === undefined || record.tier === tier) &&
    (rule === undefined || record.rule_id === rule || (record.rule_ids ?? []).includes(rule))
  );
}

function first(records: Iterable<Wanted>, limit: number): readonly Wanted[] {
  const kept: Wanted[] = [];
  for (const one of records) {
    kept.push(one);
    if (kept.length >= limit) break;
  }
  return kept;
}

/** INVARIANT: never holds more than twice the records asked for. */
function firstSorted(
  records: Iterable<Wanted>,
  sort: NonNullable<QueryOf<"log">["sort"]>,
  limit: number,
): readonly Wanted[] {
  let kept: Wanted[] = [];
  const settle = () => {
    kept = kept.sort(compare).slice(0, limit);
  };
  for (const one of records) {
    kept.push(one);
    if (kept.length >= limit * 2) settle();
  }
  settle();
  return kept;

  function compare(a: Wanted, b: Wanted): number {
    for (const { field, order = "asc" } of sort) {
      const by = compareValues(fieldOf(a.found.record, field), fieldOf(b.found.record, field), order);
      if (by !== 0) return by;
    }
    return b.found.timeMs - a.found.timeMs;
  }
}

function shown({ found: { record, at }, review }: Wanted): Readonly<Record<string, unknown>> {
  return {
    ...record,
    ...(record.tier === undefined ? {} : { source: sourceOf(record.tier, record.rule_id) }),
    at: `${at.file}:${at.offset}`,
    ...(review.length === 0 ? {} : { review }),
  };
}
