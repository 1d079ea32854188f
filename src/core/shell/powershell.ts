/**
 * PowerShell text -> parts, conservatively: plain commands joined by `;`, newlines and pipes. Variables, expressions,
 * script blocks, here-strings, redirects to files and method calls end in `unknown`; what was found before still counts.
 */
import { normaliseCommand } from "./normalise.js";
import {
  POWERSHELL_ALIASES,
  POWERSHELL_READERS,
  POWERSHELL_SWITCHES,
  POWERSHELL_WRITERS,
} from "./programs/powershell.js";
import type { Access, FlagUse, PartEffect, ShellAnalysis, ShellPart, ShellReason, Word } from "./shell.js";

const MOST_PARTS = 200;
const LONGEST = 32_768;
const MOVERS = new Set(["set-location", "push-location", "pop-location"]);
/** Parameters that reach other machines or open other programs. */
const REACHING = new Set(["-computername", "-online", "-credential", "-session", "-cimsession", "-hostname"]);

interface Command {
  readonly words: readonly Word[];
  readonly isPiped: boolean;
}

export function analyzePowerShell(text: string): ShellAnalysis {
  if (text.length > LONGEST) return { status: "unknown", reasons: [{ code: "over-long", pos: 0 }], parts: [] };
  const { commands, reasons } = splitCommands(text);
  const parts: ShellPart[] = [];
  for (const command of commands.slice(0, MOST_PARTS)) {
    const before = command.isPiped ? parts.at(-1) : undefined;
    const hasMoved = parts.some(({ program }) => MOVERS.has(program ?? ""));
    parts.push(partOf(command.words, before, hasMoved ? null : ""));
  }
  const over: ShellReason[] = commands.length > MOST_PARTS ? [{ code: "too-many-commands", pos: 0 }] : [];
  const all = [...reasons, ...over];
  return { status: all.length === 0 ? "ok" : "unknown", reasons: all, parts };
}

/** Splits at separators outside quotes. What is not a plain word is dynamic, and the whole text not understood. */
function splitCommands(text: string): { commands: Command[]; reasons: ShellReason[] } {
  const commands: Command[] = [];
  const reasons: ShellReason[] = [];
  let words: Word[] = [];
  let isPiped = false;
  const finish = (pipes: boolean): void => {
    if (words.length > 0) commands.push({ words, isPiped });
    words = [];
    isPiped = pipes;
  };
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const pos = match.index;
    if (/^[ \t]+$/.test(token) || token.startsWith("#")) continue;
    if (/^(?:\r?\n|;|&&|\|\|)$/.test(token)) finish(false);
    else if (token === "|") finish(true);
    else if (/^\d?>(?:&\d|\s*\$null)$/i.test(token)) continue;
    else {
      const word = readWord(token, pos);
      words.push(word);
      if (word.value === null) reasons.push({ code: "powershell-expression", pos });
    }
  }
  finish(false);
  return { commands, reasons: reasons.slice(0, 1) };
}

const TOKEN =
  /#[^\n]*|[ \t]+|\r?\n|;|&&|\|\||\||\d?>(?:&\d|\s*\$null)|(?:'(?:[^']|'')*'|"(?:[^"`]|""|`[\s\S])*"|[^\s;|'"&>]|&(?!&))+|[\s\S]/gi;

/** A plain word, a single-quoted text, or a double-quoted one without `$` and backtick. */
function readWord(raw: string, pos: number): Word {
  const quoted = /^'((?:[^']|'')*)'$/.exec(raw)?.[1]?.replaceAll("''", "'") ?? /^"([^"$`]*)"$/.exec(raw)?.[1];
  const plain = /^[\w.:\\/*?,=+%~-]+$/.test(raw) && !/^[-\d.]*\.\.\d/.test(raw) ? raw : undefined;
  const value = quoted ?? plain ?? null;
  const why = value === null ? (["param"] as const) : [];
  return {
    raw,
    pos,
    end: pos + raw.length,
    value,
    why,
    prefix: value ?? "",
    quoted: quoted !== undefined,
    splits: false,
  };
}

function partOf(words: readonly Word[], before: ShellPart | undefined, cwd: string | null): ShellPart {
  const [name, ...rest] = words;
  const isCall = name?.raw === "&" || name?.raw === ".";
  const spelled = isCall ? (rest[0]?.value ?? null) : name?.quoted ? null : (name?.value ?? null);
  const program = spelled === null ? null : canonicalName(spelled);
  const { flags, args } = readParameters(rest);
  const isStatic = words.every((word) => word.value !== null) && !isCall;
  const judged = judgeCmdlet(program, isStatic, flags, args);
  const first = words[0];
  return {
    argv: words,
    assigns: [],
    code: [],
    redirects: [],
    context: before === undefined ? [] : ["pipe-in"],
    via: [],
    certainty: "certain",
    transparent: false,
    program,
    programPath: spelled !== null && /[\\/]/.test(spelled) ? spelled : null,
    subcommand: "",
    flags,
    flagsKnown: isStatic && judged.effect === "reads",
    args,
    ...judged,
    cwd,
    normalised: normaliseCommand({ program, programPath: null, subcommand: "", flags: [], args: [], meaning: [] }),
    pipeline: before?.program ? [...before.pipeline, before.program] : [],
    pos: first?.pos ?? 0,
    end: words.at(-1)?.end ?? 0,
  };
}

/** Alias, path and `.exe` removed; PowerShell does not tell case. */
export function canonicalName(spelled: string): string {
  const base = spelled.slice(Math.max(spelled.lastIndexOf("/"), spelled.lastIndexOf("\\")) + 1).toLowerCase();
  const name = base.replace(/^microsoft\.powershell\.\w+\\/, "").replace(/\.exe$/, "");
  return POWERSHELL_ALIASES.get(name) ?? name;
}

function readParameters(words: readonly Word[]): { flags: FlagUse[]; args: Word[] } {
  const flags: FlagUse[] = [];
  const args: Word[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const name = /^-([A-Za-z]\w*):?$/.exec(word?.value ?? "")?.[1]?.toLowerCase();
    if (word === undefined) break;
    if (name === undefined || word.quoted) args.push(word);
    else if (POWERSHELL_SWITCHES.has(name)) flags.push({ name: `-${name}`, names: [`-${name}`], value: null });
    else {
      const value = words[++at];
      flags.push({ name: `-${name}`, names: [`-${name}`], value: value?.value ?? null });
      if (value !== undefined && /path$/.test(name)) args.push(value);
    }
  }
  return { flags, args };
}

type Judged = { effect: PartEffect; effectReason: string; accesses: readonly Access[]; accessesKnown: boolean };

function judgeCmdlet(
  program: string | null,
  isStatic: boolean,
  flags: readonly FlagUse[],
  args: readonly Word[],
): Judged {
  const none = { accesses: [], accessesKnown: false };
  if (program === null) return { effect: "unknown", effectReason: "which program runs is not known", ...none };
  const how = POWERSHELL_WRITERS.get(program);
  const mode = how ?? "read";
  const accesses = args.flatMap((word) => accessesOf(word, mode));
  if (how !== undefined)
    return {
      effect: isStatic ? "writes" : "unknown",
      effectReason: `\`${program}\` changes files`,
      accesses,
      accessesKnown: false,
    };
  if (!POWERSHELL_READERS.has(program))
    return { effect: "unknown", effectReason: `the command \`${program}\` is not known`, ...none };
  if (!isStatic) return { effect: "unknown", effectReason: "a word is not static", accesses, accessesKnown: false };
  // `Env:` and `Cert:` are no files and may hold secrets; `\\\\host` is another machine.
  const values = [...args, ...flags].map(({ value }) => value ?? "");
  if (
    flags.some(({ name }) => REACHING.has(name)) ||
    values.some((value) => /^(?:[A-Za-z]{2,}:|\\\\|\/\/)/.test(value))
  ) {
    return {
      effect: "unknown",
      effectReason: "reads something that is not a file here",
      accesses,
      accessesKnown: false,
    };
  }
  return { effect: "reads", effectReason: "only reads", accesses, accessesKnown: true };
}

/** A comma makes a list; a pattern names no single file. */
function accessesOf(word: Word, mode: Access["mode"]): Access[] {
  const names = word.quoted || word.value === null ? [word.value] : word.value.split(",");
  return names.map((name) => ({
    path: name === null || /[*?[]/.test(name) ? null : name,
    mode,
    from: "argument",
    raw: word.raw,
  }));
}
