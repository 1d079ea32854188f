/**
 * Taking our hooks out of settings files again. Where the text is just what we left, the bytes from before come back;
 * else only our entries go. Policy and log stay.
 */
import { parseJsonText } from "../../store/json-text.js";
import { withLock } from "../../store/lock.js";
import {
  digest,
  noteRegistration,
  readBackup,
  readRegistration,
  registrationsPath,
} from "../../store/settings-backup.js";
import { type SettingsFile, withoutMark } from "../../store/settings-file.js";
import { notEditable, replace, type SettingsChange } from "./install.js";
import { removeHooks } from "./registration.js";

/** `null` when nothing of ours is in it. */
export function planUninstall(state: string, file: SettingsFile): SettingsChange | null {
  if (file.text === null) return null;
  const edited = removeHooks(file.text);
  if (edited.kind === "refused") throw notEditable(file, edited.message);
  if (edited.kind === "same") return null;
  const before = textBefore(state, file);
  return { file, text: before === undefined ? edited.text : before };
}

export async function uninstall(state: string, changes: readonly SettingsChange[]): Promise<void> {
  await withLock(registrationsPath(state), () => {
    for (const { file, text } of changes) {
      replace(file, text);
      noteRegistration(state, file.target, null);
    }
  });
}

/** The text from before our first change, `null` when there was no file; `undefined` when it is not known any more. */
function textBefore(state: string, { target, text }: SettingsFile): string | null | undefined {
  const registration = readRegistration(state, target);
  if (registration === null || text === null || registration.wrote !== digest(text)) return undefined;
  if (registration.backup === null) return null;
  const kept = readBackup(state, registration.backup);
  const isUsable = kept !== null && parseJsonText(withoutMark(kept)).kind === "json";
  return isUsable && removeHooks(kept).kind === "same" ? kept : undefined;
}
