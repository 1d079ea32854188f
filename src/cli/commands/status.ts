/** `status`: is the hook wired and answering, are files, policy and log as they should be? One line when all is well. */
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import type { Check } from "../health/check.js";
import { readLogEnd } from "../health/log-end.js";
import { checkAll, HEADLINES } from "../health/registry.js";
import { policyFor } from "../judge.js";
import { safeText } from "../print.js";
import { hookSources } from "../registered.js";
import { VERSION } from "../version.js";
import { hookLocations, locationsOf } from "../where.js";

const MARKS: Readonly<Record<Check["state"], string>> = { good: "ok  ", note: "note", bad: "BAD " };

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, json, flags } = invocation;
  const where = locationsOf(invocation);
  const loaded = policyFor(invocation, io.cwd);
  const sources = hookSources(where, io.cwd);
  const log = await readLogEnd(where.home);
  const checks = checkAll({
    io,
    where,
    hookWhere: hookLocations(invocation),
    loaded,
    sources,
    log,
    readOnly: flags.on("readOnly"),
  });
  const healthy = checks.every(({ state }) => state !== "bad");
  if (json) {
    const answer = { healthy, version: VERSION, home: where.home, policy_hash: loaded.policy.hash, checks };
    io.stdout.write(`${JSON.stringify(answer)}\n`);
  } else if (checks.every(({ state }) => state === "good")) {
    const told = checks.filter(({ name }) => HEADLINES.includes(name)).map(({ found }) => safeText(found));
    io.stdout.write(`ok: claude-permit ${VERSION}, ${told.join("; ")}\n`);
  } else {
    for (const check of checks) io.stdout.write(`${MARKS[check.state]} ${check.name}: ${linesOf(check)}\n`);
  }
  return healthy ? EXIT.fine : EXIT.finding;
}

function linesOf({ found, why, fix }: Check): string {
  const lines = found.split("\n").map(safeText);
  if (why !== undefined) lines.push(`why: ${safeText(why)}`);
  if (fix !== undefined) lines.push(`fix: ${safeText(fix)}`);
  return lines.join("\n     ");
}
