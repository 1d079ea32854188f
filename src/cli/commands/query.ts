/** `query`: the machine interface. One JSON object in, one out; compact on a pipe, pretty and coloured on a terminal. */
import { hasFailed, runQuery } from "../../analyze/query/run-query.js";
import type { QueryWorld } from "../../analyze/query/world.js";
import { type OpenedScan, openScan } from "../../analyze/scan/open-scan.js";
import { zoneOf } from "../../analyze/zone.js";
import type { Policy } from "../../core/policy/policy.js";
import { readPolicyByHash } from "../../store/in-force.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { readText } from "../files.js";
import { givenJson, writeJson } from "../json-text.js";
import { cachedPolicyFor } from "../judge.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";

const EXAMPLE = `claude-permit query '{"type":"rule_count"}'`;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const world = worldOf(invocation);
  try {
    const answer = await runQuery(await givenJson(invocation, "query", EXAMPLE), world);
    writeJson(invocation, answer);
    return hasFailed(answer) ? EXIT.failed : EXIT.fine;
  } finally {
    world.close();
  }
}

function worldOf(invocation: Invocation): QueryWorld & { readonly close: () => void } {
  const { io, flags } = invocation;
  const policies = new Map<string, Policy>();
  let opened: Promise<OpenedScan> | null = null;
  let scan: OpenedScan | null = null;
  return {
    cwd: io.cwd,
    home: io.osHome,
    now: io.now,
    elapsed: () => performance.now(),
    unattended: io.env["CLAUDE_PERMIT_UNATTENDED"] === "1",
    zone: (configured) => zoneOf(configured) ?? zoneFor(invocation, "local"),
    policyFor(folder) {
      const known = policies.get(folder) ?? cachedPolicyFor(invocation, folder);
      policies.set(folder, known);
      return known;
    },
    policyByHash: (hash) => readPolicyByHash(locationsOf(invocation), hash),
    openLog() {
      const given = flags.list("audit");
      const paths = given.length > 0 ? given : [locationsOf(invocation).home];
      opened ??= openScan(paths, { stdin: io.stdin }).then((one) => {
        scan = one;
        return one;
      });
      return opened;
    },
    readText(file) {
      try {
        return readText(file);
      } catch {
        return null;
      }
    },
    close() {
      if (scan?.kind === "scan") scan.scan.close();
    },
  };
}
