/**
 * One program's words judged by its row: effect with its reason, flags, arguments, paths, and the commands it runs.
 * INVARIANT: an option, subcommand or operand that no row explains raises the effect to unknown, unless the row says
 * that no option can do harm, or the program runs arbitrary code anyway.
 */

import { accessOf } from "./access.js";
import { checkAwk } from "./awk-script.js";
import { join } from "./directory.js";
import { isRiskyAssignment } from "./environment.js";
import { Finding, isStronger } from "./finding.js";
import { optionTable } from "./option-table.js";
import type { Knowledge, Role } from "./programs/knowledge.js";
import { type OptionUse, type ReadWords, readWords, tailOf } from "./read-words.js";
import { rolesOf } from "./roles.js";
import { checkSed } from "./sed-script.js";
import type { Access, Assignment, FlagUse, PartEffect, Word } from "./shell.js";
import { innerCommands } from "./unwrap.js";

/** A command found inside another: its words, or text for a shell. */
export interface Inner {
  readonly kind: "argv" | "text";
  /** For `text` they are joined by blanks. */
  readonly words: readonly Word[];
  readonly assigns: readonly Assignment[];
  readonly certainty: "certain" | "candidate";
  readonly lift: PartEffect;
}

export interface Judgement {
  readonly subcommand: string | null;
  readonly flags: readonly FlagUse[];
  readonly flagsKnown: boolean;
  readonly args: readonly Word[];
  readonly accesses: readonly Access[];
  readonly accessesKnown: boolean;
  readonly effect: PartEffect;
  readonly effectReason: string;
  readonly transparent: boolean;
  readonly inner: readonly Inner[];
  /** Folder in which the inner commands run, relative to the one in force; `null` when not known. */
  readonly moved: string | null;
  /** The program takes a script from standard input, and runs it. */
  readonly codeFromStdin: boolean;
  /** Source text in the words, in a language that is not shell. */
  readonly code: readonly string[];
  /** Spellings of flags that belong in the normalised command. */
  readonly meaning: readonly string[];
}

/** The words after the program's name. Paths of accesses are relative to the folder the shell is in. */
export function judge(words: readonly Word[], knowledge: Knowledge): Judgement {
  const only = words.length === 1 ? words[0]?.value : undefined;
  // What runs the project's code may do so even to tell its version (`yarn`).
  if (knowledge.effect !== "runs-code" && (only === "--version" || only === "--help")) return onlyInforms(only);
  return new Judge().judge(words, knowledge);
}

function onlyInforms(flag: string): Judgement {
  const none = { args: [], accesses: [], inner: [], moved: "", code: [], meaning: [] };
  const flags = [{ name: flag, names: [flag], value: null }];
  const known = { flagsKnown: true, accessesKnown: true, transparent: false, codeFromStdin: false };
  return { subcommand: "", flags, effect: "reads", effectReason: "only informs", ...known, ...none };
}

class Judge {
  private readonly finding = new Finding();
  private readonly flags: FlagUse[] = [];
  private readonly accesses: Access[] = [];
  private readonly inner: Inner[] = [];
  private readonly code: string[] = [];
  private readonly path: string[] = [];
  private subcommandKnown = true;
  private flagsKnown = true;
  private accessesKnown = true;
  private lists = false;
  private change: "edit" | "delete" | null = null;
  private touchesHere = false;
  private creates = false;
  private changesHere = false;
  private readonly archives: Word[] = [];

  /** Folder the program itself goes to first (`git -C x`), relative to the one in force; `null` when not known. */
  private moved: string | null = "";

  judge(words: readonly Word[], top: Knowledge): Judgement {
    let knowledge = top;
    let rest = words;
    let inherited = "";
    for (;;) {
      const options = `${inherited} ${knowledge.options ?? ""}`;
      const style = knowledge.style ?? "gnu";
      const read = readWords(
        rest,
        optionTable(options),
        style,
        style === "posix" || knowledge.subcommands !== undefined,
      );
      const [name] = read.operands;
      for (const use of read.uses) this.applyOption(use, knowledge, read);
      this.flags.push(...read.flags);
      if (knowledge.subcommands === undefined || name === undefined) return this.finish(read, knowledge);
      this.applyUnread(read, knowledge, false);
      const next = this.descend(name, knowledge.subcommands);
      if (next === undefined && this.lists) return this.finishListing(read, knowledge, options);
      if (next === undefined) return this.unknownSubcommand(name, read, knowledge);
      // INVARIANT: an option that only lists does so for its own level: `cargo --list`, not `cargo install --list`.
      this.lists = false;
      if (knowledge.spreads) inherited = options.replace(/\S+:r(?=\s|$)/g, "");
      knowledge = next;
      rest = read.operands.slice(1);
    }
  }

  private descend(name: Word, rows: Readonly<Record<string, Knowledge>>): Knowledge | undefined {
    if (name.value === null) return undefined;
    const row = Object.hasOwn(rows, name.value) ? rows[name.value] : this.lists ? undefined : rows["*"];
    if (row !== undefined) this.path.push(name.value);
    return row;
  }

  private unknownSubcommand(name: Word, read: ReadWords, knowledge: Knowledge): Judgement {
    if (name.value === null) this.subcommandKnown = false;
    else this.path.push(name.value);
    const why = name.value === null ? "the subcommand is not static" : `the subcommand \`${name.value}\` is not known`;
    this.finding.raise(isStronger(knowledge.effect, "runs-code") ? knowledge.effect : "unknown", why);
    this.flagsKnown = false;
    this.accessesKnown = false;
    const unread = readWords(read.operands.slice(1), optionTable(""), "gnu");
    this.flags.push(...unread.flags);
    return this.result(unread.operands, knowledge, false);
  }

  /** `git config --get x`: no subcommand; options may follow the operand. */
  private finishListing({ operands }: ReadWords, knowledge: Knowledge, options: string): Judgement {
    const read = readWords(operands, optionTable(options), "gnu");
    for (const use of read.uses) this.applyOption(use, knowledge, read);
    this.flags.push(...read.flags);
    return this.finish(read, knowledge);
  }

  private finish(read: ReadWords, knowledge: Knowledge): Judgement {
    let operands = read.operands;
    const hasOperands = operands.length > 0 && !this.lists;
    const base = hasOperands ? (knowledge.withOperands ?? knowledge.effect) : knowledge.effect;
    this.applyUnread(read, knowledge, true);
    if (knowledge.names !== undefined) operands = this.takeNames(operands, knowledge.names);
    if (knowledge.runs === undefined) this.applyOperands(operands, knowledge, read);
    this.finding.raise(this.lists ? "reads" : base, knowledge.why ?? PLAIN_WORDS[base]);
    if (knowledge.runs !== undefined) return this.finishWrapper(read, knowledge, operands);
    return this.result(operands, knowledge, false);
  }

  private finishWrapper(read: ReadWords, knowledge: Knowledge, operands: readonly Word[]): Judgement {
    if (this.lists && knowledge.runs?.as !== "code") return this.result(operands, knowledge, false);
    const found = innerCommands(read, knowledge, operands);
    for (const { name, value } of found.assigns) this.checkAssignment(name, value);
    this.inner.push(...found.inner);
    for (const [effect, why] of found.raises) this.finding.raise(effect, why);
    if (found.script !== null && !this.lists) this.touch(found.script, "run", "argument");
    if (found.script !== null && this.lists) this.touch(found.script, "read", "argument");
    const transparent =
      knowledge.runs?.transparent === true && this.finding.effect === "reads" && this.inner.length > 0;
    if (knowledge.runs?.assigns && this.inner.length === 0) this.finding.raise("unknown", PRINTS_ENVIRONMENT);
    const isStdin = found.codeFromStdin && !this.lists;
    if (isStdin) this.finding.raise("unknown", "runs what its standard input carries");
    return { ...this.result(found.args, knowledge, isStdin), transparent };
  }

  private result(args: readonly Word[], knowledge: Knowledge, codeFromStdin: boolean): Judgement {
    const wanted = knowledge.meaning?.split(" ") ?? [];
    return {
      subcommand: this.subcommandKnown ? this.path.join(" ") : null,
      flags: this.flags,
      flagsKnown: this.flagsKnown && knowledge.open !== true,
      args,
      accesses: this.accesses,
      accessesKnown: this.accessesKnown && knowledge.open !== true,
      effect: this.finding.effect,
      effectReason: this.finding.why,
      transparent: false,
      inner: this.inner,
      moved: this.moved,
      codeFromStdin,
      code: this.code,
      meaning: wanted.filter((spelling) => this.flags.some((flag) => flag.names.includes(spelling))),
    };
  }

  private takeNames(operands: readonly Word[], which: "first" | "all"): readonly Word[] {
    const isName = (word: Word): boolean => !/^\w+=/.test(word.prefix);
    const names = which === "first" ? operands.slice(0, 1) : operands.filter(isName);
    if (names.some((word) => word.value === null)) this.subcommandKnown = false;
    this.path.push(...names.map((word) => word.value ?? ""));
    return operands.filter((word) => !names.includes(word));
  }

  private applyUnread(read: ReadWords, knowledge: Knowledge, isLast: boolean): void {
    const { unlisted, hidden } = read;
    if (unlisted.length === 0 && (hidden === null || !isLast)) return;
    this.flagsKnown = false;
    this.accessesKnown = false;
    if (knowledge.harmless || knowledge.open || knowledge.effect === "runs-code") return;
    if (unlisted.length > 0) this.finding.raise("unknown", `the option \`${unlisted[0]}\` is not known`);
    else if (hidden !== null) this.finding.raise("unknown", `\`${hidden.raw}\` may be an option`);
  }

  private applyOption({ option, value, inner, spelling }: OptionUse, knowledge: Knowledge, read: ReadWords): void {
    const from = `flag ${spelling}`;
    if (option.value === "inner") {
      this.inner.push({ kind: "argv", words: withFound(inner, read, knowledge), ...PLAIN_INNER });
    } else if (value !== null) {
      switch (option.value) {
        case "read":
        case "write":
        case "append":
          this.touch(value, option.value, from);
          break;
        case "directory":
          this.moved = join(this.moved, value.value);
          break;
        case "form": {
          const at = /(?:^|=)[@<]/.exec(value.prefix);
          if (at !== null) this.touch(tailOf(value, at.index + at[0].length), "read", from);
          break;
        }
        case "archive":
          this.archives.push(value);
          if (value.prefix.includes(":")) this.finding.raise("unknown", `\`${value.raw}\` may be on another machine`);
          break;
        case "program":
          this.addText(value, "candidate");
          this.finding.raise("unknown", `\`${spelling}\` names a program to run`);
          break;
        case "text":
          this.addText(value, "certain");
          break;
        case "script":
          this.applyScript(value, knowledge);
          break;
        case "none":
        case "optional":
        case "word":
        case "two":
          break;
        default:
          option.value satisfies never;
      }
    }
    switch (option.mark) {
      case "writes":
      case "runs-code":
      case "network":
      case "unknown":
        this.finding.raise(option.mark, `\`${spelling}\` ${MARK_WORDS[option.mark]}`);
        break;
      case "reads":
        this.lists = true;
        break;
      case "edits":
        this.change = "edit";
        break;
      case "deletes":
        this.change = "delete";
        break;
      case "here":
        this.touchesHere = true;
        break;
      case "creates":
        this.creates = true;
        break;
      case "changes-here":
        this.changesHere = true;
        break;
      case "none":
        break;
      default:
        option.mark satisfies never;
    }
  }

  private addText(word: Word, certainty: Inner["certainty"]): void {
    this.inner.push({ kind: "text", words: [word], ...PLAIN_INNER, certainty });
  }

  private applyScript(word: Word, knowledge: Knowledge): void {
    if (knowledge.interpreter) this.code.push(word.value ?? word.prefix);
    if (knowledge.check === undefined) return;
    if (word.value === null) {
      this.finding.raise("unknown", "the script is not static");
      return;
    }
    const found = knowledge.check === "sed" ? checkSed(word.value) : checkAwk(word.value);
    if (found.effect !== "reads") this.finding.raise(found.effect, found.why);
  }

  private applyOperands(operands: readonly Word[], knowledge: Knowledge, read: ReadWords): void {
    const without = knowledge.unless?.split(" ") ?? [];
    const isGiven = read.flags.some((flag) => flag.names.some((name) => without.includes(name)));
    const { roles, otherwise, always } = rolesOf(knowledge.operands ?? "other*", operands, isGiven);
    for (const [index, role] of roles.entries()) {
      const word = operands[index];
      if (word !== undefined)
        this.applyRole(word, role === "revision" && index >= read.beforeEnd ? "read" : role, knowledge);
    }
    // An archive is opened before the change of folder.
    for (const archive of this.archives) this.touch(archive, this.creates ? "write" : "read", "argument", "");
    // What a program reads by itself matters only where it is another folder than the one in force.
    const isElsewhere = knowledge.effect !== "reads" || this.change !== null || this.moved !== "";
    if (always !== undefined && isElsewhere && !this.lists) this.touchDefault(always, knowledge);
    if (this.changesHere) this.touchDefault(".", knowledge);
    const here = otherwise ?? (this.touchesHere ? "." : undefined);
    if (here !== undefined && !roles.some((role) => TOUCHING.has(role))) this.touchDefault(here, knowledge);
  }

  private touchDefault(path: string, knowledge: Knowledge): void {
    const reads = knowledge.effect === "reads" && this.change === null;
    const mode = this.change === "delete" ? "delete" : reads ? "read" : "write";
    this.accesses.push({ path: join(this.moved, path), mode, from: "default", raw: path });
    if (mode !== "read") this.finding.raise("writes", `changes files below \`${path}\``);
  }

  private applyRole(word: Word, role: Role, knowledge: Knowledge): void {
    switch (role) {
      case "word":
        return;
      case "read":
        this.touch(word, this.change ?? "read", "argument");
        return;
      case "run":
        this.touch(word, this.lists ? "read" : "run", "argument");
        return;
      case "edit":
      case "write":
      case "append":
      case "delete":
        this.touch(word, role, "argument");
        return;
      case "script":
        this.applyScript(word, knowledge);
        return;
      case "directory":
        this.moved = join(this.moved, word.value);
        return;
      case "variable":
        if (!/^[A-Za-z_]\w*$/.test(word.value ?? "") || isRiskyAssignment(word.value ?? "", null)) {
          this.finding.raise("unknown", `assigns \`${word.raw}\``);
        }
        return;
      case "format":
        if (!word.prefix.startsWith("+"))
          this.finding.raise("unknown", `the argument \`${word.raw}\` is not understood`);
        return;
      case "remote":
        if (/::/.test(word.prefix)) this.finding.raise("unknown", `\`${word.raw}\` names a program that talks for git`);
        return;
      case "alias": {
        const cut = word.prefix.indexOf("=");
        if (cut > 0) this.addText(tailOf(word, cut + 1), "candidate");
        return;
      }
      case "revision":
        this.touchRevision(word);
        return;
      case "pair":
        this.applyPair(word);
        return;
      case "assign": {
        const name = /^([A-Za-z_]\w*)\+?=/.exec(word.prefix)?.[1];
        if (name !== undefined) this.checkAssignment(name, word.value?.slice(word.value.indexOf("=") + 1) ?? null);
        else if (word.value === null) this.finding.raise("unknown", `\`${word.raw}\` may assign any variable`);
        return;
      }
      case "other":
        this.accessesKnown = false;
        if (!isStronger(knowledge.effect, "writes"))
          this.finding.raise("unknown", `the argument \`${word.raw}\` is not understood`);
        return;
      default:
        role satisfies never;
    }
  }

  /** `HEAD:.env` and what is spelled like a file. */
  private touchRevision(word: Word): void {
    const text = word.value ?? word.prefix;
    const path = /^[^:]*:(.+)$/s.exec(text)?.[1];
    if (path !== undefined) this.touch(tailOf(word, text.length - path.length), "read", "argument");
    else if (/^[./~]|\.\w{1,8}$/.test(text) && !text.includes("..")) this.touch(word, "read", "argument");
    else if (text.startsWith("../")) this.touch(word, "read", "argument");
  }

  /** `if=x` reads, `of=x` writes (`dd`). */
  private applyPair(word: Word): void {
    if (word.prefix.startsWith("if=")) this.touch(tailOf(word, 3), "read", "argument");
    else if (word.prefix.startsWith("of=")) this.touch(tailOf(word, 3), "write", "argument");
    else if (word.value === null) this.finding.raise("unknown", `\`${word.raw}\` is not static`);
  }

  private checkAssignment(name: string, value: string | null): void {
    if (isRiskyAssignment(name, value)) this.finding.raise("unknown", `\`${name}\` changes what programs run or load`);
  }

  private touch(word: Word, how: Access["mode"] | "edit", from: string, moved = this.moved): void {
    if (
      word.value === "-" ||
      (word.value !== null && /^\/dev\/(?:null|stdin|stdout|stderr|tty|zero|fd\/\d+)$/.test(word.value))
    )
      return;
    for (const mode of how === "edit" ? (["read", "write"] as const) : [how])
      this.accesses.push(accessOf(word, mode, from, moved));
    if (how === "run") this.finding.raise("runs-code", `runs \`${word.raw}\``);
    else if (how !== "read") this.finding.raise("writes", `${how === "delete" ? "deletes" : "writes"} \`${word.raw}\``);
  }
}

const TOUCHING: ReadonlySet<Role> = new Set(["read", "write", "append", "edit", "delete", "run"]);

const PRINTS_ENVIRONMENT = "prints the environment, secrets included";

const PLAIN_INNER = { assigns: [], certainty: "certain", lift: "reads" } as const;

const PLAIN_WORDS: Readonly<Record<PartEffect, string>> = {
  reads: "only reads",
  writes: "changes files",
  "runs-code": "runs code",
  network: "uses the network",
  unknown: "what it does is not known",
};

const MARK_WORDS = {
  writes: "writes",
  "runs-code": "runs code",
  network: "uses the network",
  unknown: "is not known to be harmless",
} as const;

/** `{}` becomes what `find` puts there: any name below the place it starts from, which never begins with `-`. */
function withFound(words: readonly Word[], read: ReadWords, knowledge: Knowledge): readonly Word[] {
  const start = knowledge.style === "long" ? startOf(read.operands) : null;
  return words.map((word) => {
    const at = word.value?.indexOf("{}") ?? -1;
    if (word.value === null || at < 0) return word;
    const lead = word.value.slice(0, at);
    if (start === null || word.value !== "{}")
      return { ...word, value: null, why: ["param"], prefix: lead, splits: false };
    return { ...word, raw: `${start}**`, value: null, why: ["glob"], prefix: start, splits: false };
  });
}

/** The one place that `find` starts from, with a slash; `null` when there are several, or it is not static. */
function startOf(operands: readonly Word[]): string | null {
  const [first, second] = operands;
  if (first === undefined) return "./";
  if (second !== undefined || first.value === null || !/^[\w./][\w./@%+,:-]*$/.test(first.value)) return null;
  return first.value.replace(/\/*$/, "/");
}
