/** `digest`: the security digest of a period; `--install-cron` shows the job that writes it and installs it only with --yes (US-16). */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { digestSections, withoutSilence } from "../../analyze/digest/digest.js";
import { PERIODS, periodOf } from "../../analyze/digest/period.js";
import { writeAtomic } from "../../store/write-atomic.js";
import type { Invocation } from "../command.js";
import { currentPolicy } from "../current-policy.js";
import { deliver, deliveryOf, sharedReport } from "../deliver.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { summarise } from "../model/summarise.js";
import { refuseReadOnly } from "../refuse.js";
import { rememberedReport } from "../remembered-report.js";
import { reportFor } from "../report-for.js";
import { crontabLine, systemdUnits, TIMER, withLine, withoutLine } from "../schedule.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";

const EXTENSIONS: Readonly<Record<string, string>> = { term: "txt", email: "eml" };
const PROGRAM = fileURLToPath(new URL("../main.js", import.meta.url));

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags } = invocation;
  if (flags.on("installCron") || flags.on("uninstallCron")) return schedule(invocation);
  if (flags.text("since") !== undefined || flags.text("until") !== undefined) {
    throw new CliError(
      "bad_usage",
      "`digest` takes a --period, not --since and --until",
      "use analyze for any other window",
    );
  }
  const delivery = deliveryOf(invocation);
  const report = await rememberedReport(invocation, "digest", async () => {
    const { report: settings } = (await currentPolicy(invocation, io.cwd)).settings;
    const zone = zoneFor(invocation, settings.timezone);
    const back = flags.on("last") ? 1 : 0;
    const at = (ago: number) => periodOf(kindOf(invocation), io.now(), zone, settings.weekStart, ago);
    const period = at(back);
    const made = await reportFor(invocation, {
      sections: [],
      built: digestSections(period),
      period: { window: period.window, before: at(back + 1).window },
    });
    // After it another period is meant.
    const holdsUntil = Math.min(made.holdsUntil, at(0).window.until);
    // Of what is not shown nothing is redacted.
    const isShown = withoutSilence(made.report) === made.report;
    return { report: isShown ? sharedReport(invocation, made.report, delivery) : made.report, holdsUntil };
  });
  const summarised = await summarise(invocation, report);
  if ("exit" in summarised) return summarised.exit;
  return deliver(invocation, summarised.report, delivery, "digest", withoutSilence);
}

function kindOf({ flags }: Invocation) {
  return PERIODS.find((kind) => kind === flags.text("period")) ?? "week";
}

/** The words of the job: what was asked for here, always of the last complete period, into a file. */
function jobWords(invocation: Invocation): string[] {
  const { io, flags } = invocation;
  const kind = kindOf(invocation);
  const { home, reports } = locationsOf(invocation);
  const format = flags.text("format") ?? "md";
  const output = flags.text("output");
  const file =
    output === undefined ? join(reports, `digest-${kind}.${EXTENSIONS[format] ?? format}`) : resolve(io.cwd, output);
  const failOn = flags.text("failOn");
  return [
    ...[
      process.execPath,
      PROGRAM,
      "digest",
      "--last",
      "--period",
      kind,
      "--format",
      format,
      "--output",
      file,
      "--home",
      home,
    ],
    ...(failOn === undefined ? [] : ["--fail-on", failOn]),
  ];
}

function schedule(invocation: Invocation): ExitCode {
  const { io, flags } = invocation;
  if (io.env["CLAUDECODE"] === "1") {
    throw new CliError(
      "refused",
      "a scheduled job is the user's to change, and Claude runs this",
      "run it yourself in a terminal",
    );
  }
  const isRemoval = flags.on("uninstallCron");
  const isDone = flags.on("yes");
  if (isDone) refuseReadOnly(invocation, "--install-cron");
  const words = jobWords(invocation);
  const crontab = flags.on("systemd") ? null : readCrontab(invocation);
  if (crontab !== null) {
    const line = crontabLine(kindOf(invocation), words);
    const next = isRemoval ? withoutLine(crontab) : withLine(crontab, line);
    if (isRemoval)
      io.stdout.write(
        next === crontab
          ? "no line of claude-permit is in the crontab\n"
          : "removes the line marked `# claude-permit digest` from the crontab\n",
      );
    else io.stdout.write(`${line}\n`);
    if (isDone && next !== crontab) runTool(invocation, "crontab", ["-"], next);
  } else {
    const units = systemdUnits(io.osHome, kindOf(invocation), words);
    for (const { file, text } of units) io.stdout.write(isRemoval ? `removes ${file}\n` : `${file}:\n${text}\n`);
    if (isDone) changeUnits(invocation, units, isRemoval);
  }
  if (!isDone) io.stderr.write("nothing was changed; add --yes to do it\n");
  return EXIT.fine;
}

function changeUnits(invocation: Invocation, units: ReturnType<typeof systemdUnits>, isRemoval: boolean): void {
  const control = (...words: readonly string[]) => runTool(invocation, "systemctl", ["--user", ...words], "");
  if (isRemoval) {
    control("disable", "--now", TIMER);
    for (const { file } of units) rmSync(file, { force: true });
    control("daemon-reload");
    return;
  }
  for (const { file, text } of units) {
    const fault = writeAtomic(file, text);
    if (fault !== null) throw new CliError("cannot_write", `cannot write \`${file}\`: ${fault.message}`);
  }
  control("daemon-reload");
  control("enable", "--now", TIMER);
}

/** The user's crontab, "" when there is none; `null`: this machine has no `crontab`. */
function readCrontab({ io }: Invocation): string | null {
  const { error, status, stdout, stderr } = spawnSync("crontab", ["-l"], { encoding: "utf8", env: { ...io.env } });
  if (error !== undefined) return null;
  if (status === 0) return stdout;
  // INVARIANT: only a crontab that is known to be empty is ever written over.
  if (/no crontab/i.test(stderr)) return "";
  throw new CliError("cannot_schedule", `\`crontab -l\` failed: ${stderr.trim()}`);
}

function runTool({ io }: Invocation, program: string, args: readonly string[], input: string): void {
  const { error, status, stderr } = spawnSync(program, [...args], { input, encoding: "utf8", env: { ...io.env } });
  if (error === undefined && status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new CliError(
    "cannot_schedule",
    `\`${program} ${args.join(" ")}\` failed: ${why}`,
    "install the job shown by hand",
  );
}
