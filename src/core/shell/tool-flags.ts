/**
 * Flags handed to a compiler or linker in one word (`-ldflags`, `-gcflags`): which of them only say how to translate. A
 * linker can be told to start another one, a compiler to load a plugin; what is not listed here is not known.
 */
import type { ScriptFinding } from "./sed-script.js";

const TAME =
  /^(?:all=)?-(?:[swNlmBCS]+|race|msan|trimpath(?:=[\w./-]*)?|m=\d|[XE]=?|l=\d|B=\w+|compressdwarf=\w+|d=[\w=,/-]+)$/;
/** `-X main.version=1.2`: a name and its value. */
const SETTING = /^["']?[\w./-]+=[\w.:@/+-]*["']?$/;

export function checkToolFlags(flags: string): ScriptFinding {
  const words = flags.split(/\s+/).filter((word) => word !== "");
  const odd = words.find((word, at) => !TAME.test(word) && !(/^-X=?$/.test(words[at - 1] ?? "") && SETTING.test(word)));
  if (odd === undefined) return { effect: "reads", why: "" };
  return { effect: "unknown", why: `\`${odd}\` may name a program to run` };
}
