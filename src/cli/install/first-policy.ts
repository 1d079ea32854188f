/**
 * The policy someone starts with: the starter policy, and on request the permission lists of the settings file as rules
 * of their own. Never over a file that is there, and never in the way of a config of the older hook, which counts only
 * while ours is absent. What does not compile together is taken back.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { importSettings } from "../../analyze/import/import-settings.js";
import { formatProblem } from "../../core/errors.js";
import type { SettingsFile } from "../../store/settings-file.js";
import { writeAtomic } from "../../store/write-atomic.js";
import type { Invocation } from "../command.js";
import { CliError } from "../exit.js";
import { readText } from "../files.js";
import { policyFor } from "../judge.js";
import { STARTER_POLICY } from "../own-files.js";
import { locationsOf } from "../where.js";

export interface FirstPolicy {
  /** What will be written, in this order. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly remarks: readonly string[];
}

const IMPORTED = "rules/claude-settings.toml";

/** Plans; writes nothing. `project`: whose settings they are, absent for the user's. */
export function planFirstPolicy(
  invocation: Invocation,
  settings: SettingsFile,
  project: string | undefined,
): FirstPolicy {
  const { config, home } = locationsOf(invocation);
  const older = policyFor(invocation, invocation.io.cwd).sources.find(
    ({ layer, file, present, includedFrom }) =>
      layer === "user" && present && file !== config && includedFrom === undefined,
  );
  const hasConfig = existsSync(config);
  const remarks: string[] = [];
  const files: { path: string; text: string }[] = [];
  const imported = invocation.flags.on("import") ? importedRules(settings, project, remarks) : "";
  const importPath = join(home, IMPORTED);
  if (imported !== "" && existsSync(importPath)) remarks.push(`${importPath} exists and stays as it is`);
  else if (imported !== "") files.push({ path: importPath, text: imported });
  if (!hasConfig && older === undefined) {
    const include = imported === "" ? "" : `include = ["${IMPORTED}"]\n\n`;
    files.push({ path: config, text: include + readText(STARTER_POLICY) });
  } else if (imported !== "") {
    remarks.push(
      `to use the imported rules, put this line first in ${older?.file ?? config}: include = ["${IMPORTED}"]`,
    );
  }
  if (older !== undefined)
    remarks.push(`${older.file} stays in force; to move on: claude-permit import permissions-hook`);
  return { files, remarks };
}

/** Writes what was planned. A policy that then has errors is a failure, and nothing of it stays. */
export function writeFirstPolicy(invocation: Invocation, { files }: FirstPolicy): void {
  const written: string[] = [];
  for (const { path, text } of files) {
    const isThere = existsSync(path);
    const fault = isThere ? null : writeAtomic(path, text, true);
    if (!isThere && fault === null) written.push(path);
    else {
      takeBack(written);
      throw new CliError(
        "cannot_write",
        `cannot write \`${path}\`: ${isThere ? "it is there by now" : fault?.message}`,
      );
    }
  }
  if (written.length === 0) return;
  const [fault] = policyFor(invocation, invocation.io.cwd).problems.filter(({ file, severity }) => {
    return severity === "error" && file !== undefined && written.includes(file);
  });
  if (fault === undefined) return;
  takeBack(written);
  throw new CliError("config_parse_error", `the rules do not compile: ${formatProblem(fault)}`, "leave out --import");
}

/** Removes files that this run made. */
export function takeBack(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
}

function importedRules({ path, text }: SettingsFile, project: string | undefined, remarks: string[]): string {
  const { toml, rules, problems } = importSettings(text ?? "{}", { file: path, ...(project && { project }) });
  const left = problems.length === 0 ? "" : `; ${problems.length} entries need a look: claude-permit import settings`;
  remarks.push(`${rules} rules taken from the permissions in ${path}${left}`);
  return toml;
}
