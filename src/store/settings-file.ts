/**
 * One Claude Code settings file as it stands, and its replacement. It refuses what Claude Code could not read, what the
 * user has made read-only or given to another user, and to write over a text other than the one that was read.
 */
import { lstatSync, readFileSync, rmSync, statSync } from "node:fs";
import { errorCode } from "./error-code.js";
import { isJsonObject, type JsonObject, parseJsonText } from "./json-text.js";
import { resolvePath } from "./resolve-path.js";
import { writeAtomic } from "./write-atomic.js";

export interface SettingsFile {
  /** As Claude Code looks for it. */
  readonly path: string;
  /** Where it really is: the end of the links. */
  readonly target: string;
  /** `null`: there is no such file yet. A byte order mark is part of it. */
  readonly text: string | null;
  /** Empty when there is no file. */
  readonly settings: JsonObject;
  /** Permission bits; `null` without a file. */
  readonly mode: number | null;
}

export interface SettingsRefusal {
  readonly code: "settings_unreadable" | "settings_malformed" | "settings_read_only" | "settings_changed";
  /** Lower-case sentence with the path. */
  readonly message: string;
  readonly hint: string;
}

export type ReadSettings =
  | { readonly kind: "settings"; readonly file: SettingsFile }
  | { readonly kind: "refused"; readonly refusal: SettingsRefusal };

/** Bytes a settings file may have. */
const MAX_BYTES = 8 << 20;
export const BYTE_ORDER_MARK = "\uFEFF";

export function readSettings(path: string): ReadSettings {
  const target = resolvePath(path);
  if (target === null) return unreadable(path, "its links lead nowhere");
  const text = readTextOf(target);
  if (typeof text === "object" && text !== null) return unreadable(path, text.why);
  if (text === null) return { kind: "settings", file: { path, target, text, settings: {}, mode: null } };
  const body = withoutMark(text);
  const parsed = parseJsonText(body);
  if (parsed.kind === "fault") {
    const { detail, line, column } = parsed.fault;
    return malformed(`\`${path}:${line}:${column}\` is no strict JSON: ${detail}`);
  }
  const settings: unknown = JSON.parse(body);
  if (!isJsonObject(settings)) return malformed(`\`${path}\` must hold a JSON object`);
  return { kind: "settings", file: { path, target, text, settings, mode: statSync(target).mode & 0o7777 } };
}

/** Puts `text` in the place of what was read; `null` removes the file. `null` when done. */
export function replaceSettings(file: SettingsFile, text: string | null): SettingsRefusal | null {
  const refusal = whyNotWritable(file);
  if (refusal !== null) return refusal;
  if (readTextOf(file.target) !== file.text) {
    return {
      code: "settings_changed",
      message: `\`${file.path}\` was changed by someone else meanwhile; nothing was written`,
      hint: "run the command again",
    };
  }
  if (text === null) {
    rmSync(file.target, { force: true });
    return null;
  }
  const fault = writeAtomic(file.target, text, true, file.mode ?? undefined);
  return fault === null
    ? null
    : notWritable(file.path, fault.code, "check the folder's permissions and the space on disk");
}

/** Why the file must not be replaced, judged before anything is tried. A rename would not ask. */
export function whyNotWritable({ path, target, mode }: SettingsFile): SettingsRefusal | null {
  if (mode === null || process.platform === "win32") return null;
  if ((mode & 0o200) === 0)
    return notWritable(path, "it is read-only", `chmod u+w '${target}', if that is what you want`);
  const { uid } = lstatSync(target);
  if (uid === process.getuid?.()) return null;
  return notWritable(path, "it belongs to another user", "run this as that user");
}

/** `null` when there is no file. */
function readTextOf(target: string): string | null | { readonly why: string } {
  try {
    const stat = statSync(target, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (!stat.isFile()) return { why: "it is no ordinary file" };
    if (stat.size > MAX_BYTES) return { why: `it has more than ${MAX_BYTES} bytes` };
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(target));
  } catch (error) {
    return { why: error instanceof TypeError ? "it is not UTF-8" : errorCode(error) };
  }
}

export function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function unreadable(path: string, why: string): ReadSettings {
  const hint = "Claude Code cannot read it either";
  return {
    kind: "refused",
    refusal: { code: "settings_unreadable", message: `cannot read \`${path}\`: ${why}`, hint },
  };
}

function malformed(message: string): ReadSettings {
  const hint = "mend it first: Claude Code ignores the whole file as it is";
  return { kind: "refused", refusal: { code: "settings_malformed", message, hint } };
}

function notWritable(path: string, why: string, hint: string): SettingsRefusal {
  return { code: "settings_read_only", message: `cannot write \`${path}\`: ${why}`, hint };
}
