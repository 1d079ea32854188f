/** `status`: are files, policy and log as they should be? One line when all is well; exit 1 when something is bad. */
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { type Check, checkHome, checkLog, checkPolicy, checkTrust } from "../health.js";
import { policyFor } from "../judge.js";
import { safeText } from "../print.js";
import { VERSION } from "../version.js";
import { locationsOf } from "../where.js";

const MARKS: Readonly<Record<Check["state"], string>> = { good: "ok  ", note: "note", bad: "BAD " };

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, json } = invocation;
  const where = locationsOf(invocation);
  const loaded = policyFor(invocation, io.cwd);
  const checks = [checkHome(where), checkPolicy(loaded), checkTrust(loaded), await checkLog(where, io.now())];
  const healthy = checks.every((check) => check.state !== "bad");
  if (json)
    io.stdout.write(
      `${JSON.stringify({ healthy, version: VERSION, home: where.home, policy_hash: loaded.policy.hash, checks })}\n`,
    );
  else if (checks.every((check) => check.state === "good")) {
    io.stdout.write(
      `ok: claude-permit ${VERSION}, ${checks
        .slice(1)
        .map((check) => safeText(check.found))
        .join("; ")}\n`,
    );
  } else {
    for (const check of checks) io.stdout.write(`${MARKS[check.state]} ${check.name}: ${linesOf(check)}\n`);
  }
  return healthy ? EXIT.fine : EXIT.finding;
}

function linesOf({ found, why, fix }: Check): string {
  const lines = [safeText(found).replaceAll("\n", "\n     ")];
  if (why !== undefined) lines.push(`why: ${why}`);
  if (fix !== undefined) lines.push(`fix: ${fix}`);
  return lines.join("\n     ");
}
