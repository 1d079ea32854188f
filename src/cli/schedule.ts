/**
 * The scheduled job that writes digests: a marked crontab line, or a systemd user timer where there is no crontab. Text in,
 * text out; running `crontab` and `systemctl` is an argument. Nothing but our own marked entry is ever changed.
 */
import { join } from "node:path";
import type { PeriodKind } from "../analyze/digest/period.js";
import { shellWord } from "../analyze/report/render/format.js";

const MARK = "# claude-permit digest";
/** At eight in the morning: of every day, of Mondays, of the first of a month. */
const CRON: Readonly<Record<PeriodKind, string>> = { day: "0 8 * * *", week: "0 8 * * 1", month: "0 8 1 * *" };
const CALENDAR: Readonly<Record<PeriodKind, string>> = {
  day: "*-*-* 08:00",
  week: "Mon *-*-* 08:00",
  month: "*-*-01 08:00",
};

/** One line: cron reads a percent sign as a line break. */
export function crontabLine(period: PeriodKind, words: readonly string[]): string {
  return `${CRON[period]} ${words.map(shellWord).join(" ").replaceAll("%", "\\%")} ${MARK}`;
}

/** The crontab with our line in it, once. */
export function withLine(crontab: string, line: string): string {
  const rest = withoutLine(crontab);
  return `${rest}${rest === "" || rest.endsWith("\n") ? "" : "\n"}${line}\n`;
}

/** The crontab without our line; every other byte stays. */
export function withoutLine(crontab: string): string {
  const lines = crontab.split("\n");
  return lines.filter((line) => !line.trimEnd().endsWith(MARK)).join("\n");
}

export interface Unit {
  readonly file: string;
  readonly text: string;
}

export const TIMER = "claude-permit-digest.timer";

/** A oneshot service and its timer in the user's systemd folder. */
export function systemdUnits(osHome: string, period: PeriodKind, words: readonly string[]): readonly Unit[] {
  const folder = join(osHome, ".config", "systemd", "user");
  const command = words.map(systemdWord).join(" ");
  const about = "[Unit]\nDescription=claude-permit digest\n";
  return [
    {
      file: join(folder, "claude-permit-digest.service"),
      text: `${about}\n[Service]\nType=oneshot\nExecStart=${command}\n`,
    },
    {
      file: join(folder, TIMER),
      text: `${about}\n[Timer]\nOnCalendar=${CALENDAR[period]}\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n`,
    },
  ];
}

/** systemd has its own quoting, and reads `%` and `$` in a command. */
function systemdWord(word: string): string {
  const text = word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$");
  return `"${text}"`;
}
