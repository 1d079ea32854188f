/**
 * Puts one sealed segment into a `.gz` beside it and takes the plain file away. INVARIANT: at every instant the plain
 * file or the whole compressed one is there, and the plain one goes only after the other was read back and was the same.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { errorCode } from "./error-code.js";

export type Compressed =
  | { readonly kind: "compressed"; readonly to: string; readonly bytes: number }
  /** Somebody wrote to it meanwhile. */
  | { readonly kind: "changed" }
  /** The plain file is as it was. `code`: the system's, or `differs`. */
  | { readonly kind: "failed"; readonly code: string };

export async function compressSegment(file: string): Promise<Compressed> {
  const to = `${file}.gz`;
  const temporary = `${to}.tmp`;
  try {
    const before = statSync(file);
    rmSync(temporary, { force: true });
    const plain = createHash("sha256");
    const target = createWriteStream(temporary, { flags: "wx", mode: 0o600 });
    await pipeline(createReadStream(file), hashing(plain), createGzip(), target);
    const back = createHash("sha256");
    await pipeline(createReadStream(temporary), createGunzip(), sink(back));
    if (plain.digest("hex") !== back.digest("hex")) throw Object.assign(new Error("differs"), { code: "differs" });
    // Sorted and judged by age as the plain one was.
    utimesSync(temporary, before.atime, before.mtime);
    await flush(temporary);
    const now = statSync(file);
    if (now.size !== before.size || now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) {
      rmSync(temporary, { force: true });
      return { kind: "changed" };
    }
    renameSync(temporary, to);
    rmSync(file);
    return { kind: "compressed", to, bytes: statSync(to).size };
  } catch (error) {
    rmSync(temporary, { force: true });
    return { kind: "failed", code: errorCode(error) };
  }
}

/** Removes what a compression that was killed left; only while nobody compresses. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^audit-.+\.jsonl\.gz\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

type Hash = ReturnType<typeof createHash>;

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

function sink(hash: Hash): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
