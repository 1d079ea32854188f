/**
 * Records that come as a JSON document instead of lines: an array (`list --json`, `jq -s`), or objects one after the
 * other printed wide (`jq .`). Parsed as a stream, a value at a time, whatever the size. Lines do not go through here.
 */
import { jsonParser } from "stream-json/parser.js";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { streamValues } from "stream-json/streamers/stream-values.js";
import type { DocumentShape } from "./document-shape.js";

/** The parser keeps to itself what it found in a step that fails: steps are short. */
const STEP = 1024;

/** The values in their order. Throws where the document is no JSON any more, or ends too early. */
export async function* readDocument(
  bytes: AsyncIterable<Uint8Array>,
  shape: DocumentShape,
): AsyncGenerator<unknown, void> {
  const parse = jsonParser({ jsonStreaming: shape === "values", streamValues: false });
  const assemble = shape === "array" ? streamArray() : streamValues();
  const decoder = new TextDecoder();
  let depth = 0;
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    for (let from = 0; from < text.length; from += STEP) {
      const tokens = parse(text.slice(from, from + STEP));
      if (typeof tokens !== "object" || !("values" in tokens)) continue;
      for (const token of tokens.values) {
        if (token.name === "startObject" || token.name === "startArray") depth += 1;
        if (token.name === "endObject" || token.name === "endArray") depth -= 1;
        const item: unknown = assemble(token);
        if (typeof item === "object" && item !== null && "value" in item) yield item.value;
      }
    }
  }
  if (depth > 0) throw new SyntaxError("the document ends too early");
}
