/**
 * One program's words judged by its row: effect with its reason, flags, arguments, paths, and the commands it runs.
 * INVARIANT: an option, subcommand or operand that no row explains raises the effect to unknown, unless the row says
 * that no option can do harm, or the program runs arbitrary code anyway.
 */

import { Evidence } from "./evidence.js";
import { isStronger } from "./finding.js";
import { applyOperands } from "./judge-operands.js";
import { applyOption } from "./judge-options.js";
import { type Judgement, NOTHING_JUDGED } from "./judgement.js";
import { isNoOther, type OptionTable, optionTable, spreadOptions } from "./option-table.js";
import type { Knowledge } from "./programs/knowledge.js";
import { type ReadWords, readWords } from "./read-words.js";
import type { PartEffect, Word } from "./shell.js";
import { innerCommands } from "./unwrap.js";

/**
 * The words after the program's name. Paths of accesses are relative to the folder the shell is in. `listed`: where the
 * names lie that standard input carries (`find … | xargs`), `null` when that is not known.
 */
export function judge(
  words: readonly Word[],
  knowledge: Knowledge,
  listed: readonly string[] | null = null,
): Judgement {
  const only = words.length === 1 ? words[0]?.value : undefined;
  // What runs the project's code may do so even to tell its version (`yarn`).
  if (knowledge.effect !== "runs-code" && (only === "--version" || only === "--help")) return onlyInforms(only);
  return new Judge(listed, words.length === 1).judge(words, knowledge);
}

function onlyInforms(flag: string): Judgement {
  return { ...NOTHING_JUDGED, flags: [{ name: flag, names: [flag], value: null }], effectReason: "only informs" };
}

class Judge {
  private readonly evidence = new Evidence();
  private readonly path: string[] = [];
  private tasks: readonly string[] = [];
  private obeys: Knowledge["obeys"];
  private subcommandKnown = true;

  constructor(
    private readonly listed: readonly string[] | null,
    private readonly isAlone: boolean,
  ) {}

  /** One option and nothing else, which only lists: whatever else the program may be told. */
  private get onlyLists(): boolean {
    return this.isAlone && this.evidence.lists;
  }

  judge(words: readonly Word[], top: Knowledge): Judgement {
    let knowledge = top;
    let rest = words;
    let inherited = "";
    for (;;) {
      if (knowledge.obeys !== undefined) this.obeys = knowledge.obeys;
      const options = knowledge.options ?? "";
      const table = optionTable(options, inherited);
      const style = knowledge.style ?? "gnu";
      const read = readWords(rest, table, style, style === "posix" || knowledge.subcommands !== undefined);
      const [name] = read.operands;
      this.applyOptions(read, knowledge);
      if (knowledge.subcommands === undefined || name === undefined) return this.finish(read, knowledge, table);
      this.applyUnread(read, knowledge, table, false);
      const next = this.descend(name, knowledge.subcommands);
      if (next === undefined && this.evidence.lists) return this.finishListing(read, knowledge, table);
      if (next === undefined) return this.unknownSubcommand(name, read, knowledge);
      // INVARIANT: an option that only lists does so for its own level: `cargo --list`, not `cargo install --list`.
      this.evidence.lists = false;
      if (knowledge.spreads) inherited = spreadOptions(table, options, inherited);
      knowledge = next;
      rest = read.operands.slice(1);
    }
  }

  private applyOptions(read: ReadWords, knowledge: Knowledge): void {
    for (const use of read.uses) applyOption(this.evidence, use, knowledge, read);
    this.evidence.flags.push(...read.flags);
  }

  private descend(name: Word, rows: Readonly<Record<string, Knowledge>>): Knowledge | undefined {
    if (name.value === null) return undefined;
    const row = Object.hasOwn(rows, name.value) ? rows[name.value] : this.evidence.lists ? undefined : rows["*"];
    if (row !== undefined) this.path.push(name.value);
    return row;
  }

  private unknownSubcommand(name: Word, read: ReadWords, knowledge: Knowledge): Judgement {
    if (name.value === null) this.subcommandKnown = false;
    else this.path.push(name.value);
    const why = name.value === null ? "the subcommand is not static" : `the subcommand \`${name.value}\` is not known`;
    this.evidence.finding.raise(isStronger(knowledge.effect, "runs-code") ? knowledge.effect : "unknown", why);
    this.evidence.flagsKnown = false;
    this.evidence.accessesKnown = false;
    const unread = readWords(read.operands.slice(1), optionTable(""), "gnu");
    this.evidence.flags.push(...unread.flags);
    return this.result(unread.operands, knowledge, false);
  }

  /** `git config --get x`: no subcommand; options may follow the operand. */
  private finishListing({ operands }: ReadWords, knowledge: Knowledge, table: OptionTable): Judgement {
    const read = readWords(operands, table, "gnu");
    this.applyOptions(read, knowledge);
    return this.finish(read, knowledge, table);
  }

  private finish(read: ReadWords, knowledge: Knowledge, table: OptionTable): Judgement {
    let operands = read.operands;
    const hasOperands = operands.length > 0 && !this.evidence.lists;
    const base = this.baseOf(knowledge, hasOperands);
    this.applyUnread(read, knowledge, table, true);
    if (knowledge.names !== undefined) operands = this.takeNames(operands, knowledge.names);
    if (knowledge.runs === undefined) applyOperands(this.evidence, operands, knowledge, read);
    this.evidence.finding.raise(this.evidence.lists ? "reads" : base, knowledge.why ?? PLAIN_WORDS[base]);
    if (knowledge.runs !== undefined) return this.finishWrapper(read, knowledge, operands);
    return this.result(operands, knowledge, false);
  }

  private baseOf({ effect, withOperands, fetches }: Knowledge, hasOperands: boolean): PartEffect {
    const base = hasOperands ? (withOperands ?? effect) : effect;
    return fetches && this.evidence.isLocal ? "runs-code" : base;
  }

  /** The program that `npx` runs, where it is one of a plain name. */
  private fetched({ fetches }: Knowledge): Pick<Judgement, "fetches"> {
    const [inner] = this.evidence.inner;
    const name = inner?.kind === "argv" && inner.certainty === "certain" ? (inner.words[0]?.value ?? "") : "";
    return fetches && /^[a-z][\w.-]*$/.test(name) ? { fetches: name } : {};
  }

  private finishWrapper(read: ReadWords, knowledge: Knowledge, operands: readonly Word[]): Judgement {
    if (this.evidence.lists && knowledge.runs?.as !== "code") return this.result(operands, knowledge, false);
    const found = innerCommands(read, knowledge, operands, this.listed);
    for (const { name, value } of found.assigns) this.evidence.checkAssignment(name, value);
    this.evidence.inner.push(...found.inner);
    for (const [effect, why] of found.raises) this.evidence.finding.raise(effect, why);
    if (found.script !== null && !this.evidence.lists) this.evidence.touch(found.script, "run");
    if (found.script !== null && this.evidence.lists) this.evidence.touch(found.script, "read");
    const transparent =
      knowledge.runs?.transparent === true &&
      this.evidence.finding.effect === "reads" &&
      this.evidence.accesses.length === 0 &&
      this.evidence.inner.length > 0;
    if (knowledge.runs?.assigns && this.evidence.inner.length === 0)
      this.evidence.finding.raise("unknown", PRINTS_ENVIRONMENT);
    const isStdin = found.codeFromStdin && !this.evidence.lists;
    if (isStdin) this.evidence.finding.raise("unknown", "runs what its standard input carries");
    return { ...this.result(found.args, knowledge, isStdin), ...this.fetched(knowledge), transparent };
  }

  private result(args: readonly Word[], knowledge: Knowledge, codeFromStdin: boolean): Judgement {
    const wanted = knowledge.meaning?.split(" ") ?? [];
    return {
      subcommand: this.subcommandKnown ? this.path.join(" ") : null,
      flags: this.evidence.flags,
      flagsKnown: this.evidence.flagsKnown,
      args,
      accesses: this.evidence.accesses,
      accessesKnown: this.evidence.accessesKnown && (knowledge.open !== true || this.onlyLists),
      effect: this.evidence.finding.effect,
      effectReason: this.evidence.finding.why,
      ...this.obeyed(knowledge),
      ...(this.tasks.length > 1 ? { tasks: this.tasks } : {}),
      transparent: false,
      inner: this.evidence.inner,
      moved: this.evidence.moved,
      codeFromStdin,
      code: this.evidence.code,
      meaning: wanted.filter((spelling) => this.evidence.flags.some((flag) => flag.names.includes(spelling))),
    };
  }

  /** An interpreter that only tells its version looks at nothing here. */
  private obeyed({ interpreter }: Knowledge): Pick<Judgement, "obeys"> {
    if (this.obeys === undefined || this.obeys === "nothing" || (this.evidence.lists && interpreter)) return {};
    return { obeys: { folder: this.evidence.moved, what: this.obeys } };
  }

  private takeNames(operands: readonly Word[], which: "first" | "all"): readonly Word[] {
    const isName = (word: Word): boolean => !/^\w+=/.test(word.prefix);
    const names = which === "first" ? operands.slice(0, 1) : operands.filter(isName);
    if (names.some((word) => word.value === null)) this.subcommandKnown = false;
    const spelled = names.map((word) => word.value ?? "");
    this.path.push(...spelled);
    if (which === "all") this.tasks = spelled;
    return operands.filter((word) => !names.includes(word));
  }

  private applyUnread(read: ReadWords, knowledge: Knowledge, table: OptionTable, isLast: boolean): void {
    const { unlisted, hidden } = read;
    if (unlisted.length === 0 && (hidden === null || !isLast)) return;
    const isSpelled = knowledge.open !== true && hidden === null && unlisted.every((one) => isNoOther(table, one));
    if (!isSpelled) this.evidence.flagsKnown = false;
    const isTame = knowledge.harmless === true && unlisted.length === 0 && !/=[<>*&@]/.test(knowledge.options ?? "");
    // A name that begins with a dash is an option, and no option here names a file.
    if (!isTame || hidden?.why.some((why) => why !== "glob")) this.evidence.accessesKnown = false;
    if (knowledge.harmless || knowledge.open) return;
    if (unlisted.length > 0) this.evidence.finding.raise("unknown", `the option \`${unlisted[0]}\` is not known`);
    else if (hidden !== null) this.evidence.finding.raise("unknown", `\`${hidden.raw}\` may be an option`);
  }
}

const PRINTS_ENVIRONMENT = "prints the environment, secrets included";

const PLAIN_WORDS: Readonly<Record<PartEffect, string>> = {
  reads: "only reads",
  writes: "changes files",
  "runs-code": "runs code",
  network: "uses the network",
  unknown: "what it does is not known",
};
