/**
 * The files of one log, newest first, and what tells each of them. A file is opened when it is first asked for; one that is
 * only ever replaced as a whole need not be opened to be passed over.
 */
import type { ByteSource } from "../scan/byte-source.js";
import type { Chain } from "../scan/scan-backward.js";
import type { PartFiles } from "./stretch-looks.js";

export interface StrandFile {
  readonly key: string;
  readonly name: string;
  /** As long as the same tells it, so is every byte: it need not be opened to be passed over. */
  readonly isWhole: boolean;
  /** Lines may still be added to it. */
  readonly isGrowing: boolean;
  /** Of one that is not: another one for other content. */
  readonly stamp: string;
  readonly firstMs: number | undefined;
  readonly open: () => ByteSource | null;
  source?: ByteSource | null | undefined;
}

/** The others are listed once the newest is open: what is added to the log meanwhile is missed in none of them. */
export function listFiles(chain: Chain): StrandFile[] {
  const files: StrandFile[] = [];
  for (const { open, sealed, firstMs } of chain) {
    const known = sealed?.() ?? null;
    if (known !== null) {
      const { file: name, identity, stamp, isWhole } = known;
      files.push({ key: isWhole ? stamp : identity, name, isWhole, isGrowing: false, stamp, firstMs, open });
      continue;
    }
    const source = sealed === undefined ? open() : null;
    if (source === null) continue;
    const { identity: key, file: name } = source;
    files.push({ key, name, isWhole: false, isGrowing: true, stamp: "", firstMs, open, source });
  }
  return files;
}

/** Opened when it is asked for; `null` when it is gone. */
export function sourceOf(file: StrandFile): ByteSource | null {
  if (file.source === undefined) file.source = file.open();
  return file.source;
}

/** It is opened again when it is asked for again: a log may have more files than may be open. */
export function closeFile(file: StrandFile): void {
  file.source?.close();
  file.source = undefined;
}

/** The files of all logs that are read as one. */
export function partFilesOf(files: readonly StrandFile[]): PartFiles {
  const byKey = new Map(files.map((file) => [file.key, file]));
  return {
    name: (key) => byKey.get(key)?.name,
    stamp: (key) => byKey.get(key)?.stamp ?? null,
    source: (key) => {
      const file = byKey.get(key);
      if (file === undefined) return null;
      return file.isWhole ? undefined : sourceOf(file);
    },
  };
}
