/** Parts of a shell call made by hand, where a test needs control over every field. Blanks split; `$x` and `*` are dynamic. */
import type { Access, ParseShell, Redirect, ShellPart, Word } from "../../src/core/shell/shell.js";

function word(raw: string): Word {
  const isVariable = raw.includes("$");
  const isGlob = raw.includes("*");
  const value = isVariable || isGlob ? null : raw.replaceAll("·", " ");
  return {
    raw,
    pos: 0,
    end: raw.length,
    value,
    why: isVariable ? ["param"] : isGlob ? ["glob"] : [],
    prefix: value ?? raw.slice(0, raw.search(/[$*]/)),
    quoted: raw.includes('"'),
    splits: isVariable && !raw.includes('"'),
  };
}

export const access = (path: string | null, mode: Access["mode"], raw = path ?? "?"): Access => ({
  path,
  mode,
  raw,
  from: "argument",
});

export const redirect = (op: Redirect["op"], target: string): Redirect => ({
  op,
  fd: null,
  effect: op === ">>" ? "append" : op === "<" ? "read" : "write",
  target: word(target),
  inherited: false,
});

/** One certain part: `·` in a word is a blank. Single letters after a dash are flags, the rest are arguments. */
export function part(words: string, more: Partial<ShellPart> = {}): ShellPart {
  const argv = words === "" ? [] : words.split(" ").map(word);
  const [first] = argv;
  const name = first?.value ?? null;
  const flags = argv.slice(1).flatMap(({ value }) => {
    if (value?.startsWith("--")) return [value];
    return value?.startsWith("-") ? [...value.slice(1)].map((letter) => `-${letter}`) : [];
  });
  return {
    argv,
    assigns: [],
    redirects: [],
    context: [],
    via: [],
    certainty: "certain",
    transparent: false,
    program: name === null ? null : name.slice(name.lastIndexOf("/") + 1),
    programPath: name?.includes("/") ? name : null,
    subcommand: "",
    flags: flags.map((flag) => ({ name: flag, names: [flag], value: null })),
    flagsKnown: argv.every((one) => one.value !== null),
    args: argv.slice(1).filter(({ value }) => !value?.startsWith("-")),
    accesses: [],
    accessesKnown: true,
    cwd: "",
    effect: "reads",
    code: [],
    effectReason: "",
    normalised: name ?? "",
    pipeline: [],
    pos: 0,
    end: words.length,
    ...more,
  };
}

export const shellOf =
  (parts: readonly ShellPart[], status: "ok" | "unknown" = "ok"): ParseShell =>
  () => ({ status, reasons: status === "ok" ? [] : [{ code: "unclosed-quote", pos: 0 }], parts });
