/**
 * The tables as one text, so that a cold process makes only the rows of the programs it meets. The first line holds the
 * number of each program's row, every further line one row, in which subcommands are such numbers too. INVARIANT: a row
 * comes back as it went in.
 */
import type { Knowledge, Programs } from "./knowledge.js";

type Numbers = Readonly<Record<string, number>>;

/** A row as it is packed. */
type Packed = Omit<Knowledge, "subcommands"> & { readonly subcommands?: Numbers };

/** Equal rows are kept once. */
export function packPrograms(tables: readonly Programs[]): string {
  const rows = new Map<string, number>();
  const packAll = (programs: Programs): Numbers =>
    Object.fromEntries(Object.entries(programs).map(([name, row]) => [name, pack(row)]));
  const pack = ({ subcommands, ...rest }: Knowledge): number => {
    const row: Packed = subcommands === undefined ? rest : { ...rest, subcommands: packAll(subcommands) };
    const json = JSON.stringify(row);
    const number = rows.get(json) ?? rows.size + 1;
    rows.set(json, number);
    return number;
  };
  const names: Numbers = Object.assign({}, ...tables.map(packAll));
  return [JSON.stringify(names), ...rows.keys()].join("\n");
}

/** Looks programs up in what `packPrograms` made; nothing is parsed before the first question. */
export function openPacked(packed: string): (program: string) => Knowledge | undefined {
  const made = new Map<number, Knowledge>();
  let lines: readonly string[] = [];
  let names: Numbers = {};
  const unpack = (number: number): Knowledge => {
    const known = made.get(number);
    if (known !== undefined) return known;
    const { subcommands, ...rest } = JSON.parse(lines[number] ?? "") as Packed;
    const row = subcommands === undefined ? rest : { ...rest, subcommands: unpackAll(subcommands) };
    made.set(number, row);
    return row;
  };
  const unpackAll = (numbers: Numbers): Programs =>
    Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, unpack(number)]));
  return (program) => {
    if (lines.length === 0) {
      lines = packed.split("\n");
      names = JSON.parse(lines[0] ?? "") as Numbers;
    }
    const number = Object.hasOwn(names, program) ? names[program] : undefined;
    return number === undefined ? undefined : unpack(number);
  };
}
