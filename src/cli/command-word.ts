/** Which command is meant, before anything of it is loaded. Only a guess for speed's sake: commander says what is right. */

/** The global options: those that take a word, and those that stand alone. */
const WITH_WORD: ReadonlySet<string> = new Set(["--home", "--config", "--audit"]);
const ALONE: ReadonlySet<string> = new Set(["--json", "--no-color", "--quiet", "--read-only"]);

/** The first word that is no global option; `undefined` when there is none, or when another option stands before it. */
export function commandWord(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) return word;
    const [name = ""] = word.split("=", 1);
    if (WITH_WORD.has(name)) at += name === word ? 1 : 0;
    else if (!ALONE.has(word)) return undefined;
  }
  return undefined;
}
