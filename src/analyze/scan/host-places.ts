/** Where in a block an address may stand: `://` in any spelling. Found for a whole block at once, and only when asked for. */

const SLASHES = Buffer.from("//");
const ESCAPED = Buffer.from("\\/");
const COLON = 0x3a;

export class HostPlaces {
  /** To the end of the block only: behind it a search could go on for a megabyte. */
  readonly #bytes: Buffer;
  readonly #start: number;
  /** Ascending. */
  #places: readonly number[] | null = null;

  /** Looks between `start` and `end`. `\u` spellings are not looked for: no row has them. */
  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes.subarray(0, end);
    this.#start = start;
  }

  isBetween(from: number, to: number): boolean {
    this.#places ??= this.#found();
    const places = this.#places;
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return (places[low] ?? to) < to;
  }

  #found(): readonly number[] {
    const slashes = this.#all(SLASHES).filter((at) => this.#bytes[at - 1] === COLON);
    const escaped = this.#all(ESCAPED);
    return escaped.length === 0 ? slashes : [...slashes, ...escaped].sort((a, b) => a - b);
  }

  #all(needle: Buffer): number[] {
    const places: number[] = [];
    for (let at = this.#bytes.indexOf(needle, this.#start); at >= 0; ) {
      places.push(at);
      at = this.#bytes.indexOf(needle, at + 1);
    }
    return places;
  }
}
