/**
 * Registering the hook in one settings file: planned first, then written under a lock with a backup, read again, and
 * proven by a canary. INVARIANT: when the proof fails, the settings file is what it was before.
 */
import type { Locations } from "../../store/locations.js";
import { withLock } from "../../store/lock.js";
import {
  digest,
  keepBackup,
  noteRegistration,
  type Registration,
  readRegistration,
  registrationsPath,
} from "../../store/settings-backup.js";
import { checkHooks, pathText } from "../../store/settings-check.js";
import { readSettings, replaceSettings, type SettingsFile, whyNotWritable } from "../../store/settings-file.js";
import { hookHandlers, isOurs } from "../../store/settings-hooks.js";
import { askCanary, type Canary } from "../canary.js";
import type { Invocation } from "../command.js";
import { CliError } from "../exit.js";
import { HOOK_PROGRAM } from "../own-files.js";
import { locationsOf } from "../where.js";
import { type FirstPolicy, takeBack, writeFirstPolicy } from "./first-policy.js";
import { registerHooks } from "./registration.js";

export interface SettingsChange {
  readonly file: SettingsFile;
  /** The whole new text, `null` to remove the file; equal to what is there when nothing is to be done. */
  readonly text: string | null;
}

export interface Installed {
  /** Name in `state/backups/`; `null`: nothing had to be kept. */
  readonly backup: string | null;
  readonly canary: Extract<Canary, { kind: "answers" }>;
}

/** Throws a CliError for a file that cannot or must not be changed. */
export function openSettings(path: string): SettingsFile {
  const read = readSettings(path);
  const refusal = read.kind === "refused" ? read.refusal : whyNotWritable(read.file);
  if (refusal !== null) throw new CliError(refusal.code, refusal.message, refusal.hint);
  if (read.kind === "settings") return read.file;
  throw new CliError("settings_unreadable", `cannot read \`${path}\``);
}

/** Refuses a file that Claude Code would drop: hooks in it would not run, and nobody would be told. */
export function planInstall(file: SettingsFile, { home }: Pick<Locations, "home">): SettingsChange {
  const voiding = checkHooks(file.settings).filter(({ voidsFile }) => voidsFile);
  if (voiding.length > 0) {
    const places = voiding.map(({ path, message }) => `${pathText(path)}: ${message}`);
    throw new CliError(
      "settings_void",
      `Claude Code ignores the whole file \`${file.path}\`, its deny rules too: ${places.join("; ")}`,
      "mend or remove these entries, then run init again",
      places,
    );
  }
  const edited = registerHooks(file.text, { node: process.execPath, hook: HOOK_PROGRAM, home });
  if (edited.kind === "refused") throw notEditable(file, edited.message);
  return { file, text: edited.kind === "same" ? file.text : edited.text };
}

/** Writes policy and settings and proves them; throws a CliError, and then nothing of it stays. */
export async function install(invocation: Invocation, change: SettingsChange, policy: FirstPolicy): Promise<Installed> {
  const { state, config } = locationsOf(invocation);
  return await withLock(registrationsPath(state), () => {
    writeFirstPolicy(invocation, policy);
    try {
      const { backup, registration } = registrationAfter(state, change, invocation.io.now());
      replace(change.file, change.text);
      const canary = proven(change, config, invocation);
      if (change.text !== change.file.text) noteRegistration(state, change.file.target, registration);
      return { backup, canary };
    } catch (error) {
      takeBack(policy.files.map(({ path }) => path));
      throw error;
    }
  });
}

/** Writes nothing when nothing changes. */
export function replace(file: SettingsFile, text: string | null): void {
  if (text === file.text) return;
  const refusal = replaceSettings(file, text);
  if (refusal !== null) throw new CliError(refusal.code, refusal.message, refusal.hint);
}

export function notEditable({ path }: SettingsFile, why: string): CliError {
  return new CliError(
    "settings_odd",
    `\`${path}\` was left alone: ${why}`,
    "tidy the file, then run the command again",
  );
}

/** Backs up, and remembers the first text that had nothing of ours as long as only we have written since. */
function registrationAfter(
  state: string,
  { file, text }: SettingsChange,
  now: number,
): { readonly backup: string | null; readonly registration: Registration | null } {
  if (file.text === text || text === null) return { backup: null, registration: null };
  const backup = file.text === null ? null : keepBackup(state, file.target, file.text, now);
  if (backup !== null && typeof backup !== "string") {
    throw new CliError("cannot_write", `no backup of \`${file.path}\` could be kept: ${backup.message}`);
  }
  const wrote = digest(text);
  const hasOurs = hookHandlers(file.settings).some(({ handler }) => isOurs(handler));
  if (!hasOurs) return { backup, registration: { backup, wrote } };
  const before = readRegistration(state, file.target);
  const isUntouched = before !== null && file.text !== null && before.wrote === digest(file.text);
  return { backup, registration: isUntouched ? { backup: before.backup, wrote } : null };
}

/** Reads the file again and asks what is now registered there; puts the old text back when that does not answer. */
function proven({ file, text }: SettingsChange, config: string, { io }: Invocation): Installed["canary"] {
  const read = readSettings(file.path);
  const after = read.kind === "settings" ? read.file : null;
  const registered = hookHandlers(after?.settings ?? {}).find(
    ({ event, handler }) => event === "PreToolUse" && isOurs(handler),
  );
  const canary: Canary =
    after === null ||
    after.text !== text ||
    registered === undefined ||
    checkHooks(after.settings).some((fault) => fault.voidsFile)
      ? { kind: "failed", why: "what was written is not what is there now" }
      : askCanary(registered.handler, config, io);
  if (canary.kind === "answers") return canary;
  if (after !== null && after.text === text) replace(after, file.text);
  const why = canary.kind === "failed" ? canary.why : "its command line needs a shell";
  throw new CliError(
    "canary_failed",
    `the registered hook does not answer: ${why}`,
    `\`${file.path}\` is as it was before; reinstall claude-permit, then run init again`,
  );
}
