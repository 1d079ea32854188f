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
    const json = JSON.stringify(row);
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

/** Looks programs up in what `packPrograms` made; nothing is read before the first question. */
export function openPacked(read: () => string): (program: string) => Knowledge | undefined {
  const made = new Map<number, Knowledge>();
  let packed = "";
  let index = "";
  const unpack = (place: number): Knowledge => {
    const known = made.get(place);
    if (known !== undefined) return known;
    const from = index.length + place;
    const { subcommands, ...rest } = JSON.parse(packed.slice(from, packed.indexOf("\n", from))) as Packed;
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
    if (packed === "") {
      packed = read();
      index = packed.slice(0, packed.indexOf("\n") + 1);
    }
    if (/[=\t\n]/.test(program)) return undefined;
    const entry = index.indexOf(`\t${program}=`);
    if (entry === -1) return undefined;
    return unpack(Number.parseInt(index.slice(entry + program.length + 2), 10));
  };
}
