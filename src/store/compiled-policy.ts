/**
 * The compiled policy as the hook reads it: a cache with the stamps of everything it was made from. It is used only
 * while all of them hold; deleting it costs one compilation and nothing else.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "../core/policy/policy.js";
import type { Locations } from "./locations.js";
import { sipHash } from "./sip-hash.js";
import { isCurrent, isTooFresh, type Stamp } from "./stamp.js";
import { type WriteFault, writeAtomic } from "./write-atomic.js";

/** What a cached policy is for: another of these is another policy. */
export interface PolicyKey {
  readonly locations: Locations;
  readonly project: string;
  readonly engine: string;
  readonly programFolder: string | null;
}

interface Cached {
  readonly key: readonly (string | null)[];
  readonly stamps: readonly Stamp[];
  readonly policy: Policy;
}

/** The cached policy if it is still what compiling would give, else `null`. */
export function readCompiled(key: PolicyKey): Policy | null {
  try {
    const cached = JSON.parse(readFileSync(compiledPath(key), "utf8")) as Cached;
    const isSame = JSON.stringify(cached.key) === JSON.stringify(keyParts(key));
    return isSame && cached.policy.format === 1 && isCurrent(cached.stamps) ? cached.policy : null;
  } catch {
    return null;
  }
}

/** Keeps a policy for the next hook; `now` in milliseconds. INVARIANT: never kept while an input's stamp could still lie. */
export function writeCompiled(
  key: PolicyKey,
  policy: Policy,
  stamps: readonly Stamp[],
  now: number,
): WriteFault | null {
  if (isTooFresh(stamps, now)) return null;
  const cached: Cached = { key: keyParts(key), stamps, policy };
  return writeAtomic(compiledPath(key), JSON.stringify(cached));
}

/** Name of this key among files: stable, and the same for hook and commands. */
export function keyName(key: PolicyKey): string {
  const { locations, project } = key;
  const places = [locations.configOverride, project, locations.osHome, locations.systemDir];
  return sipHash(new Uint8Array(16), Buffer.from(JSON.stringify(places)));
}

function compiledPath(key: PolicyKey): string {
  return join(key.locations.cache, `policy-${keyName(key)}.json`);
}

function keyParts({ locations, project, engine, programFolder }: PolicyKey): readonly (string | null)[] {
  const { home, osHome, claudeDir, systemDir, configOverride } = locations;
  return [engine, programFolder, project, home, osHome, claudeDir, systemDir, configOverride];
}
