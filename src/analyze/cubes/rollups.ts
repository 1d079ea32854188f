/**
 * What stretches of a log added up to, kept in files that may be deleted at any time. A stretch is found again by its
 * place, its file's identity, how its bytes look, and the state in which the reading arrives; anything doubtful
 * is not found. It writes what it can and says nothing when it cannot: the log itself is the truth.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Counted } from "./cube-sum.js";
import { openCounts, writeCounts } from "./kept-counts.js";
import { type Part, type PartFiles, partLooks } from "./stretch-looks.js";
import { sweepRollups } from "./sweep-rollups.js";

/** The state in which a stretch begins, as a short text that tells states apart. */
export type Entry = string;

/** A leaf is the least that is kept; a group is the leaves of one larger part of a file. */
export type StretchKind = "leaf" | "group";

export interface Stretch extends Counted {
  readonly kind: StretchKind;
  /** A group ends where it does. */
  readonly endsGroup: boolean;
  /** Where it ends, towards the start of each log, and what it holds. */
  readonly ends: Places;
  readonly parts: readonly Part[];
  /** The state in which it ends, whole and told apart. */
  readonly state: string;
  readonly exit: Entry;
}

/** Where in a log a stretch begins or ends: what tells the file, and the byte; `null`: the end of a file not opened yet. */
export interface StrandPlace {
  readonly key: string;
  readonly at: number | null;
}

/** A place in each of the logs that are read as one, `null` where one is at its end. */
export type Places = readonly (StrandPlace | null)[];

/** All that a log holds behind a place, or of one window there: its end is the end of the reading. */
export interface Rest extends Counted {
  /** Where it begins, and which files are behind it. */
  readonly place: string;
  readonly entry: Entry;
  /** Of what it holds, that which its place does not tell from what has changed. */
  readonly parts: readonly Part[];
}

export interface KeptRest extends Pick<Rest, "place" | "entry"> {
  /** `null` when a part of it looks otherwise now. */
  readonly counted: (files: PartFiles) => Counted | null;
}

export interface RestSlot {
  readonly identity: string;
  readonly window: string;
}

export interface Rollups {
  /** `isEnd`: nothing in the logs is newer. */
  readonly find: (files: PartFiles, kind: StretchKind, from: Places, entry: Entry, isEnd: boolean) => Stretch | null;
  readonly keep: (files: PartFiles, from: Places, entry: Entry, isEnd: boolean, stretch: Stretch) => void;
  /** One for each log and window. `slot`: device and inode of a file of the log, and the window. */
  readonly findRest: (slot: RestSlot) => KeptRest | null;
  readonly keepRest: (slot: RestSlot, files: PartFiles, rest: Rest) => void;
}

/** Raised when cubes change their meaning. */
const VERSION = 12;
/** Characters of a name that tell the file of the log it belongs to. */
const OWNER = 12;

export function entryOf(state: string): Entry {
  return digest(state);
}

/**
 * @param folder made when needed, for rollups alone
 * @param scope what else counts depend on: the tool's version, the zone
 * @param files of the log: what belongs to them is kept when there is more than is worth keeping
 * @param question which calls are counted, where it is not all of them; it may never be asked again, so little is kept for it
 */
export function openRollups(folder: string, scope: string, files: readonly string[] = [], question = ""): Rollups {
  const ownerOf = (identity: string): string => digest([VERSION, scope, identity].join("\0")).slice(0, OWNER);
  const nameOf = (identity: string, ...parts: readonly (string | number)[]): string =>
    join(folder, `${ownerOf(identity)}-${digest([question, ...parts].join("\0"))}`);
  let isSwept = false;
  const write = <Head>(name: string, head: Head, counted: Counted, names: readonly string[]): void => {
    if (!isSwept) sweepRollups(folder, files, ownerOf);
    isSwept = true;
    writeCounts(name, head, counted, names);
  };
  return {
    find(files, kind, from, entry, isEnd) {
      const begun = begunAt(JSON.stringify(from), entry, isEnd);
      const kept = openCounts<Head>(nameOf(firstKey(from), kind, begun.name));
      if (kept === null) return null;
      const { looks, ...head } = kept.head;
      if (looks !== begun.told + partLooks(files, head.parts)) return null;
      return { ...head, ...kept.counted(namesOf(files, head.parts)) };
    },
    keep(files, from, entry, isEnd, stretch) {
      if (question !== "" && stretch.kind === "leaf") return;
      const begun = begunAt(JSON.stringify(from), entry, isEnd);
      const { kind, endsGroup, ends, parts, state, exit } = stretch;
      const looks = partLooks(files, parts);
      if (looks === null) return;
      const head: Head = { kind, endsGroup, ends, parts, state, exit, looks: begun.told + looks };
      write(nameOf(firstKey(from), kind, begun.name), head, stretch, namesOf(files, parts));
    },
    findRest({ identity, window }) {
      const kept = openCounts<RestHead>(nameOf(identity, "rest", window));
      if (kept === null) return null;
      const { place, entry, parts, looks } = kept.head;
      const isNow = (now: PartFiles) => partLooks(now, parts) === looks;
      return { place, entry, counted: (now) => (isNow(now) ? kept.counted(namesOf(now, parts)) : null) };
    },
    keepRest({ identity, window }, now, { place, entry, parts, ...counted }) {
      const looks = partLooks(now, parts);
      if (looks === null) return;
      const head: RestHead = { place, entry, parts, looks };
      write(nameOf(identity, "rest", window), head, counted, namesOf(now, parts));
    },
  };
}

/** What begins at the end of a log is named by that alone, and by its window: once the log has grown, the next such stretch takes its place. */
function begunAt(from: string, entry: Entry, isEnd: boolean): { readonly name: string; readonly told: string } {
  const told = `${from} ${entry} `;
  const [, ...window] = entry.split(" ");
  return { name: isEnd ? ["end", ...window].join(" ") : told, told };
}

/** Of a file that is told by more, device and inode stand at the front. */
function firstKey(places: Places): string {
  return identityOf(places.find((place) => place !== null)?.key ?? "");
}

export function identityOf(key: string): string {
  return key.split(":").slice(0, 2).join(":");
}

/** What tells a stretch, and how its bytes looked. */
interface Head extends Omit<Stretch, keyof Counted> {
  readonly looks: string;
}

interface RestHead extends Omit<Rest, keyof Counted> {
  readonly looks: string;
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function namesOf(files: PartFiles, parts: readonly Part[]): readonly string[] {
  return parts.map(({ key }) => files.name(key) ?? "");
}
