/**
 * Which policy was last in force for a project, and its full text under its hash: what a broken config falls back to,
 * and what replay under an old policy reads. Small state, never deletable without loss.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "../core/policy/policy.js";
import { keyName, type PolicyKey } from "./compiled-policy.js";
import type { Locations } from "./locations.js";
import { writeAtomic } from "./write-atomic.js";

export interface InForce {
  /** Hash of the last policy without errors, "" when there was none. */
  readonly hash: string;
  /** What the user was last told about its problems, so that it is told once. */
  readonly told: string;
}

/** Stands for "whatever was last in force anywhere". */
const ANYWHERE = "anywhere";

export function readInForce(key: PolicyKey): InForce | null {
  return readEntry(key.locations, keyName(key));
}

/**
 * The last good policy of this project; for a project not seen before, the last good one of any project without that
 * project's own rules. `null`: there was none.
 */
export function readLastGood(key: PolicyKey): Policy | null {
  const own = readEntry(key.locations, keyName(key));
  const kept = own && readPolicyByHash(key.locations, own.hash);
  if (kept !== null) return kept;
  const other = readEntry(key.locations, ANYWHERE);
  const policy = other && readPolicyByHash(key.locations, other.hash);
  return policy && { ...policy, rules: policy.rules.filter(({ layer }) => layer !== "project") };
}

/** Notes a policy as in force and stores it under its hash when that is new. A home that cannot be written keeps nothing. */
export function noteInForce(key: PolicyKey, policy: Policy, told: string): void {
  const { locations } = key;
  if (policy.state === "broken") {
    writeEntry(locations, keyName(key), { hash: readInForce(key)?.hash ?? "", told });
    return;
  }
  const path = policyPath(locations, policy.hash);
  if (!existsSync(path)) writeAtomic(path, `${JSON.stringify(policy)}\n`, true);
  writeEntry(locations, keyName(key), { hash: policy.hash, told });
  writeEntry(locations, ANYWHERE, { hash: policy.hash, told: "" });
}

/** A policy as it was first used; `null` when it is not kept or not readable. */
export function readPolicyByHash(locations: Locations, hash: string): Policy | null {
  if (!/^[0-9a-f]+$/.test(hash)) return null;
  try {
    const policy = JSON.parse(readFileSync(policyPath(locations, hash), "utf8")) as Policy;
    return policy.format === 1 && Array.isArray(policy.rules) ? policy : null;
  } catch {
    return null;
  }
}

function policyPath(locations: Locations, hash: string): string {
  return join(locations.policies, `${hash}.json`);
}

function entryPath(locations: Locations, name: string): string {
  return join(locations.state, "in-force", `${name}.json`);
}

function readEntry(locations: Locations, name: string): InForce | null {
  try {
    const value: unknown = JSON.parse(readFileSync(entryPath(locations, name), "utf8"));
    if (typeof value !== "object" || value === null || !("hash" in value) || !("told" in value)) return null;
    const { hash, told } = value;
    return typeof hash === "string" && typeof told === "string" ? { hash, told } : null;
  } catch {
    return null;
  }
}

function writeEntry(locations: Locations, name: string, entry: InForce): void {
  const before = readEntry(locations, name);
  if (before?.hash === entry.hash && before.told === entry.told) return;
  writeAtomic(entryPath(locations, name), `${JSON.stringify(entry)}\n`);
}
