/** Every decided call of a window, each once (SPEC section 9), for queries that count calls. Memory stays flat. */

import { readWindow } from "../../cubes/fold.js";
import { CallJoin } from "../../cubes/join-calls.js";
import type { Call } from "../../cubes/open-call.js";
import { isCallWanted } from "../../cubes/wanted.js";
import type { Scan } from "../../scan/open-scan.js";
import type { RecordFilter } from "../../scan/scan.js";

export function visitCalls(scan: Scan, filter: RecordFilter, visit: (call: Call) => void): void {
  const { since = -Infinity, until = Infinity, session } = filter;
  const join = new CallJoin({
    call(call) {
      const { timeMs } = call.calling;
      if (timeMs >= since && timeMs < until && isCallWanted(call, filter)) visit(call);
    },
    prompt() {},
  });
  const window = readWindow({
    ...(filter.since === undefined ? {} : { since: filter.since }),
    ...(filter.until === undefined ? {} : { until: filter.until }),
  });
  const read = { ...window, ...(session === undefined ? {} : { session }) };
  for (const one of scan.backward(read, { isLazy: true })) {
    if (one.kind === "record") join.add(one.record, one.timeMs, one.at, one.namesNoHost);
  }
  join.finish();
}

/** How often each key was met; over the limit new keys are counted together as `(other)`. */
export class Tally {
  readonly #counts = new Map<string, number>();

  constructor(private readonly limit = 100_000) {}

  add(key: string): void {
    const known = this.#counts.get(key);
    const name = known !== undefined || this.#counts.size < this.limit ? key : "(other)";
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Most frequent first, equal ones by name. */
  get entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }

  get record(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.entries);
  }
}
