/** What queries take from this machine, for `query` and for the MCP server. */
import { join } from "node:path";
import { openJudgements } from "../analyze/judgements.js";
import type { QueryWorld } from "../analyze/query/world.js";
import { type OpenedScan, openScan } from "../analyze/scan/open-scan.js";
import type { Policy } from "../core/policy/policy.js";
import { readPolicyByHash } from "../store/in-force.js";
import type { Invocation } from "./command.js";
import { countLog } from "./count-log.js";
import { readTextIfThere } from "./files.js";
import { cachedPolicyFor } from "./judge.js";
import { machineZone, zoneNamed } from "./machine-zone.js";
import { VERSION } from "./version.js";
import { hookLocations, locationsOf } from "./where.js";

export function queryWorld(invocation: Invocation): QueryWorld & { readonly close: () => void } {
  const { io, flags } = invocation;
  const policies = new Map<string, Policy>();
  let opened: Promise<OpenedScan> | null = null;
  let scan: OpenedScan | null = null;
  return {
    cwd: io.cwd,
    home: hookLocations(invocation).osHome,
    now: io.now,
    elapsed: () => performance.now(),
    unattended: io.env["CLAUDE_PERMIT_UNATTENDED"] === "1",
    zone: (configured) => zoneNamed(configured || "local", io.env["TZ"]) ?? machineZone(io.env["TZ"]),
    policyFor(folder) {
      const known = policies.get(folder) ?? cachedPolicyFor(invocation, folder);
      policies.set(folder, known);
      return known;
    },
    policyByHash: (hash) => readPolicyByHash(locationsOf(invocation), hash),
    openLog() {
      const given = flags.list("audit");
      const paths = given.length > 0 ? given : [locationsOf(invocation).home];
      opened ??= openScan(paths, io).then((one) => {
        scan = one;
        return one;
      });
      return opened;
    },
    count: (scan, options) => countLog({ io, flags, quiet: true }, scan, options),
    judgements({ hash, guarded }) {
      const folder = join(locationsOf(invocation).cache, "judged");
      return openJudgements(folder, `${VERSION} ${hash} queries ${JSON.stringify(guarded)}`, flags.on("readOnly"));
    },
    readText: readTextIfThere,
    close() {
      if (scan?.kind === "scan") scan.scan.close();
    },
  };
}
