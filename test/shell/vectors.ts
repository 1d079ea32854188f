/** The parser's vectors as the tests share them. */
import { readFileSync } from "node:fs";

interface Vectors {
  /** Must be refused; `code` is one of the reasons, `null` when any will do. */
  readonly refused: readonly { readonly code: string | null; readonly text: string }[];
  /** Must be accepted, with word `index` of the first command not static because of `why`. */
  readonly dynamic: readonly { readonly text: string; readonly index: number; readonly why: string }[];
  /** Must be accepted, the first command having exactly these words. */
  readonly static: readonly { readonly text: string; readonly argv: readonly string[] }[];
  /** Must be accepted. */
  readonly sound: readonly string[];
}

const file = new URL("../../fixtures/shell/parse/vectors.json", import.meta.url);

export const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
