/** What the operands of a program say about its effect, its paths and the commands it runs. */
import { isRiskyAssignment } from "./environment.js";
import type { Evidence } from "./evidence.js";
import { isStronger } from "./finding.js";
import type { Knowledge, Role } from "./programs/knowledge.js";
import { type ReadWords, tailOf } from "./read-words.js";
import { rolesOf } from "./roles.js";
import type { Access, Word } from "./shell.js";

const TOUCHING: ReadonlySet<Role> = new Set(["read", "write", "append", "edit", "delete", "run"]);

export function applyOperands(
  evidence: Evidence,
  operands: readonly Word[],
  knowledge: Knowledge,
  read: ReadWords,
): void {
  const without = knowledge.unless?.split(" ") ?? [];
  const isGiven = read.flags.some((flag) => flag.names.some((name) => without.includes(name)));
  evidence.reach = reachOf(knowledge, read);
  const { roles, otherwise, always } = rolesOf(knowledge.operands ?? "other*", operands, isGiven);
  for (const [index, role] of roles.entries()) {
    const word = operands[index];
    if (word !== undefined)
      applyRole(evidence, word, role === "revision" && index >= read.beforeEnd ? "read" : role, knowledge);
  }
  // An archive is opened before the change of folder.
  for (const archive of evidence.archives) evidence.touch(archive, evidence.creates ? "write" : "read", "argument", "");
  // What a program reads by itself matters only where it is another folder than the one in force.
  const isElsewhere = knowledge.effect !== "reads" || evidence.change !== null || evidence.moved !== "";
  if (always !== undefined && isElsewhere && !evidence.lists) evidence.touchDefault(always, knowledge);
  if (evidence.changesHere) evidence.touchDefault(".", knowledge);
  const here = otherwise ?? (evidence.touchesHere ? "." : undefined);
  if (here !== undefined && !roles.some((role) => TOUCHING.has(role))) evidence.touchDefault(here, knowledge);
}

function reachOf({ looks }: Knowledge, { flags }: ReadWords): Access["reach"] {
  if (looks === undefined) return undefined;
  if (looks === "names") return "name";
  const wanted = looks.below.split(" ");
  const isDeep = looks.below === "*" || flags.some(({ names }) => names.some((name) => wanted.includes(name)));
  return isDeep ? "tree" : undefined;
}

function applyRole(evidence: Evidence, word: Word, role: Role, knowledge: Knowledge): void {
  switch (role) {
    case "word":
      return;
    case "read":
      evidence.touch(word, evidence.change ?? "read");
      return;
    case "run":
      evidence.touch(word, evidence.lists ? "read" : "run");
      return;
    case "edit":
    case "write":
    case "append":
    case "delete":
      evidence.touch(word, role);
      return;
    case "script":
      evidence.addScript(word, knowledge);
      return;
    case "directory":
      evidence.move(word);
      return;
    case "variable":
      if (!/^[A-Za-z_]\w*$/.test(word.value ?? "") || isRiskyAssignment(word.value ?? "", null)) {
        evidence.finding.raise("unknown", `assigns \`${word.raw}\``);
      }
      return;
    case "format":
      if (!word.prefix.startsWith("+"))
        evidence.finding.raise("unknown", `the argument \`${word.raw}\` is not understood`);
      return;
    case "remote":
      if (/::/.test(word.prefix))
        evidence.finding.raise("unknown", `\`${word.raw}\` names a program that talks for git`);
      return;
    case "alias": {
      const cut = word.prefix.indexOf("=");
      if (cut > 0) evidence.addText(tailOf(word, cut + 1), "candidate");
      return;
    }
    case "revision":
      touchRevision(evidence, word);
      return;
    case "pair":
      touchPair(evidence, word);
      return;
    case "assign": {
      const name = /^([A-Za-z_]\w*)\+?=/.exec(word.prefix)?.[1];
      if (name !== undefined) evidence.checkAssignment(name, word.value?.slice(word.value.indexOf("=") + 1) ?? null);
      else if (word.value === null) evidence.finding.raise("unknown", `\`${word.raw}\` may assign any variable`);
      return;
    }
    case "setting":
      if (!PLAIN_SETTING.test(word.value ?? "$")) evidence.finding.raise("unknown", `\`${word.raw}\` may be run`);
      return;
    case "name":
      if (!/^@?[\w][\w.+-]*(?:\/[\w.+-]+)?(?:@[\w.^~<>=*+-]*)?$/.test(word.value ?? "/"))
        evidence.finding.raise("unknown", `\`${word.raw}\` is no plain name`);
      return;
    case "page":
      if (/^\+/.test(word.prefix) || word.value === null)
        evidence.finding.raise("unknown", `\`${word.raw}\` may be a command`);
      evidence.touch(word, "read");
      return;
    case "letters":
      // BSD's `e` shows the environment of every process.
      if (!/^(?:[aAcCfgHjlLmNnrsStTuUvwxX]+|\d+)$/.test(word.value ?? ""))
        evidence.finding.raise("unknown", `\`${word.raw}\` may show environments`);
      return;
    case "other":
      evidence.accessesKnown = false;
      if (!isStronger(knowledge.effect, "writes"))
        evidence.finding.raise("unknown", `the argument \`${word.raw}\` is not understood`);
      return;
    default:
      role satisfies never;
  }
}

/** A name or number; not a program to use instead, a list of words or shell text. */
const PLAIN_SETTING =
  /^(?!(?:SHELL|MAKE\w*|[A-Z]*(?:CC|CXX|CMD|EXEC|RUN|RUNNER|SH|TOOL|WRAPPER|PREFIX))=)\w+[:+?]?=[\w.:@%+,-]*$/;

/** `HEAD:.env` and what is spelled like a file. */
function touchRevision(evidence: Evidence, word: Word): void {
  const text = word.value ?? word.prefix;
  const path = /^[^:]*:(.+)$/s.exec(text)?.[1];
  if (path !== undefined) evidence.touch(tailOf(word, text.length - path.length), "read");
  else if (/^[./~]|\.\w{1,8}$/.test(text) && !text.includes("..")) evidence.touch(word, "read");
  else if (text.startsWith("../")) evidence.touch(word, "read");
}

/** `if=x` reads, `of=x` writes (`dd`). */
function touchPair(evidence: Evidence, word: Word): void {
  if (word.prefix.startsWith("if=")) evidence.touch(tailOf(word, 3), "read");
  else if (word.prefix.startsWith("of=")) evidence.touch(tailOf(word, 3), "write");
  else if (word.value === null) evidence.finding.raise("unknown", `\`${word.raw}\` is not static`);
}
