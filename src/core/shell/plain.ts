/**
 * The shell judge of last resort: one plain command (program and static words, quotes allowed) is understood, every
 * operator, expansion, redirect, glob or newline is not. It knows no program, so every flag and every effect is unknown.
 */
import type { ParseShell, ShellAnalysis, Word } from "./shell.js";

const BARE = /[A-Za-z0-9_@%+=:,./~-]/;

function unknown(code: string, pos: number): ShellAnalysis {
  return { status: "unknown", reasons: [{ code, pos }], parts: [] };
}

/** The static words of a plain command, or the position of the first character that makes it more than that. */
function splitWords(text: string): readonly Word[] | number {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === " " || text[at] === "\t") {
      at += 1;
      continue;
    }
    const pos = at;
    let value = "";
    let quoted = false;
    while (at < text.length && text[at] !== " " && text[at] !== "\t") {
      const char = text[at] ?? "";
      if (char === "'" || char === '"') {
        const close = text.indexOf(char, at + 1);
        const inner = close < 0 ? null : text.slice(at + 1, close);
        if (inner === null || /[\n\r\0]/.test(inner) || (char === '"' && /[$`\\!]/.test(inner))) return at;
        value += inner;
        quoted = true;
        at = close + 1;
      } else if (BARE.test(char) && !(char === "~" && (at === pos || /[=:]/.test(text[at - 1] ?? "")))) {
        value += char;
        at += 1;
      } else return at;
    }
    const raw = text.slice(pos, at);
    words.push({ raw, pos, end: at, value, why: [], prefix: value, quoted, splits: false });
  }
  return words;
}

export const plainShell: ParseShell = (text) => {
  if (text.length > 32768) return unknown("too-long", 0);
  const argv = splitWords(text);
  if (typeof argv === "number") return unknown("not-plain", argv);
  const name = argv[0]?.value ?? "";
  if (name === "" || /[=%~]/.test(name)) return unknown("not-plain", 0);
  const program = name.slice(name.lastIndexOf("/") + 1);
  const end = argv.at(-1)?.end ?? 0;
  return {
    status: "ok",
    reasons: [],
    parts: [
      {
        argv,
        assigns: [],
        redirects: [],
        context: [],
        via: [],
        certainty: "certain",
        transparent: false,
        program,
        programPath: name.includes("/") ? name : null,
        subcommand: null,
        flags: [],
        flagsKnown: false,
        args: argv.slice(1),
        accesses: [],
        accessesKnown: false,
        cwd: "",
        effect: "unknown",
        effectReason: "the program is not known",
        normalised: program,
        pipeline: [],
        pos: argv[0]?.pos ?? 0,
        end,
      },
    ],
  };
};
