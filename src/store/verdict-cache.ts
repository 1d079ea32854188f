/**
 * Verdicts of calls that came up before: one small file each, named by everything the verdict rests on, deletable at any
 * time. It keeps what it is given; that unknown, cut and failed calls are not given is the caller's care.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { canonicalText } from "../core/policy/canonical.js";
import type { ToolCall } from "../core/tool-call.js";
import type { Verdict } from "../core/verdict.js";
import { writeAtomic } from "./write-atomic.js";

/** What beside the call makes another verdict (SPEC section 5). */
export interface VerdictGround {
  readonly model: string;
  readonly promptVersion: number;
  readonly policyHash: string;
  /** `policy.md`, which the model also reads. */
  readonly policyText: string;
}

/** The name of a call's verdict: over the whole uncut input. */
export function verdictKey(call: ToolCall, ground: VerdictGround): string {
  const { tool, input, project, cwd, permissionMode, attended } = call;
  const text = canonicalText([tool, input, project, cwd, permissionMode ?? null, attended, ground]);
  return createHash("sha256").update(text).digest("hex");
}

interface Kept {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly verdict: Verdict;
}

/** `null` when there is none that young. A time in the future is a clock that was turned, not a young verdict. */
export function readVerdict(cache: string, key: string, ttlMs: number, now: number): Verdict | null {
  try {
    const { at, verdict } = JSON.parse(readFileSync(pathOf(cache, key), "utf8")) as Kept;
    const isSound = ["GREEN", "YELLOW", "RED"].includes(verdict.score) && typeof verdict.reasoning === "string";
    return isSound && at <= now && now - at < ttlMs ? verdict : null;
  } catch {
    return null;
  }
}

export function keepVerdict(cache: string, key: string, verdict: Verdict, ttlMs: number, now: number): void {
  writeAtomic(pathOf(cache, key), JSON.stringify({ at: now, verdict } satisfies Kept));
  // Now and then, so that the folder does not grow for ever.
  if (key.startsWith("0")) removeOld(folderOf(cache), now - ttlMs);
}

function removeOld(folder: string, before: number): void {
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).mtimeMs < before) rmSync(path, { force: true });
    }
  } catch {
    // Another process tidies too, or nothing can be removed here.
  }
}

function folderOf(cache: string): string {
  return join(cache, "verdicts");
}

function pathOf(cache: string, key: string): string {
  return join(folderOf(cache), `${key}.json`);
}
