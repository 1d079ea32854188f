/** Texts a model wrote about reports: one small file each, named by what it was written from, deletable at any time. */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "./write-atomic.js";

export interface KeptSummary {
  /** Milliseconds since the epoch. */
  readonly writtenMs: number;
  readonly markdown: string;
}

const KEPT_MS = 90 * 86_400_000;

/** `null` when there is none. @param key letters and digits */
export function readSummary(cache: string, key: string): KeptSummary | null {
  try {
    const value: unknown = JSON.parse(readFileSync(pathOf(cache, key), "utf8"));
    return isKept(value) ? value : null;
  } catch {
    return null;
  }
}

/** Keeps it, and removes those of a quarter ago; what cannot be kept is written anew next time. */
export function keepSummary(cache: string, key: string, summary: KeptSummary): void {
  writeAtomic(pathOf(cache, key), JSON.stringify(summary));
  try {
    for (const name of readdirSync(folderOf(cache))) {
      const path = join(folderOf(cache), name);
      if (statSync(path).mtimeMs < summary.writtenMs - KEPT_MS) rmSync(path, { force: true });
    }
  } catch {
    // Another process tidies too, or nothing can be removed here.
  }
}

function isKept(value: unknown): value is KeptSummary {
  if (typeof value !== "object" || value === null || !("markdown" in value) || !("writtenMs" in value)) return false;
  return typeof value.markdown === "string" && Number.isFinite(value.writtenMs);
}

function folderOf(cache: string): string {
  return join(cache, "summaries");
}

function pathOf(cache: string, key: string): string {
  return join(folderOf(cache), `${key}.json`);
}
