/** One key column's values as small integers, exact up to a limit and then folded into one; it never forgets how much it folded. */
import { FOLDED } from "./definitions.js";

export class Dimension {
  /** Every id is below this. */
  readonly size: number;
  /** How often a value over the limit was met. */
  folded = 0;
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #limit: number;
  #lastText = "";
  #lastId = -1;

  constructor(limit: number) {
    this.#limit = limit;
    this.size = limit + 1;
  }

  get distinct(): number {
    return this.#texts.length;
  }

  idOf(text: string): number {
    // Several cubes ask for the same value of the same row in turn.
    if (this.#lastId >= 0 && text === this.#lastText) return this.#lastId;
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#texts.length;
      if (id >= this.#limit) {
        this.folded++;
      } else {
        this.#ids.set(text, id);
        this.#texts.push(text);
      }
    }
    this.#lastText = text;
    this.#lastId = id;
    return id;
  }

  textOf(id: number): string {
    return this.#texts[id] ?? FOLDED;
  }
}
