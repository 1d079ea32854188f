/**
 * What a settings file was before we touched it: a plain copy for the user, and a note of what we wrote, so that taking
 * our hooks out again can give back the very same bytes. Kept in `state/`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isJsonObject } from "./json-text.js";
import { type WriteFault, writeAtomic } from "./write-atomic.js";

/** Of one settings file. */
export interface Registration {
  /** Name of the copy in `state/backups/`; `null`: there was no file. */
  readonly backup: string | null;
  /** SHA-256 of the text we left. */
  readonly wrote: string;
}

/** Keeps a copy of `text` (as it is before the change at `now`, in milliseconds); its name. */
export function keepBackup(state: string, target: string, text: string, now: number): string | WriteFault {
  const time = new Date(now).toISOString().replaceAll(/[-:]/g, "");
  const name = `${time}-${digest(target).slice(0, 8)}-${basename(target)}`;
  return writeAtomic(join(state, "backups", name), text, true) ?? name;
}

export function readBackup(state: string, name: string): string | null {
  try {
    return readFileSync(join(state, "backups", basename(name)), "utf8");
  } catch {
    return null;
  }
}

/** What we left in the file at `target`; `null` when nothing is known of it. */
export function readRegistration(state: string, target: string): Registration | null {
  return readAll(state).get(target) ?? null;
}

/** `null` forgets. The caller holds the lock of `registrationsPath`. */
export function noteRegistration(state: string, target: string, registration: Registration | null): WriteFault | null {
  const all = readAll(state);
  if (registration === null) all.delete(target);
  else all.set(target, registration);
  return writeAtomic(registrationsPath(state), `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`, true);
}

export function registrationsPath(state: string): string {
  return join(state, "registrations.json");
}

export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readAll(state: string): Map<string, Registration> {
  const all = new Map<string, Registration>();
  try {
    const value: unknown = JSON.parse(readFileSync(registrationsPath(state), "utf8"));
    for (const [target, entry] of Object.entries(isJsonObject(value) ? value : {})) {
      if (!isJsonObject(entry)) continue;
      const { backup, wrote } = entry;
      if (typeof wrote === "string" && (backup === null || typeof backup === "string"))
        all.set(target, { backup, wrote });
    }
  } catch {
    // Without the note our entries are taken out one by one.
  }
  return all;
}
