/**
 * The tables as one text, so that a cold process makes only the rows of the programs it meets. The first line tells
 * where each program's row begins, every further line is one row, in which subcommands are such places too.
 * INVARIANT: a row comes back as it went in.
 */
import type { Knowledge, Programs } from "./knowledge.js";

/** Name -> place of its row, counted in characters from the end of the first line. */
type Rows = Readonly<Record<string, number>>;

/** A row as it is packed. */
type Packed = Omit<Knowledge, "subcommands"> & { readonly subcommands?: Rows };

/** Equal rows are kept once. */
export function packPrograms(tables: readonly Programs[]): string {
  const places = new Map<string, number>();
  let size = 0;
  const packAll = (programs: Programs): Rows =>
    Object.fromEntries(Object.entries(programs).map(([name, row]) => [name, pack(row)]));
  const pack = ({ subcommands, ...rest }: Knowledge): number => {
    const row: Packed = subcommands === undefined ? rest : { ...rest, subcommands: packAll(subcommands) };
    const json = asciiJson(row);
    const known = places.get(json);
    if (known !== undefined) return known;
    const place = size;
    places.set(json, place);
    size += json.length + 1;
    return place;
  };
  const names: Rows = Object.assign({}, ...tables.map(packAll));
  const index = Object.entries(names).map(([name, place]) => `${name}=${place}\t`);
  return [`\t${index.join("")}`, ...places.keys(), ""].join("\n");
}

/** One byte a character, so that places are places in a file too. */
function asciiJson(row: Packed): string {
  return JSON.stringify(row).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The text from `at` on, at most `length` characters of it. */
export type ReadPacked = (at: number, length: number) => string;

/** Rows are mostly shorter; the first line is longer. */
const ROW_READ = 4_096;
const INDEX_READ = 32_768;

/** Looks programs up in what `packPrograms` made; nothing is read before the first question, and then only what it needs. */
export function openPacked(read: ReadPacked): (program: string) => Knowledge | undefined {
  const made = new Map<number, Knowledge>();
  let index = "";
  const unpack = (place: number): Knowledge => {
    const known = made.get(place);
    if (known !== undefined) return known;
    const { subcommands, ...rest } = JSON.parse(readLine(read, index.length + place, ROW_READ)) as Packed;
    const row = subcommands === undefined ? rest : { ...rest, subcommands: unpackLater(subcommands) };
    made.set(place, row);
    return row;
  };
  /** `git` has a hundred subcommands, of which a call names one. */
  const unpackLater = (rows: Rows): Programs =>
    new Proxy<Readonly<Record<string, unknown>>>(rows, {
      get: (_, name) => {
        const place = typeof name === "string" && Object.hasOwn(rows, name) ? rows[name] : undefined;
        return place === undefined ? undefined : unpack(place);
      },
    }) as Programs;
  return (program) => {
    if (index === "") index = readLine(read, 0, INDEX_READ);
    if (program.includes("=") || program.includes("\t") || program.includes("\n")) return undefined;
    const entry = index.indexOf(`\t${program}=`);
    if (entry === -1) return undefined;
    return unpack(Number.parseInt(index.slice(entry + program.length + 2), 10));
  };
}

/** The line that begins at `at`, with its end; "" when there is no whole one. */
function readLine(read: ReadPacked, at: number, guess: number): string {
  for (let length = guess; ; length *= 4) {
    const text = read(at, length);
    const end = text.indexOf("\n");
    if (end !== -1) return text.slice(0, end + 1);
    if (text.length < length) return "";
  }
}
