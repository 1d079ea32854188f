/** Which fields of a call's input somebody looks at. It changes nothing of what is seen. */
import type { ToolCall } from "../../core/tool-call.js";

type Input = ToolCall["input"];

/** Names of fields; `null`: all of the input. */
export type Fields = readonly string[] | null;

/** The input as it is, and which fields of it were read. */
export function watchedInput(input: Input): { readonly input: Input; readonly read: () => Fields } {
  const fields = new Set<string>();
  let isWhole = false;
  const note = (key: string | symbol): void => {
    if (typeof key === "string") fields.add(key);
    else isWhole = true;
  };
  const watched = new Proxy(input, {
    get(target, key) {
      note(key);
      return Reflect.get(target, key);
    },
    has(target, key) {
      note(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      note(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      isWhole = true;
      return Reflect.ownKeys(target);
    },
  });
  return { input: watched, read: () => (isWhole ? null : [...fields].sort()) };
}
