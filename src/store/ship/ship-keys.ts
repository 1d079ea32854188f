/**
 * The keys that shipped values are hashed under: one that only this home has, or one of an organisation, so that the same
 * project has the same hash on all its machines. Whoever has the key can try values out; nobody else can.
 */
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../error-code.js";
import { makeFolder } from "../make-folder.js";

const KEY_BYTES = 32;

export type KeyRead =
  | { readonly kind: "key"; readonly key: Uint8Array }
  | { readonly kind: "failed"; readonly path: string; readonly why: string };

/** Says what a text is without saying it. `of` keeps equal texts of different meaning apart. */
export type KeyedHash = (of: string, text: string) => string;

/** The key of this home, made when there is none. Hex in a private file; without `mayWrite` one for this time only. */
export function readMachineKey(state: string, mayWrite: boolean): KeyRead {
  const path = join(state, "ship-key");
  const known = readKeyFile(path);
  if (known.kind === "key" || known.why !== "ENOENT") return known;
  const key = randomBytes(KEY_BYTES);
  if (!mayWrite) return { kind: "key", key };
  try {
    makeFolder(state);
    // INVARIANT: never replaces a key; of two that make the first one, the slower takes the other's.
    writeFileSync(path, key.toString("hex"), { flag: "wx", mode: 0o600 });
    return { kind: "key", key };
  } catch (error) {
    return errorCode(error) === "EEXIST" ? readKeyFile(path) : { kind: "failed", path, why: errorCode(error) };
  }
}

/** A key file: 64 hex digits. */
export function readKeyFile(path: string): KeyRead {
  try {
    const text = readFileSync(path, "utf8").trim();
    if (!/^[0-9a-f]{64}$/i.test(text)) return { kind: "failed", path, why: "it must hold 64 hexadecimal digits" };
    return { kind: "key", key: Buffer.from(text, "hex") };
  } catch (error) {
    return { kind: "failed", path, why: errorCode(error) };
  }
}

/** 96 bits of HMAC-SHA-256 in hex, behind `h:`. */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  return (of, text) => `h:${createHmac("sha256", key).update(`${of}\0${text}`).digest("hex").slice(0, 24)}`;
}
