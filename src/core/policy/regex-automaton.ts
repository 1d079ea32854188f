/**
 * A regex -> what it reads, character by character, so that a text of which only pieces are known can be asked. Regexes
 * with lookaround or backreferences, and very long ones, have none.
 */
import type { Regex } from "./policy.js";

type CharTest = (char: string) => boolean;

/** A Thompson automaton: per state what it reads, what it needs, and where it goes. */
export interface State {
  /** Reads one character; `only` is set when it can be this character alone. */
  readonly reads?: CharTest;
  readonly only?: string;
  readonly needs?: "start" | "end";
  next: number[];
}

interface Fragment {
  readonly start: number;
  readonly ends: number[];
}

class Unsupported extends Error {}

const EDGE = new Map<string, State["needs"]>([
  ["^", "start"],
  ["$", "end"],
]);

/** Recursive descent over regex source. INVARIANT: what it cannot read it refuses; what it widens, it only widens. */
class Builder {
  readonly states: State[] = [];
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {}

  build(): Fragment {
    const whole = this.alternatives(0);
    if (this.at < this.source.length) throw new Unsupported();
    return whole;
  }

  private add(state: Omit<State, "next">): Fragment {
    this.states.push({ ...state, next: [] });
    const index = this.states.length - 1;
    return { start: index, ends: [index] };
  }

  private join(ends: readonly number[], to: number): void {
    for (const end of ends) this.states[end]?.next.push(to);
  }

  private alternatives(depth: number): Fragment {
    if (depth > 20) throw new Unsupported();
    const entry = this.add({});
    const ends: number[] = [];
    for (;;) {
      const branch = this.sequence(depth);
      this.join([entry.start], branch.start);
      ends.push(...branch.ends);
      if (this.source[this.at] !== "|") return { start: entry.start, ends };
      this.at += 1;
    }
  }

  private sequence(depth: number): Fragment {
    let whole = this.add({});
    while (this.at < this.source.length && this.source[this.at] !== "|" && this.source[this.at] !== ")") {
      const next = this.repeated(this.atom(depth));
      this.join(whole.ends, next.start);
      whole = { start: whole.start, ends: next.ends };
    }
    return whole;
  }

  private repeated(part: Fragment): Fragment {
    const sign = /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(this.source.slice(this.at, this.at + 24));
    if (sign === null) return part;
    this.at += sign[0].length;
    const isOptional = sign[1] === "*" || sign[1] === "?" || sign[2] === "0";
    if (sign[1] !== "?") this.join(part.ends, part.start);
    if (!isOptional) return part;
    const skip = this.add({});
    this.join([skip.start], part.start);
    return { start: skip.start, ends: [...part.ends, skip.start] };
  }

  private atom(depth: number): Fragment {
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    const edge = EDGE.get(char);
    if (edge !== undefined) {
      this.at += 1;
      return this.add({ needs: edge });
    }
    if (char === "(") return this.group(depth);
    const piece =
      /^(?:\[(?:\\[\s\S]|[^\\\]])*\]|\\(?:u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|p\{[^}]*\}|[\s\S]))/u.exec(
        this.source.slice(this.at),
      )?.[0];
    this.at += piece === undefined ? char.length : piece.length;
    if (piece === undefined && char !== "." && /[*+?{}\\[\])]/.test(char)) throw new Unsupported();
    if (piece === "\\b" || piece === "\\B") return this.add({});
    if (piece !== undefined && /^\\[1-9k]/.test(piece)) throw new Unsupported();
    const escaped = piece !== undefined && /^\\[^a-zA-Z0-9]$/.test(piece) ? piece.slice(1) : undefined;
    const only = escaped ?? (piece === undefined && char !== "." ? char : undefined);
    if (only !== undefined && !this.flags.includes("i")) return this.add({ reads: (other) => other === only, only });
    const reads =
      only === undefined ? classTest(piece ?? "[^]", this.flags) : caselessTest(only, piece ?? only, this.flags);
    return this.add(only === undefined ? { reads } : { reads, only });
  }

  private group(depth: number): Fragment {
    const open = /^\((?:\?:|\?<[A-Za-z_]\w*>)?/.exec(this.source.slice(this.at, this.at + 64))?.[0] ?? "(";
    this.at += open.length;
    if (this.source[this.at] === "?") throw new Unsupported();
    const inner = this.alternatives(depth + 1);
    if (this.source[this.at] !== ")") throw new Unsupported();
    this.at += 1;
    return inner;
  }
}

const readsAny: CharTest = () => true;

/** One class of a regex. The answers for ASCII are kept: a search asks about the same few characters again and again. */
function classTest(source: string, flags: string): CharTest {
  if (source === "[^]") return readsAny;
  const regex = new RegExp(`^${source}$`, flags);
  const known: (boolean | undefined)[] = new Array(128);
  return (char) => {
    const code = char.charCodeAt(0);
    if (code > 127) return regex.test(char);
    let answer = known[code];
    if (answer === undefined) {
      answer = regex.test(char);
      known[code] = answer;
    }
    return answer;
  };
}

/** One character in any case. INVARIANT: some letters beyond ASCII fold into it, so for those the regex is asked. */
function caselessTest(only: string, source: string, flags: string): CharTest {
  if (only > "\x7f") return classTest(source, flags);
  const lower = only.toLowerCase();
  let regex: RegExp | undefined;
  return (char) => {
    if (char <= "\x7f") return char === only || char.toLowerCase() === lower;
    regex ??= new RegExp(`^${source}$`, flags);
    return regex.test(char);
  };
}

export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
  readonly ends: ReadonlySet<number>;
  /** Text every match begins with, for a quick no; lower case when case does not matter. */
  readonly opening: string;
  readonly ignoresCase: boolean;
  /** Where a match can begin: anywhere, where the text does, or there and after any slash. */
  readonly begins: "anywhere" | "start" | "segments";
  /** A match is possible that does not reach the end of the text. */
  readonly isOpenEnded: boolean;
}

/** How a pattern begins that is found at any depth. */
const ANY_DEPTH = "^(?:[^]*\\/)?";

const exact = new WeakMap<Regex, Automaton | null>();
const caseless = new WeakMap<Regex, Automaton | null>();

/** `null` when the regex cannot be read so. */
export function automatonOf(regex: Regex, ignoreCase: boolean): Automaton | null {
  const built = ignoreCase ? caseless : exact;
  const known = built.get(regex);
  if (known !== undefined) return known;
  let automaton: Automaton | null = null;
  if (regex.source.length <= 2000) {
    try {
      const flags = regex.flags.replace(/[gyi]/g, "") + (ignoreCase || regex.flags.includes("i") ? "i" : "");
      const isBranched = hasBranches(regex.source);
      const isDeep = !isBranched && regex.source.startsWith(ANY_DEPTH);
      const source = isDeep ? regex.source.slice(ANY_DEPTH.length) : regex.source;
      const builder = new Builder(source, flags);
      const whole = builder.build();
      const ignoresCase = flags.includes("i");
      const opening = isBranched ? "" : openingOf(isDeep ? `^${source}` : source);
      const isAnchored = beginsAtStart(builder.states, whole.start);
      automaton = {
        states: builder.states,
        start: whole.start,
        ends: new Set(whole.ends),
        opening: ignoresCase ? opening.toLowerCase() : opening,
        ignoresCase,
        begins: isDeep ? "segments" : isAnchored ? "start" : "anywhere",
        isOpenEnded: endsAnywhere(builder.states, whole),
      };
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
    }
  }
  built.set(regex, automaton);
  return automaton;
}

/** Whether an alternative stands outside every group, so that the whole is not one text after another. */
function hasBranches(source: string): boolean {
  const plain = source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\\\]])*\]/g, "");
  return plain.replace(/\([^()]*\)/g, "").includes("|");
}

/** Whether every way in passes `^` before anything is read. */
function beginsAtStart(states: readonly State[], start: number): boolean {
  const seen = new Set([start]);
  for (const number of seen) {
    const state = states[number];
    if (state === undefined || state.reads !== undefined || state.needs === "end") return false;
    if (state.needs === "start") continue;
    if (state.next.length === 0) return false;
    for (const next of state.next) seen.add(next);
  }
  return true;
}

/** Whether a way through needs no `$`. */
function endsAnywhere(states: readonly State[], { start, ends }: Fragment): boolean {
  const last = new Set(ends);
  const seen = new Set([start]);
  for (const number of seen) {
    const state = states[number];
    if (state === undefined || state.needs === "end") continue;
    if (last.has(number)) return true;
    for (const next of state.next) seen.add(next);
  }
  return false;
}

/** The plain characters after `^`; the last one may belong to a quantifier and is left out then. */
function openingOf(source: string): string {
  const plain = /^\^((?:[A-Za-z0-9 _~/@,:;='"<>#%&!-]|\\[^a-zA-Z0-9])*)([\s\S]?)/.exec(source);
  if (plain === null) return "";
  const text = (plain[1] ?? "").replace(/\\(?=[\s\S])/g, "");
  return /[*+?{]/.test(plain[2] ?? "") ? text.slice(0, -1) : text;
}
