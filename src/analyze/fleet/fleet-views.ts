/**
 * How the machines of a fleet are, from the engine that holds their rows: who is silent, behind or incomplete, which policy
 * and program each runs, which rules hit where, and which machines and projects are out of the ordinary. The engine counts;
 * shares and outliers are worked out here, like a report's. A machine is a keyed hash; who it is, only the key tells.
 */
import type { MeasureName } from "../cubes/definitions.js";
import type { SqlCube, SqlKey } from "../engine/compile-cube.js";
import { readCompleteness } from "../engine/completeness.js";
import { runStatement, type SqlEngine } from "../engine/engine.js";
import { readCells, type SqlCell } from "../engine/read-cells.js";
import type { RecordFilter, Window } from "../scan/scan.js";
import { highThreshold } from "../statistics.js";

const SHARES = ["asked", "blocked", "left_alone", "unsafe", "rejected"] as const;
const MEASURES = ["calls", "approved", ...SHARES, "first", "last"] as const satisfies readonly MeasureName[];
/** Fewer calls say nothing about a share. */
const LEAST_CALLS = 30;
/** Fewer machines or projects have no ordinary. */
const LEAST_MEMBERS = 5;
/** Robust deviations above the median, and at least so many percentage points. */
const DEVIATIONS = 4;
const LEAST_POINTS = 0.05;

export interface MachineState {
  readonly machine: string;
  /** When it shipped last, by its own clock; `null`: rows came, and no batch row. */
  readonly shippedMs: number | null;
  /** Bytes of log it had and had not shipped by then. */
  readonly waiting: number;
  /** Bytes it shipped that did not arrive. */
  readonly missing: number;
  /** Lines it gave up. */
  readonly dropped: number;
  readonly problems: readonly ("silent" | "behind" | "incomplete" | "gave up lines")[];
}

/** @param silentMs without a shipment for so long a machine is silent */
export async function readMachineStates(engine: SqlEngine, now: number, silentMs: number): Promise<MachineState[]> {
  const { from } = engine.dialect;
  const [completeness, batches] = [
    await readCompleteness(engine, {}),
    await runStatement(engine, {
      sql: `SELECT machine AS k0, log AS k1, max(rev) AS m0, max(size) AS m1, max(off + len) AS m2, sum(dropped) AS m3 FROM ${from(null, { kinds: ["batch"], window: {} })} WHERE kind = 'batch' GROUP BY k0, k1`,
      yields: ["text", "text", "int", "int", "int", "int"],
    }),
  ];
  const seen = await runStatement(engine, {
    sql: `SELECT machine AS k0, count(*) AS m0 FROM ${from(null, { kinds: [], window: {} })} WHERE kind <> 'gone' GROUP BY k0`,
    yields: ["text", "int"],
  });
  return seen
    .map(([name]): MachineState => {
      const machine = String(name);
      const own = batches.filter(([one]) => one === machine);
      const shippedMs = own.length === 0 ? null : Math.max(...own.map(([, , rev]) => Number(rev)));
      const waiting = own.reduce((sum, [, , , size, to]) => sum + Math.max(0, Number(size) - Number(to)), 0);
      const dropped = own.reduce((sum, [, , , , , lines]) => sum + Number(lines), 0);
      const missing = completeness.gaps.reduce((sum, gap) => sum + (gap.machine === machine ? gap.bytes : 0), 0);
      const problems = [
        ...(shippedMs === null || now - shippedMs > silentMs ? (["silent"] as const) : []),
        ...(waiting > 0 ? (["behind"] as const) : []),
        ...(missing > 0 ? (["incomplete"] as const) : []),
        ...(dropped > 0 ? (["gave up lines"] as const) : []),
      ];
      return { machine, shippedMs, waiting, missing, dropped, problems };
    })
    .toSorted((a, b) => b.problems.length - a.problems.length || compare(a.machine, b.machine));
}

export interface Outlier {
  readonly of: "machine" | "project";
  readonly name: string;
  readonly share: (typeof SHARES)[number];
  readonly calls: number;
  /** Of its calls, 0 to 1; and the middle of all. */
  readonly value: number;
  readonly median: number;
}

export interface FleetReport {
  readonly machines: readonly Cell<"machine">[];
  readonly policies: readonly (Cell<"policy"> & { readonly machines: number })[];
  readonly engines: readonly { readonly engine: string; readonly machines: number; readonly last: number }[];
  readonly rules: readonly (Cell<"rule"> & { readonly machines: number; readonly most: string })[];
  readonly outliers: readonly Outlier[];
}

type Cell<Name extends string> = { readonly [Key in Name]: string } & { readonly values: SqlCell["values"] };

export async function readFleetReport(engine: SqlEngine, window: Window, filter: RecordFilter): Promise<FleetReport> {
  const cube = (of: SqlCube["of"], ...keys: readonly SqlKey[]): SqlCube => ({
    name: "fleet",
    of,
    keys,
    measures: of === "record" ? ["calls", "last"] : MEASURES,
  });
  const asked = [
    cube("call", "machine"),
    cube("call", "project"),
    cube("call", "machine", "policy"),
    cube("rule", "machine", "rule"),
    cube("record", "machine", "engine"),
  ];
  const [ofMachines = [], projects = [], ofPolicies = [], ofRules = [], ofEngines = []] = await readCells(
    engine,
    asked,
    { window, filter, offsets: [] },
  );
  const machines = ofMachines.map((cell) => ({ machine: key(cell, "machine"), ...cell }));
  const policies = grouped(ofPolicies, "policy");
  const rules = grouped(ofRules, "rule");
  const engines = grouped(ofEngines, "engine");
  return {
    machines: machines.map(({ machine, values }) => ({ machine, values })).toSorted(byCalls((one) => one.machine)),
    policies: policies.map(({ name, values, machines: count }) => ({ policy: name, values, machines: count })),
    engines: engines.map(({ name, values, machines: count }) => ({
      engine: name,
      machines: count,
      last: values.last ?? 0,
    })),
    rules: rules.map(({ name, values, machines: count, most }) => ({ rule: name, values, machines: count, most })),
    outliers: [
      ...outliersAmong(
        "machine",
        machines.map(({ machine, values }) => ({ name: machine, values })),
      ),
      ...outliersAmong(
        "project",
        projects.map((cell) => ({ name: key(cell, "project"), values: cell.values })),
      ),
    ],
  };
}

/** Pure: those whose share stands out from the others'. */
export function outliersAmong(
  of: Outlier["of"],
  members: readonly { readonly name: string; readonly values: SqlCell["values"] }[],
): readonly Outlier[] {
  const telling = members.filter(({ values }) => (values.calls ?? 0) >= LEAST_CALLS);
  if (telling.length < LEAST_MEMBERS) return [];
  return SHARES.flatMap((share) => {
    const shareOf = (values: SqlCell["values"]) => (values[share] ?? 0) / (values.calls ?? 1);
    const usual = highThreshold(
      telling.map(({ values }) => shareOf(values)),
      DEVIATIONS,
      LEAST_POINTS,
    );
    if (usual === null) return [];
    return telling
      .filter(({ values }) => shareOf(values) > usual.threshold)
      .map(({ name, values }) => ({
        of,
        name,
        share,
        calls: values.calls ?? 0,
        value: shareOf(values),
        median: usual.median,
      }))
      .toSorted((a, b) => b.value - a.value || compare(a.name, b.name));
  });
}

interface Group {
  readonly name: string;
  readonly machines: number;
  /** The machine with the most calls of it. */
  readonly most: string;
  readonly values: SqlCell["values"];
}

/** Cells by machine and one more key -> one group for each value of that key, most calls first. */
function grouped(cells: readonly SqlCell[], by: SqlKey): Group[] {
  const groups = new Map<string, SqlCell[]>();
  for (const cell of cells) {
    const name = key(cell, by);
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups]
    .map(([name, own]) => {
      const [most] = own.toSorted(byCalls((cell) => key(cell, "machine")));
      return { name, machines: own.length, most: most === undefined ? "" : key(most, "machine"), values: added(own) };
    })
    .toSorted(byCalls((group) => group.name));
}

function added(cells: readonly SqlCell[]): SqlCell["values"] {
  const sum = (name: MeasureName) => cells.reduce((total, { values }) => total + (values[name] ?? 0), 0);
  const times = (name: "first" | "last") => cells.flatMap(({ values }) => values[name] ?? []);
  return {
    ...Object.fromEntries(["calls" as const, "approved" as const, ...SHARES].map((name) => [name, sum(name)])),
    first: Math.min(...times("first")),
    last: Math.max(...times("last")),
  };
}

function key({ keys }: SqlCell, name: SqlKey): string {
  return keys[name] ?? "";
}

function byCalls<One extends { readonly values: SqlCell["values"] }>(nameOf: (one: One) => string) {
  return (a: One, b: One): number => (b.values.calls ?? 0) - (a.values.calls ?? 0) || compare(nameOf(a), nameOf(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
