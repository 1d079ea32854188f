/**
 * Hashes of tool inputs under a key that only this home has: equal inputs can be found again in the log, and what they
 * were cannot be tried out from the log alone.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { sep } from "node:path";
import { makeFolder } from "./make-folder.js";
import { sipHash } from "./sip-hash.js";

const KEY_BYTES = 16;

/** Hash of an input as Claude Code sent it; `undefined` without a key or for what JSON cannot hold. */
export function inputHash(state: string, input: unknown): string | undefined {
  const key = readKey(state) ?? makeKey(state);
  if (key === null) return undefined;
  try {
    return sipHash(key, Buffer.from(JSON.stringify(input)));
  } catch {
    return undefined;
  }
}

function keyPath(state: string): string {
  return `${state}${sep}input-key`;
}

function readKey(state: string): Uint8Array | null {
  try {
    const key = Buffer.from(readFileSync(keyPath(state), "utf8"), "hex");
    return key.length === KEY_BYTES ? key : null;
  } catch {
    return null;
  }
}

/** INVARIANT: never replaces a key; of two hooks that make the first one, the slower takes the other's. */
function makeKey(state: string): Uint8Array | null {
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  try {
    makeFolder(state);
    writeFileSync(keyPath(state), Buffer.from(key).toString("hex"), { flag: "wx", mode: 0o600 });
    return key;
  } catch {
    return readKey(state);
  }
}
