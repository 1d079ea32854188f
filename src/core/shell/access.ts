/** The path a word stands for. `moved` is the folder a program goes to first, relative to the one in force. */
import { join } from "./directory.js";
import type { Access, Word } from "./shell.js";

export function accessOf(word: Word, mode: Access["mode"], from: string, moved: string | null): Access {
  const { raw } = word;
  if (word.value !== null) return { path: join(moved, word.value), mode, from, raw };
  if (word.why.every((each) => each === "tilde") && /^~\/[\w./-]*$/.test(raw)) return { path: raw, mode, from, raw };
  // INVARIANT: `raw` names the word only where the word is read in the folder in force; elsewhere it must not be looked up.
  return { path: null, mode, from, raw: moved === "" ? raw : `${moved ?? "…"}/${raw}` };
}
