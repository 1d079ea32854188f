/**
 * Which project files the user has read and trusted. Trust is given to bytes, not to a folder: the hash covers the
 * file and everything it includes, so any change takes it away. This half only reads; `trust.ts` grants.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readInput } from "./read-input.js";
import type { Stamp } from "./stamp.js";

export interface TrustEntry {
  readonly hash: string;
  /** RFC 3339. */
  readonly trustedAt: string;
}

/** `changed`: was trusted, but not as it is now. `absent`: there is no project file. */
export type TrustState = "trusted" | "untrusted" | "changed" | "absent";

/** One file of a project's policy: its path inside the project, and its text. */
export interface TrustedText {
  readonly path: string;
  readonly text: string;
}

/** SHA-256 over names and texts, each with its length, so that no two sets of files give the same bytes. */
export function trustHash(files: readonly TrustedText[]): string {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(`${path.length}:${path}${text.length}:`).update(text);
  return hash.digest("hex");
}

export function trustPath(state: string): string {
  return join(state, "trust.json");
}

/** Project root (real path) -> what was trusted. Unreadable means that nothing is trusted. */
export function readTrust(state: string): { readonly entries: ReadonlyMap<string, TrustEntry>; readonly stamp: Stamp } {
  const input = readInput(trustPath(state));
  return { entries: input.kind === "text" ? parseTrust(input.text) : new Map(), stamp: input.stamp };
}

export function trustStateOf(entry: TrustEntry | undefined, files: readonly TrustedText[]): TrustState {
  if (files.length === 0) return "absent";
  if (entry === undefined) return "untrusted";
  return entry.hash === trustHash(files) ? "trusted" : "changed";
}

function parseTrust(text: string): Map<string, TrustEntry> {
  const entries = new Map<string, TrustEntry>();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return entries;
    for (const [project, entry] of Object.entries(value)) {
      if (isTrustEntry(entry)) entries.set(project, { hash: entry.hash, trustedAt: entry.trustedAt });
    }
  } catch {
    // Not ours any more: trust nothing.
  }
  return entries;
}

function isTrustEntry(value: unknown): value is TrustEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "hash" in value &&
    typeof value.hash === "string" &&
    "trustedAt" in value &&
    typeof value.trustedAt === "string"
  );
}
