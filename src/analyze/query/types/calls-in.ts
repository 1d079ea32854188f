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
