/**
 * `init`: registers the hook in Claude Code's settings, with a policy to start from, and proves that it answers; with
 * --uninstall takes it out again. Shows everything first; never runs for Claude.
 */
import { gitRoot } from "../../store/git-root.js";
import { SCOPES, type Scope, settingsPath } from "../../store/settings-places.js";
import { askGoOn, canAsk } from "../ask.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { systemFault } from "../files.js";
import { askScope } from "../install/ask.js";
import { planFirstPolicy, writeFirstPolicy } from "../install/first-policy.js";
import { install, openSettings, planInstall, type SettingsChange } from "../install/install.js";
import { renderDiff } from "../install/settings-diff.js";
import { planUninstall, uninstall } from "../install/uninstall.js";
import { installWarnings } from "../install/warnings.js";
import { safeText } from "../print.js";
import { refuseReadOnly, refuseUnderClaude } from "../refuse.js";
import { hookSources } from "../registered.js";
import { locationsOf } from "../where.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  refuseUnderClaude(invocation, "`init`");
  if (!invocation.flags.on("dryRun")) refuseReadOnly(invocation, "`init`");
  try {
    if (invocation.flags.on("uninstall")) return await takeOut(invocation);
    return invocation.flags.on("policyOnly") ? startPolicy(invocation) : await putIn(invocation);
  } catch (error) {
    throw systemFault(error, `cannot write in \`${locationsOf(invocation).home}\``);
  }
}

async function putIn(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const where = locationsOf(invocation);
  const asks = canAsk(io) && !flags.on("yes") && !flags.on("dryRun") && !json;
  const scope = scopeFlag(invocation) ?? (asks ? await askScope() : "user");
  const folder = projectFolder(invocation);
  const file = openSettings(settingsPath(scope, where, folder));
  const change = planInstall(file, where);
  const policy = planFirstPolicy(invocation, file, scope === "user" ? undefined : folder);
  const warnings = [...installWarnings(io, scope, file, hookSources(where, io.cwd)), ...policy.remarks];
  const files = policy.files.map(({ path }) => path);
  const isNews = change.text !== file.text || files.length > 0;
  if (!json) {
    io.stdout.write(changeText(invocation, [change]));
    for (const path of files) io.stdout.write(`new file: ${safeText(path)}\n`);
    for (const warning of warnings) io.stderr.write(`note: ${safeText(warning)}\n`);
  }
  const answer = { scope, file: file.path, changed: change.text !== file.text, new_files: files, warnings };
  if (flags.on("dryRun")) {
    if (json) writeJson(invocation, { ...answer, dry_run: true, diff: diffOf(change, false) });
    else io.stdout.write(isNews ? "dry run: nothing was written\n" : `nothing to change in ${safeText(file.path)}\n`);
    return EXIT.fine;
  }
  if (asks && isNews) await askGoOn("Write this?");
  const { backup, canary } = await install(invocation, change, policy);
  const { guarded, harmless, version, milliseconds } = canary;
  if (json) {
    writeJson(invocation, {
      ...answer,
      backup,
      canary: { guarded, harmless: harmless || "passthrough", version, milliseconds },
    });
    return EXIT.fine;
  }
  io.stdout.write(
    `${isNews ? "registered" : "nothing to change"} in ${safeText(file.path)} (${scope})\n` +
      (backup === null ? "" : `backup: ${safeText(where.state)}/backups/${backup}\n`) +
      `proven: claude-permit ${version} answers in ${milliseconds} ms, and answers a change of its own config with ${guarded}\n` +
      `next: claude-permit test 'rm -rf /', claude-permit status; sessions already open use the hook at once\n`,
  );
  return EXIT.fine;
}

/** For those who have the hook from the plugin. */
function startPolicy(invocation: Invocation): ExitCode {
  const { io, flags, json } = invocation;
  const where = locationsOf(invocation);
  const policy = planFirstPolicy(invocation, openSettings(settingsPath("user", where, io.cwd)), undefined);
  const files = policy.files.map(({ path }) => path);
  const isDry = flags.on("dryRun");
  if (!isDry) writeFirstPolicy(invocation, policy);
  const answer = { new_files: files, warnings: policy.remarks, ...(isDry ? { dry_run: true } : {}) };
  if (json) writeJson(invocation, answer);
  else {
    for (const remark of policy.remarks) io.stderr.write(`note: ${safeText(remark)}\n`);
    const done = isDry ? "dry run, would write" : "wrote";
    const said = files.map((path) => `${done}: ${safeText(path)}\n`).join("");
    io.stdout.write(said === "" ? `nothing to write: ${safeText(where.config)} or another policy is there\n` : said);
  }
  return EXIT.fine;
}

async function takeOut(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json } = invocation;
  const where = locationsOf(invocation);
  const scope = scopeFlag(invocation);
  const folder = projectFolder(invocation);
  const paths = new Set((scope === undefined ? SCOPES : [scope]).map((one) => settingsPath(one, where, folder)));
  const changes = [...paths].flatMap((path) => planUninstall(where.state, openSettings(path)) ?? []);
  const answer = { uninstalled: changes.map(({ file }) => file.path), home: where.home };
  if (!json) io.stdout.write(changeText(invocation, changes));
  const isDry = flags.on("dryRun");
  if (!isDry && changes.length > 0) {
    if (canAsk(io) && !flags.on("yes") && !json) await askGoOn("Write this?");
    await uninstall(where.state, changes);
  }
  if (json) writeJson(invocation, { ...answer, ...(isDry ? { dry_run: true } : {}) });
  else if (isDry) io.stdout.write("dry run: nothing was written\n");
  else if (changes.length === 0) io.stdout.write("nothing to remove: the hook is not registered here\n");
  else io.stdout.write(`removed; policy and log stay in ${safeText(where.home)}\n`);
  return EXIT.fine;
}

function scopeFlag({ flags }: Invocation): Scope | undefined {
  const given = flags.text("scope");
  const scope = SCOPES.find((one) => one === given);
  if (given !== undefined && scope === undefined) throw new CliError("bad_usage", `no scope \`${given}\``);
  return scope;
}

/** Claude Code reads a project's settings in the folder it is started in, which is the root as a rule. */
function projectFolder({ io }: Invocation): string {
  return gitRoot(io.cwd) ?? io.cwd;
}

function changeText(invocation: Invocation, changes: readonly SettingsChange[]): string {
  return changes.map((change) => diffOf(change, invocation.color)).join("");
}

function diffOf({ file, text }: SettingsChange, color: boolean): string {
  return file.text === text ? "" : renderDiff(file.path, file.text, text, color);
}

function writeJson({ io }: Invocation, value: object): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}
