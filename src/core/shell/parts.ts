/**
 * Collects the parts of a call: judges each simple command, then the commands it runs, and so on to a fixed depth. One
 * object a call; it owns the budget.
 */
import { commandsInCode } from "./code-strings.js";
import { join } from "./directory.js";
import { isRiskyAssignment } from "./environment.js";
import { Finding, isStronger } from "./finding.js";
import { judge } from "./judge.js";
import { type Inner, type Judgement, NOTHING_JUDGED } from "./judgement.js";
import { isSystemPath, normaliseCommand } from "./normalise.js";
import { findProgram } from "./programs/index.js";
import type { ReasonCode } from "./reasons.js";
import type {
  Access,
  PartEffect,
  Redirect,
  ShellContext,
  ShellPart,
  ShellReason,
  SimpleCommand,
  Word,
} from "./shell.js";
import { bodiesOf, scriptOnStdin } from "./stdin-script.js";
import { raiseForAssignments, raiseForRedirects, startedBy } from "./surroundings.js";
import { functionCall, installedProgram, localProgram, unknownProgram } from "./unknown-program.js";
import { declaredWrapper } from "./unwrap.js";

/** Where a text or command was found. */
export interface Place {
  readonly via: readonly string[];
  readonly certainty: ShellPart["certainty"];
  readonly depth: number;
  /** The least effect here: inside `ssh` nothing only reads. */
  readonly lift: PartEffect;
  /** Redirects of the wrapper, in force for what it runs. */
  readonly redirects: readonly Redirect[];
  readonly cwd: string | null;
  /** Functions that the call defines: their names hide programs. */
  readonly functions: readonly string[];
  /** Those of them that the names here certainly mean. */
  readonly settled: readonly string[];
  /** Position of the word that holds the text, when nested. */
  readonly anchor: { readonly pos: number; readonly end: number } | null;
}

export interface CommandPlace extends Place {
  /** The same command as before, in another folder or turn of a loop. */
  readonly isRepeated: boolean;
  readonly pipeline: readonly string[];
  /** Commands whose output is this one's input. */
  readonly sources: readonly SimpleCommand[];
  /** Where the names lie that its input carries, `null` when that is not known. */
  readonly listed: readonly string[] | null;
}

type AnalyzeText = (text: string, parts: Parts, place: Place) => void;

const MOST_PARTS = 200;
const DEEPEST = 5;
const MOST_NESTED = 60;

export class Parts {
  readonly found: ShellPart[] = [];
  readonly reasons: ShellReason[] = [];
  private nested = 0;
  private readonly candidateTexts = new Set<string>();
  /** What was added, by place, folder and words. */
  private readonly keys = new Set<string>();

  constructor(
    readonly context: ShellContext,
    private readonly analyzeText: AnalyzeText,
  ) {}

  get isFull(): boolean {
    return this.found.length >= MOST_PARTS;
  }

  refuse(code: string, pos: number): void {
    if (!this.reasons.some((each) => each.code === code)) this.reasons.push({ code, pos });
  }

  add(command: SimpleCommand, place: CommandPlace): void {
    if (this.isFull) {
      this.refuse("too-many-commands" satisfies ReasonCode, command.pos);
      return;
    }
    const [name] = command.argv;
    const program = name?.value?.slice(name.value.lastIndexOf("/") + 1) ?? null;
    const judged = name === undefined ? NOTHING_JUDGED : this.judgeWords(command.argv, program, place);
    if (place.isRepeated && this.isKnown(command, judged, place)) return;
    const finding = new Finding();
    finding.raise(judged.effect, judged.effectReason);
    raiseForRedirects(finding, command.redirects);
    if (isStronger(place.lift, finding.effect)) finding.raise(place.lift, `runs inside \`${place.via.at(-1)}\``);
    const bare = finding.effect;
    raiseForAssignments(finding, command.assigns, program);
    const isTransparent =
      judged.callsFunction === true ||
      (judged.transparent && judged.inner.every((inner) => inner.certainty === "certain"));
    const programPath = name?.value?.includes("/") ? name.value : null;
    const { subcommand, flags, args } = judged;
    this.found.push({
      argv: command.argv,
      assigns: command.assigns,
      redirects: command.redirects,
      context: command.context,
      via: place.via,
      certainty: place.certainty,
      transparent: isTransparent && !command.assigns.some(({ name, value }) => isRiskyAssignment(name, value)),
      program,
      programPath,
      subcommand,
      flags,
      flagsKnown: judged.flagsKnown,
      args,
      accesses: [...judged.accesses, ...programAccess(programPath, name)],
      accessesKnown: judged.accessesKnown && isLocal(place.lift),
      cwd: place.cwd,
      ...(judged.obeys === undefined ? {} : { obeys: judged.obeys }),
      ...(judged.fetches === undefined ? {} : { fetches: judged.fetches }),
      ...(judged.tasks === undefined ? {} : { tasks: judged.tasks }),
      effect: finding.effect,
      ...(bare === finding.effect ? {} : { bare }),
      effectReason: finding.why,
      code: judged.codeFromStdin || isInterpreter(program ?? "") ? bodiesOf(command) : [],
      normalised: normaliseCommand({ program, programPath, subcommand, flags, args, meaning: judged.meaning }),
      pipeline: place.pipeline,
      pos: place.anchor?.pos ?? command.pos,
      end: place.anchor?.end ?? command.end,
    });
    const key = keyOf(command.argv, place.anchor?.pos ?? command.pos);
    this.keys.add(`${place.cwd} ${key}`).add(`${ANYWHERE} ${key}`);
    this.addInner(command, judged, place, program ?? "");
    const other = program === null ? echoedName(name) : program.toLowerCase();
    if (other !== program && other !== null) this.addRenamed(command, place, other);
  }

  /** By the row that may be trusted for this spelling: a file of the same name elsewhere is some other program. */
  private judgeWords([name, ...words]: readonly Word[], program: string | null, place: CommandPlace): Judgement {
    const isHidden = program === null || place.functions.includes(program);
    const spelling = name?.value ?? "";
    if (program !== null && place.settled.includes(spelling)) return functionCall(words, program, place.certainty);
    if (program !== null && spelling.includes("/") && !isSystemPath(spelling)) {
      const tool = /^(?:\.\/)?node_modules\/\.bin\/([\w.-]+)$/.exec(spelling)?.[1];
      if (tool !== undefined && name !== undefined) return installedProgram(name, tool, words, place.certainty);
      const wrapper = place.certainty === "certain" ? findProgram(spelling) : undefined;
      return wrapper === undefined ? localProgram(spelling, words, place.certainty) : judge(words, wrapper);
    }
    const declared = this.context.wrappers.find((wrapper) => wrapper.program === program);
    const knowledge = isHidden ? undefined : (findProgram(program) ?? (declared && declaredWrapper(declared)));
    return knowledge === undefined
      ? unknownProgram(words, program, place.certainty)
      : judge(words, knowledge, place.listed);
  }

  /** Neither the folder nor the turn of a loop makes it another part. */
  private isKnown(command: SimpleCommand, judged: Judgement, place: CommandPlace): boolean {
    if (judged.inner.length > 0 || judged.codeFromStdin) return false;
    const isPlaceless =
      judged.accessesKnown &&
      judged.accesses.every(({ path }) => path?.startsWith("/")) &&
      command.redirects.every(({ target }) => target === null || target.prefix.startsWith("/"));
    const key = keyOf(command.argv, place.anchor?.pos ?? command.pos);
    return this.keys.has(`${isPlaceless ? ANYWHERE : place.cwd} ${key}`);
  }

  private addInner(command: SimpleCommand, judged: Judgement, place: CommandPlace, program: string): void {
    const via = [...place.via, program];
    const stdin = judged.codeFromStdin ? scriptOnStdin(command, place.sources) : null;
    if (judged.codeFromStdin && !stdin?.isSure && place.certainty === "certain")
      this.refuse("hidden-script" satisfies ReasonCode, command.pos);
    const code = judged.code.length > 0 || isInterpreter(program) ? [...judged.code, ...bodiesOf(command)] : [];
    const nestedTexts: Inner[] = code
      .flatMap((each) => commandsInCode(each, program))
      .map((text) => textInner(text, "candidate", command));
    nestedTexts.push(...startedBy(command.assigns).map((text) => textInner(text, "candidate", command)));
    if (stdin !== null) nestedTexts.push(textInner(stdin.text, stdin.isSure ? "certain" : "candidate", command));
    for (const inner of [...judged.inner, ...nestedTexts]) {
      const isHidden = inner.kind === "text" && inner.words.some((word) => word.value === null);
      if (isHidden && place.certainty === "certain") this.refuse("dynamic-script" satisfies ReasonCode, command.pos);
      if (place.depth >= DEEPEST) {
        this.refuse("too-deep" satisfies ReasonCode, command.pos);
        return;
      }
      const certainty = place.certainty === "candidate" ? "candidate" : inner.certainty;
      const lift = isStronger(inner.lift, place.lift) ? inner.lift : place.lift;
      const cwd = judged.moved === "" ? place.cwd : join(place.cwd, judged.moved);
      const next = { ...place, via, certainty, lift, cwd, settled: [], depth: place.depth + 1 } as const;
      if (inner.kind === "argv") this.addArgv(command, inner, next);
      else this.addText(command, inner, next);
    }
  }

  private addArgv(command: SimpleCommand, inner: Inner, place: CommandPlace): void {
    const [first] = inner.words;
    if (first === undefined) return;
    this.add({ ...command, argv: inner.words, assigns: [...command.assigns, ...inner.assigns], pos: first.pos }, place);
  }

  private addText(command: SimpleCommand, inner: Inner, place: CommandPlace): void {
    const [first] = inner.words;
    if (first === undefined) return;
    const isStatic = inner.words.every((word) => word.value !== null);
    const text = inner.words.map((word) => word.value ?? word.prefix).join(" ");
    if (place.certainty === "candidate") {
      if (this.candidateTexts.has(text)) return;
      this.candidateTexts.add(text);
    }
    if (++this.nested > MOST_NESTED) {
      this.refuse("budget" satisfies ReasonCode, first.pos);
      return;
    }
    if (this.isFull) return;
    const certainty = isStatic ? place.certainty : "candidate";
    const anchor = place.anchor ?? { pos: first.pos, end: inner.words.at(-1)?.end ?? first.end };
    const redirects = command.redirects
      .filter(({ effect }) => effect !== "data")
      .map((each) => ({ ...each, inherited: true }));
    this.analyzeText(text, this, { ...place, certainty, anchor, redirects });
  }

  /** The same words under the name that may be meant: `RM` where the file system ignores case, `$(echo rm)`. */
  private addRenamed(command: SimpleCommand, place: CommandPlace, program: string): void {
    const [name, ...rest] = command.argv;
    if (name === undefined || place.depth >= DEEPEST) return;
    const renamed = { ...name, value: program, prefix: program, why: [], splits: false };
    this.add({ ...command, argv: [renamed, ...rest] }, { ...place, certainty: "candidate", depth: place.depth + 1 });
  }
}

/** `$(echo rm)` and `` `printf rm` ``. */
function echoedName(name: Word | undefined): string | null {
  return (
    /^"?(?:\$\(|`)\s*(?:echo|printf)\s+["']?([\w./-]+)["']?\s*(?:\)|`)"?$/.exec(name?.raw ?? "")?.[1]?.toLowerCase() ??
    null
  );
}

/** Stands for every folder, and is the name of none. */
const ANYWHERE = "\0";

function keyOf(argv: readonly Word[], pos: number): string {
  let words = "";
  for (const { value, raw } of argv) words += ` ${value ?? `\0${raw}`}`;
  return `${pos}${words}`;
}

/** The program file itself is read and run. */
function programAccess(path: string | null, name: Word | undefined): readonly Access[] {
  if (path === null || name === undefined || isSystemPath(path)) return [];
  return [{ path, mode: "run", from: "argument", raw: name.raw }];
}

/** Paths on another machine or in a container say nothing about this one. */
function isLocal(lift: PartEffect): boolean {
  return lift === "reads";
}

function isInterpreter(program: string): boolean {
  return findProgram(program)?.interpreter === true;
}

function textInner(text: string, certainty: Inner["certainty"], { pos, end }: SimpleCommand): Inner {
  const word: Word = { raw: text, pos, end, value: text, why: [], prefix: text, quoted: true, splits: false };
  return { kind: "text", words: [word], assigns: [], certainty, lift: "reads" };
}
