/**
 * In the shell's bundle in place of the platform's `TextDecoder`, one of which the parser makes when it is loaded and few
 * commands need: making it costs a cold process two of the fifty million instructions of a Bash call.
 */
export class TextDecoder {
  #given;
  #real;

  constructor(...given) {
    this.#given = given;
  }

  decode(...given) {
    this.#real ??= new globalThis.TextDecoder(...this.#given);
    return this.#real.decode(...given);
  }
}
