/** `query`: the machine interface. One JSON object in, one out; compact on a pipe, pretty and coloured on a terminal. */
import pc from "picocolors";
import { hasFailed, type QueryAnswer, runQuery } from "../../analyze/query/run-query.js";
import type { QueryWorld } from "../../analyze/query/world.js";
import { type OpenedScan, openScan } from "../../analyze/scan/open-scan.js";
import { zoneOf } from "../../analyze/zone.js";
import type { Policy } from "../../core/policy/policy.js";
import { readPolicyByHash } from "../../store/in-force.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { readText } from "../files.js";
import { cachedPolicyFor } from "../judge.js";
import { safeText } from "../print.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";

const MAX_INPUT = 64 * 1024 * 1024;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, color } = invocation;
  const world = worldOf(invocation);
  const text = await queryText(invocation);
  try {
    const answer = await runQuery(text, world);
    const isPretty = flags.on("pretty") || (io.stdout.isTTY && !flags.on("compact"));
    io.stdout.write(isPretty ? prettyJson(answer, color) : `${JSON.stringify(answer)}\n`);
    return hasFailed(answer) ? EXIT.failed : EXIT.fine;
  } finally {
    world.close();
  }
}

async function queryText({ io, flags, args }: Invocation): Promise<string> {
  const [given] = args;
  if (given !== undefined && given !== "-") return given;
  if (given === undefined || io.stdin.isTTY === true) {
    throw new CliError(
      "bad_usage",
      "no query",
      `give one: claude-permit query '{"type":"rule_count"}', or - to read it`,
    );
  }
  if (flags.list("audit").includes("-"))
    throw new CliError("bad_usage", "standard input cannot be query and log at once");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_INPUT) throw new CliError("bad_usage", `the query is longer than ${MAX_INPUT} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
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

/** Indented; text of the log cannot move the cursor, for JSON escapes control characters and the rest is made visible. */
function prettyJson(answer: QueryAnswer, color: boolean): string {
  const paint = pc.createColors(color);
  const lines = JSON.stringify(answer, null, 2).split("\n");
  return lines.map((line) => `${painted(safeText(line), paint)}\n`).join("");
}

function painted(line: string, paint: ReturnType<typeof pc.createColors>): string {
  const [, indent = "", key = "", rest = ""] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/s.exec(line) ?? [];
  const value = rest.startsWith('"') ? paint.green(rest) : /^[-\dtfn]/.test(rest) ? paint.yellow(rest) : rest;
  return `${indent}${key === "" ? "" : paint.cyan(key)}${value}`;
}
