/**
 * Collects the parts of a call: judges each simple command, then the commands it runs, and so on to a fixed depth. One
 * object a call; it owns the budget.
 */
import { commandsInCode } from "./code-strings.js";
import { join } from "./directory.js";
import { isRiskyAssignment } from "./environment.js";
import { Finding, isStronger } from "./finding.js";
import { type Inner, type Judgement, judge } from "./judge.js";
import { isSystemPath, normaliseCommand } from "./normalise.js";
import { optionTable } from "./option-table.js";
import { findProgram } from "./programs/index.js";
import { type Knowledge, runsCode } from "./programs/knowledge.js";
import { readWords } from "./read-words.js";
import type { ReasonCode } from "./reasons.js";
import type {
  Access,
  Assignment,
  PartEffect,
  Redirect,
  ShellContext,
  ShellPart,
  ShellReason,
  SimpleCommand,
  Word,
} from "./shell.js";
import { candidateCommands } from "./unwrap.js";

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
  /** Position of the word that holds the text, when nested. */
  readonly anchor: { readonly pos: number; readonly end: number } | null;
}

export interface CommandPlace extends Place {
  /** The same command as before, in another folder or turn of a loop. */
  readonly isRepeated: boolean;
  readonly pipeline: readonly string[];
  /** Commands whose output is this one's input. */
  readonly sources: readonly SimpleCommand[];
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
    const name = command.argv[0];
    const program = name?.value?.slice(name.value.lastIndexOf("/") + 1) ?? null;
    const words = command.argv.slice(1);
    const knowledge = program === null ? undefined : this.knowledgeOf(name?.value ?? "", program, place);
    const judged =
      name === undefined
        ? NOTHING
        : knowledge === undefined
          ? unknownProgram(words, program, place.certainty)
          : judge(words, knowledge);
    if (place.isRepeated && this.isKnown(command, judged, place)) return;
    const finding = new Finding();
    finding.raise(judged.effect, judged.effectReason);
    raiseForRedirects(finding, command.redirects);
    raiseForAssignments(finding, command.assigns, program);
    if (isStronger(place.lift, finding.effect)) finding.raise(place.lift, `runs inside \`${place.via.at(-1)}\``);
    const isTransparent = judged.transparent && judged.inner.every((inner) => inner.certainty === "certain");
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
      effect: finding.effect,
      effectReason: finding.why,
      normalised: normaliseCommand({ program, programPath, subcommand, flags, args, meaning: judged.meaning }),
      pipeline: place.pipeline,
      pos: place.anchor?.pos ?? command.pos,
      end: place.anchor?.end ?? command.end,
    });
    const pos = place.anchor?.pos ?? command.pos;
    this.keys.add(keyOf(command.argv, pos, place.cwd)).add(keyOf(command.argv, pos, ANYWHERE));
    this.addInner(command, judged, place, program ?? "");
    const other = program === null ? echoedName(name) : program.toLowerCase();
    if (other !== program && other !== null) this.addRenamed(command, place, other);
  }

  /** The row that may be trusted for this spelling: a file of the same name elsewhere is some other program. */
  private knowledgeOf(spelling: string, program: string, place: CommandPlace): Knowledge | undefined {
    if (spelling.includes("/") && !isSystemPath(spelling)) return LOCAL_PROGRAM;
    if (place.functions.includes(program)) return undefined;
    const known = findProgram(program);
    if (known !== undefined) return known;
    const declared = this.context.wrappers.find((wrapper) => wrapper.program === program);
    if (declared === undefined) return undefined;
    const options = declared.valueFlags.map((flag) => `${flag}=`).join(" ");
    return {
      effect: "reads",
      options,
      style: "posix",
      harmless: true,
      runs: { as: "argv", skip: declared.skip, transparent: true },
    };
  }

  /** Neither the folder nor the turn of a loop makes it another part. */
  private isKnown(command: SimpleCommand, judged: Judgement, place: CommandPlace): boolean {
    if (judged.inner.length > 0 || judged.codeFromStdin) return false;
    const isPlaceless =
      judged.accessesKnown &&
      judged.accesses.every(({ path }) => path?.startsWith("/")) &&
      command.redirects.every(({ target }) => target === null || target.prefix.startsWith("/"));
    return this.keys.has(keyOf(command.argv, place.anchor?.pos ?? command.pos, isPlaceless ? ANYWHERE : place.cwd));
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
      const next = { ...place, via, certainty, lift, cwd, depth: place.depth + 1 } as const;
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
    this.analyzeText(text, this, { ...place, certainty, anchor, redirects: command.redirects });
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

function keyOf(argv: readonly Word[], pos: number, cwd: string | null): string {
  return `${pos} ${cwd} ${argv.map((word) => word.value ?? `\0${word.raw}`).join(" ")}`;
}

const NOTHING: Judgement = {
  subcommand: "",
  flags: [],
  flagsKnown: true,
  args: [],
  accesses: [],
  accessesKnown: true,
  effect: "reads",
  effectReason: "runs no program",
  transparent: false,
  inner: [],
  moved: "",
  codeFromStdin: false,
  code: [],
  meaning: [],
};

const LOCAL_PROGRAM = runsCode("", "word*", { open: true, why: "runs a program that is a file of its own" });

function unknownProgram(words: readonly Word[], program: string | null, certainty: ShellPart["certainty"]): Judgement {
  const { flags, operands } = readWords(words, optionTable(""), "gnu");
  const why = program === null ? "which program runs is not known" : `the program \`${program}\` is not known`;
  const first = operands[0]?.value ?? "";
  const subcommand = operands[0] === words[0] && /^[a-z][a-z-]{1,20}$/.test(first) ? first : "";
  const args = subcommand === "" ? operands : operands.slice(1);
  // The words of a candidate are candidates already.
  const inner = certainty === "candidate" ? [] : candidateCommands(words);
  return {
    ...NOTHING,
    subcommand,
    flags,
    flagsKnown: false,
    args,
    accessesKnown: false,
    effect: "unknown",
    effectReason: why,
    inner,
  };
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

function raiseForRedirects(finding: Finding, redirects: readonly Redirect[]): void {
  for (const { effect, target } of redirects) {
    if (target === null || effect === "dup" || effect === "close" || effect === "data") continue;
    if (/^\/dev\/(?:tcp|udp)\//.test(target.prefix))
      finding.raise("unknown", `opens a connection to \`${target.raw}\``);
    else if (effect !== "read" && !/^\/dev\/(?:null|stdout|stderr|tty)$/.test(target.value ?? ""))
      finding.raise("writes", `writes \`${target.raw}\``);
  }
}

function raiseForAssignments(finding: Finding, assigns: readonly Assignment[], program: string | null): void {
  for (const { name, value } of assigns) {
    // `IFS= read -r line` splits that one line only.
    if (name === "IFS" && program === "read") continue;
    if (isRiskyAssignment(name, value)) finding.raise("unknown", `\`${name}\` changes what programs run or load`);
  }
}

/** Commands that variables hold for others to start: `PAGER`, `PROMPT_COMMAND`. */
function startedBy(assigns: readonly Assignment[]): string[] {
  const isCommand = ({ name, value }: Assignment): boolean =>
    isRiskyAssignment(name, value) && !/(?:PATH|HOME|IFS)$/i.test(name);
  return assigns.filter(isCommand).flatMap(({ value }) => (value !== null && /[A-Za-z]/.test(value) ? [value] : []));
}

/** Text that a shell reads as its script: a here-document, a here-string, or what `echo` sends. */
function scriptOnStdin(
  command: SimpleCommand,
  sources: readonly SimpleCommand[],
): { text: string; isSure: boolean } | null {
  const body = command.redirects.findLast((redirect) => redirect.body !== undefined)?.body;
  if (body !== undefined) return { text: body.text, isSure: !body.expands || !/[$`\\]/.test(body.text) };
  const [source] = sources;
  const sent = source === undefined ? null : textSentBy(source);
  return sent === null ? null : { text: sent, isSure: false };
}

function textSentBy(source: SimpleCommand): string | null {
  const [program, ...words] = source.argv;
  if (program?.value === "cat") return bodiesOf(source)[0] ?? null;
  if (program?.value !== "echo" && program?.value !== "printf") return null;
  return words
    .filter((word) => !/^-[neE]+$/.test(word.value ?? ""))
    .map((word) => (word.value ?? word.prefix).replaceAll("\\n", "\n"))
    .join(" ");
}

function bodiesOf(command: SimpleCommand): string[] {
  return command.redirects.flatMap((redirect) => (redirect.body === undefined ? [] : [redirect.body.text]));
}

function textInner(text: string, certainty: Inner["certainty"], { pos, end }: SimpleCommand): Inner {
  const word: Word = { raw: text, pos, end, value: text, why: [], prefix: text, quoted: true, splits: false };
  return { kind: "text", words: [word], assigns: [], certainty, lift: "reads" };
}
