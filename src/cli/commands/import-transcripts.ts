/** `import transcripts`: Claude Code's own history as records, as far as it tells; says what cannot be known. */
import { join, resolve } from "node:path";
import {
  IMPORTED_TRANSCRIPTS,
  importTranscripts,
  type TranscriptAccount,
} from "../../analyze/import/import-transcripts.js";
import { foldLoggedCalls } from "../../analyze/import/logged-calls.js";
import { findTranscripts, projectsFolder } from "../../analyze/import/transcript-files.js";
import { plural } from "../../analyze/report/shape.js";
import { openScan } from "../../analyze/scan/open-scan.js";
import { redactText } from "../../core/audit/redact.js";
import { projectOf } from "../../store/git-root.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { describeCalls } from "../import-with.js";
import { safeText } from "../print.js";
import { startProgress } from "../progress.js";
import { refuseReadOnly } from "../refuse.js";
import { locationsOf } from "../where.js";

const SHOWN = 5;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args, json, quiet } = invocation;
  refuseReadOnly(invocation, "an import");
  const where = locationsOf(invocation);
  const paths = args.length > 0 ? args.map((path) => resolve(io.cwd, path)) : [projectsFolder(where.claudeDir)];
  const { files, missing } = findTranscripts(paths);
  const [gone] = missing;
  if (gone !== undefined) {
    throw new CliError(
      "transcripts_not_found",
      `cannot read \`${gone.path}\` (${gone.code})`,
      "name the folder that holds your .jsonl transcripts",
    );
  }
  if (files.length === 0)
    throw new CliError(
      "transcripts_not_found",
      `no .jsonl transcript in ${paths.map((path) => `\`${path}\``).join(", ")}`,
    );
  const logged = await loggedCalls(where.home);
  const progress = startProgress(
    io,
    quiet,
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const account = importTranscripts({
    files,
    output: join(where.home, IMPORTED_TRANSCRIPTS),
    logged,
    describeCall: describeCalls(io.now()),
    projectOf,
    home: io.osHome,
    redact: redactText,
    progress: (bytes) => progress.reached(bytes),
  });
  progress.stop();
  if (json) io.stdout.write(`${JSON.stringify(account)}\n`);
  else io.stdout.write(accountText(account, join(where.home, IMPORTED_TRANSCRIPTS)));
  return EXIT.fine;
}

async function loggedCalls(home: string) {
  const opened = await openScan([home]);
  if (opened.kind === "failed") return foldLoggedCalls([]);
  try {
    return foldLoggedCalls(opened.scan.backward());
  } finally {
    opened.scan.close();
  }
}

function accountText(account: TranscriptAccount, output: string): string {
  const { files, calls, byTier, results, alreadyLogged, gainedOutcome, copies, problems, problemCounts, lostEarlier } =
    account;
  const tiers = Object.entries(byTier).map(([tier, count]) => `${count.toLocaleString("en-US")} ${tier}`);
  const unread = files.filter((file) => file.fault !== undefined);
  const faults = Object.entries(problemCounts).map(([problem, count]) => `${count} ${problem}`);
  const lines = [
    `${plural(calls, "call")} from ${plural(files.length, "transcript")}, ${plural(results, "result")}`,
    `decided by: ${tiers.join(", ") || "no data"}  (passthrough: allowed, and the transcript does not say by whom)`,
    ...(alreadyLogged > 0
      ? [`${plural(alreadyLogged, "call")} the hook had logged; ${gainedOutcome} of them gained an outcome`]
      : []),
    ...(copies > 0 ? [`${plural(copies, "copy").replace("copys", "copies")} in resumed sessions passed over`] : []),
    ...(lostEarlier > 0
      ? [`${plural(lostEarlier, "line")} of the earlier import could not be read and were left out`]
      : []),
    ...(faults.length > 0 ? [`not usable: ${faults.join(", ")}`] : []),
    ...problems.slice(0, SHOWN).map(({ problem, file, offset }) => `  ${problem} at ${file}:${offset}`),
    ...unread.slice(0, SHOWN).map(({ path, fault }) => `  could not read ${path}: ${fault}`),
    `written: ${output}`,
    calls > 0
      ? "next: claude-permit analyze"
      : "no call was found: are these Claude Code's transcripts? They are below ~/.claude/projects",
  ];
  return lines.map((line) => `${safeText(line)}\n`).join("");
}
