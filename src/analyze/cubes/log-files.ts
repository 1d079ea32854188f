/** The files of one log, newest first, and what tells a place in them: lines are added to the newest, the others are told by what the system says of them. */
import type { ByteSource } from "../scan/byte-source.js";
import type { Chain, LogFile, Sealed } from "../scan/scan-backward.js";
import type { Part, PartFiles } from "./stretch-looks.js";

/** A file to which nothing is added any more; `null`: another name of one that is read already, or gone. */
export interface Older extends LogFile {
  readonly is: Sealed | null;
}

export class LogFiles implements PartFiles {
  /** The file that lines are added to, once it is open; it stays open, because at the end its looks are told. */
  growing: ByteSource | null = null;
  readonly #files: Iterator<LogFile>;
  readonly #listed: LogFile[] = [];
  #older: readonly Older[] | null = null;
  /** How many of the older ones were begun. */
  #begun = 0;

  constructor(chain: Chain) {
    this.#files = chain[Symbol.iterator]();
  }

  /** The file that lines are added to, when there is one. Asked once, and first. */
  newest(): LogFile | null {
    const first = this.#files.next();
    if (first.done === true) return null;
    if (first.value.sealed === undefined) return first.value;
    this.#listed.push(first.value);
    return null;
  }

  /** One after the other. */
  *older(): Generator<Older, void> {
    for (const one of this.#olderFiles) {
      this.#begun++;
      yield one;
    }
  }

  /** Those behind the one that is read; with `null`, which was not opened, and that one. */
  from(source: ByteSource | null): readonly Older[] {
    return this.#olderFiles.slice(source === null ? this.#begun - 1 : this.#begun);
  }

  /** Device and inode of the oldest file: the same while the log grows and is rotated. */
  get oldest(): string {
    return this.#olderFiles.at(-1)?.is?.identity ?? this.growing?.identity ?? "";
  }

  name = (key: string): string | undefined =>
    key === this.growing?.identity ? this.growing.file : this.#sealedOf(key)?.file;

  source = (key: string): ByteSource | undefined | null => {
    if (key === this.growing?.identity) return this.growing;
    return this.#sealedOf(key) === undefined ? null : undefined;
  };

  /** A place in the file that is read, and all that tells the files behind it; `null` when one of them is told by nothing. */
  placeOf(sealed: Sealed | null, at: number): string | null {
    const below = this.#olderFiles.slice(this.#begun).map(({ is }) => is?.stamp);
    const key = sealed === null ? this.growing?.identity : sealed.stamp;
    return key === undefined || below.includes(undefined) ? null : [key, at, ...below].join(" ");
  }

  /** What lies behind that place; told later, where `to` is known. */
  partsFrom(sealed: Sealed | null, at: number): (to: number) => readonly Part[] {
    const whole = (one: Sealed): Part => ({ key: one.stamp, from: 0, to: 0 });
    const below = this.#olderFiles.slice(this.#begun).flatMap(({ is }) => is ?? []);
    if (sealed !== null) return () => [sealed, ...below].map(whole);
    const key = this.growing?.identity;
    return (to) => [...(key === undefined ? [] : [{ key, from: at, to }]), ...below.map(whole)];
  }

  /** The others are listed once the newest is open: what is added to the log meanwhile is missed in none of them. */
  get #olderFiles(): readonly Older[] {
    if (this.#older === null) {
      const older = [...this.#listed, ...{ [Symbol.iterator]: () => this.#files }];
      this.#older = older.map((file) => ({ ...file, is: file.sealed?.() ?? null }));
    }
    return this.#older;
  }

  #sealedOf(key: string): Sealed | undefined {
    return this.#olderFiles.find(({ is }) => is?.stamp === key)?.is ?? undefined;
  }
}
