/** What the options of a program say about its effect, its paths and the commands it runs. */
import type { Evidence } from "./evidence.js";
import { checkForge, checkToggle, touchRevision } from "./judge-operands.js";
import { foundBy, startsOf, wordBelow } from "./listed-files.js";
import type { Option } from "./option-table.js";
import type { Knowledge } from "./programs/knowledge.js";
import { type OptionUse, type ReadWords, tailOf } from "./read-words.js";
import type { Word } from "./shell.js";

export function applyOption(
  evidence: Evidence,
  { option, value, second, inner, spelling }: OptionUse,
  knowledge: Knowledge,
  read: ReadWords,
): void {
  const from = `flag ${spelling}`;
  if (option.value === "inner") {
    evidence.inner.push({ kind: "argv", words: withFound(inner, read, knowledge), ...PLAIN_INNER });
  } else if (value !== null) {
    switch (option.value) {
      case "read":
      case "write":
      case "append":
        evidence.touch(value, option.value, from);
        break;
      case "directory":
        evidence.move(value);
        break;
      case "form": {
        const at = /(?:^|=)[@<]/.exec(value.prefix);
        if (at !== null) evidence.touch(tailOf(value, at.index + at[0].length), "read", from);
        break;
      }
      case "archive":
        evidence.archives.push(value);
        if (value.prefix.includes(":")) evidence.finding.raise("unknown", `\`${value.raw}\` may be on another machine`);
        break;
      case "program":
        evidence.addText(value, "candidate");
        evidence.finding.raise("unknown", `\`${spelling}\` names a program to run`);
        break;
      case "text":
        evidence.addText(value, "certain");
        break;
      case "script":
        evidence.addScript(value, knowledge);
        break;
      case "two-write":
        evidence.touch(value, "write", from);
        break;
      case "two-read":
        if (second !== null) evidence.touch(second, "read", from);
        break;
      case "run":
        if (/^[{[]/.test(value.prefix)) evidence.finding.raise("unknown", `\`${value.raw}\` may name code to run`);
        else evidence.touch(value, "run", from);
        break;
      case "plain":
        if (value.value === null || /[/\\]|^~|\.\./.test(value.value))
          evidence.finding.raise("unknown", `\`${value.raw}\` may name code to run`);
        break;
      case "revision":
        touchRevision(evidence, value);
        break;
      case "forge":
        checkForge(evidence, value);
        break;
      case "toggle":
        checkToggle(evidence, value);
        break;
      case "suffix":
        if (value.value === null || /[/*]/.test(value.value))
          evidence.finding.raise("unknown", `\`${spelling}\` keeps a copy elsewhere`);
        break;
      case "module":
        evidence.inner.push({ kind: "argv", words: [value, ...inner], ...PLAIN_INNER, lift: "runs-code" });
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
  applyMark(evidence, option, spelling);
}

function applyMark(evidence: Evidence, option: Option, spelling: string): void {
  switch (option.mark) {
    case "writes":
    case "runs-code":
    case "network":
    case "unknown":
      evidence.finding.raise(option.mark, `\`${spelling}\` ${MARK_WORDS[option.mark]}`);
      break;
    case "reads":
      evidence.lists = true;
      break;
    case "edits":
      evidence.change = "edit";
      break;
    case "deletes":
      evidence.change = "delete";
      break;
    case "here":
      evidence.touchesHere = true;
      break;
    case "creates":
      evidence.creates = true;
      break;
    case "changes-here":
      evidence.changesHere = true;
      break;
    case "local":
      evidence.isLocal = true;
      break;
    case "none":
      break;
    default:
      option.mark satisfies never;
  }
}

const PLAIN_INNER = { assigns: [], certainty: "certain", lift: "reads" } as const;

const MARK_WORDS = {
  writes: "writes",
  "runs-code": "runs code",
  network: "uses the network",
  unknown: "is not known to be harmless",
} as const;

/** `{}` becomes what `find` puts there: any name below the places it starts from, which never begins with `-`. */
function withFound(given: readonly Word[], read: ReadWords, knowledge: Knowledge): readonly Word[] {
  // `cmake -E` runs a command too, and finds nothing.
  if (knowledge.looks !== "names") return given;
  const isFind = knowledge.style === "long";
  const starts = isFind ? foundBy(read) : startsOf(read.operands.slice(1));
  // `fd -x cat`: what it finds follows where no word says where it goes.
  const [last] = given.slice(-1);
  const follows = !isFind && last !== undefined && !given.some(({ value }) => value === null || /\{.*\}/.test(value));
  const words = follows ? [...given, { ...last, value: "{}" }] : given;
  return words.flatMap((word) => {
    const at = word.value?.indexOf("{}") ?? -1;
    if (word.value === null || at < 0) return [word];
    const lead = word.value.slice(0, at);
    if (starts === null || word.value !== "{}")
      return [{ ...word, value: null, why: ["param"], prefix: lead, splits: false }];
    return starts.map((start) => wordBelow(start, word));
  });
}
