/** Records counted by the values of fields: count, sum, average, 95th percentile. Memory follows the groups, which are limited. */
import type { AuditRecord } from "../../../core/audit/record.js";
import { bucketOf, percentile } from "../../cubes/histogram.js";
import { compareValues, fieldOf, textOf } from "./log-fields.js";

const GROUPS = 10_000;
const CUT = 200;

export interface Aggregate {
  readonly group_by?: string | readonly string[];
  readonly sum?: string;
  readonly avg?: string;
  readonly p95?: string;
}

export type SortKey = { readonly field: string; readonly order?: "asc" | "desc" };

interface Group {
  readonly key: Readonly<Record<string, unknown>>;
  count: number;
  sum: number;
  avgSum: number;
  avgCount: number;
  readonly buckets: Map<number, number>;
}

export class LogGroups {
  readonly #groups = new Map<string, Group>();
  readonly #fields: readonly string[];
  /** Records that came after the limit of groups was reached and belong to none of them. */
  folded = 0;

  constructor(private readonly asked: Aggregate) {
    const { group_by: by = [] } = asked;
    this.#fields = typeof by === "string" ? [by] : by;
  }

  add(record: AuditRecord): void {
    const values = this.#fields.map((field) => fieldOf(record, field));
    const name = JSON.stringify(values);
    const group = this.#groups.get(name) ?? this.#open(name, values);
    if (group === null) {
      this.folded++;
      return;
    }
    const { sum, avg, p95 } = this.asked;
    group.count++;
    if (sum !== undefined) group.sum += numberOf(record, sum) ?? 0;
    const averaged = avg === undefined ? undefined : numberOf(record, avg);
    if (averaged !== undefined) {
      group.avgSum += averaged;
      group.avgCount++;
    }
    const measured = p95 === undefined ? undefined : numberOf(record, p95);
    if (measured !== undefined) {
      const bucket = bucketOf(measured);
      group.buckets.set(bucket, (group.buckets.get(bucket) ?? 0) + 1);
    }
  }

  /** Largest first unless sorted otherwise; nothing known is `null`, not 0. */
  rows(sort: readonly SortKey[] = []): readonly Readonly<Record<string, unknown>>[] {
    const { sum, avg, p95 } = this.asked;
    const rows = [...this.#groups.values()].map((group) => ({
      group: group.key,
      count: group.count,
      ...(sum === undefined ? {} : { sum: group.sum }),
      ...(avg === undefined ? {} : { avg: group.avgCount === 0 ? null : group.avgSum / group.avgCount }),
      ...(p95 === undefined
        ? {}
        : {
            p95: percentile(
              [...group.buckets].map(([bucket, count]) => ({ bucket, count })),
              95,
            ),
          }),
    }));
    const keys = sort.length > 0 ? sort : [{ field: "count", order: "desc" as const }];
    const columnOf = (row: (typeof rows)[number], field: string): unknown =>
      Object.hasOwn(row.group, field) ? row.group[field] : new Map<string, unknown>(Object.entries(row)).get(field);
    return rows.sort((a, b) => {
      for (const { field, order = "asc" } of keys) {
        const by = compareValues(columnOf(a, field), columnOf(b, field), order);
        if (by !== 0) return by;
      }
      return compareValues(textOf(a.group), textOf(b.group), "asc");
    });
  }

  #open(name: string, values: readonly unknown[]): Group | null {
    if (this.#groups.size >= GROUPS) return null;
    const key = Object.fromEntries(this.#fields.map((field, index) => [field, cut(values[index])]));
    const group: Group = { key, count: 0, sum: 0, avgSum: 0, avgCount: 0, buckets: new Map() };
    this.#groups.set(name, group);
    return group;
  }
}

function numberOf(record: AuditRecord, field: string): number | undefined {
  const value = fieldOf(record, field);
  return typeof value === "number" ? value : undefined;
}

function cut(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === "string" && value.length > CUT ? `${value.slice(0, CUT)}…` : value;
}
