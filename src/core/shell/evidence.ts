/**
 * What is known so far while the words of one program are read: effect, flags, paths, commands inside. Every way to add
 * to it only strengthens what was found.
 */
import { accessOf } from "./access.js";
import { checkAwk } from "./awk-script.js";
import { join } from "./directory.js";
import { isRiskyAssignment } from "./environment.js";
import { Finding } from "./finding.js";
import type { Inner } from "./judgement.js";
import type { Knowledge } from "./programs/knowledge.js";
import { checkQuery } from "./query-script.js";
import { isPipe } from "./read-words.js";
import { checkSed } from "./sed-script.js";
import type { Access, FlagUse, Word } from "./shell.js";
import { checkToolFlags } from "./tool-flags.js";

const CHECKS = { sed: checkSed, awk: checkAwk, query: checkQuery, "tool-flags": checkToolFlags } as const;
/** Code from elsewhere: an address, a package of a registry. */
const REMOTE = /^(?:[A-Za-z][\w+.-]*:\/\/|(?:npm|jsr|data|git|github|http|https):)/;
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;
const SINK = /^(?:-|\/dev\/(?:null|stdin|stdout|stderr|tty|zero|fd\/\d+))$/;

export class Evidence {
  readonly finding = new Finding();
  readonly flags: FlagUse[] = [];
  readonly accesses: Access[] = [];
  readonly inner: Inner[] = [];
  /** Source text in a language that is not shell. */
  readonly code: string[] = [];
  readonly archives: Word[] = [];
  flagsKnown = true;
  accessesKnown = true;
  /** An option said that the program only lists or checks. */
  lists = false;
  /** What an option makes of operands that are read otherwise. */
  change: "edit" | "delete" | null = null;
  creates = false;
  /** An option said that nothing is fetched. */
  isLocal = false;
  /** How much of what it reads a program looks at. */
  reach: Access["reach"] = undefined;
  touchesHere = false;
  changesHere = false;
  /** Folder the program goes to first (`git -C x`), relative to the one in force; `null` when not known. */
  moved: string | null = "";

  move(word: Word): void {
    this.moved = join(this.moved, word.value);
  }

  touch(word: Word, how: Access["mode"] | "edit", from = "argument", moved = this.moved): void {
    if (SINK.test(word.value ?? "") || (how !== "run" && isPipe(word))) {
      if (how === "run" && word.value !== "/dev/null")
        this.finding.raise("unknown", `\`${word.raw}\` runs what its standard input carries`);
      return;
    }
    if (how === "run" && REMOTE.test(word.prefix)) this.finding.raise("unknown", `\`${word.raw}\` is fetched and run`);
    if (how === "read" && ADDRESS.test(word.prefix)) this.finding.raise("network", `\`${word.raw}\` may be fetched`);
    const modes = how === "edit" ? (["read", "write"] as const) : [how];
    for (const mode of modes) this.accesses.push(this.reaching(accessOf(word, mode, from, moved)));
    if (how === "run") this.finding.raise("runs-code", `runs \`${word.raw}\``);
    else if (how !== "read") this.finding.raise("writes", `${how === "delete" ? "deletes" : "writes"} \`${word.raw}\``);
  }

  /** The folder a word names gets what whole folders hold. */
  fillFolder(target: Word): void {
    this.accesses.push({ ...accessOf(target, "write", "argument", this.moved), reach: "tree" });
  }

  /** `source` is written into the folder `target`, under its own name. */
  arrive(target: Word, source: Word, isWhole: boolean): void {
    const folder = accessOf(target, "write", "argument", this.moved);
    const name = /([^/]+)\/*$/.exec(source.value ?? source.raw)?.[1] ?? ".";
    // `*` stands for no hidden name, and what a folder is known by is told by the folder.
    const isVisible = source.why.every((why) => why === "glob") && /^[\w*?]/.test(name);
    if (name === "." || name === ".." || (source.value === null && isVisible)) return;
    const path = folder.path === null || source.value === null ? null : join(folder.path, name);
    const access = { ...folder, path, raw: path === null ? `…/${source.raw}` : `${target.raw}/${name}` };
    this.accesses.push(isWhole ? { ...access, reach: "tree" } : access);
  }

  /** What the program touches without being told. */
  touchDefault(path: string, knowledge: Knowledge): void {
    const reads = knowledge.effect === "reads" && this.change === null;
    const mode = this.change === "delete" ? "delete" : reads ? "read" : "write";
    this.accesses.push(this.reaching({ path: join(this.moved, path), mode, from: "default", raw: path }));
    if (mode !== "read") this.finding.raise("writes", `changes files below \`${path}\``);
  }

  private reaching(access: Access): Access {
    return this.reach === undefined || access.mode !== "read" ? access : { ...access, reach: this.reach };
  }

  addText(word: Word, certainty: Inner["certainty"]): void {
    this.inner.push({ kind: "text", words: [word], assigns: [], certainty, lift: "reads" });
  }

  addScript(word: Word, knowledge: Knowledge): void {
    if (knowledge.interpreter) this.code.push(word.value ?? word.prefix);
    if (knowledge.check === undefined) return;
    // What a query could do at worst is to print, so what is written of it is enough.
    const script = word.value ?? (knowledge.check === "query" ? word.raw : null);
    if (script === null) {
      this.finding.raise("unknown", "the script is not static");
      return;
    }
    const found = CHECKS[knowledge.check](script);
    if (found.effect !== "reads") this.finding.raise(found.effect, found.why);
  }

  checkAssignment(name: string, value: string | null): void {
    if (isRiskyAssignment(name, value)) this.finding.raise("unknown", `\`${name}\` changes what programs run or load`);
  }
}
