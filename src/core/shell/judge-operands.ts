/** What the operands of a program say about its effect, its paths and the commands it runs. */
import { isRiskyAssignment } from "./environment.js";
import type { Evidence } from "./evidence.js";
import { isStronger } from "./finding.js";
import type { Knowledge, Role } from "./programs/knowledge.js";
import { type ReadWords, tailOf } from "./read-words.js";
import { rolesOf } from "./roles.js";
import type { Access, Word } from "./shell.js";

const TOUCHING: ReadonlySet<Role> = new Set(["read", "write", "append", "edit", "delete", "run"]);
const MOVING: ReadonlySet<Role> = new Set(["read", "delete"]);

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
    if (word !== undefined) applyRole(evidence, word, index < read.beforeEnd ? role : afterEnd(role), knowledge);
  }
  if (knowledge.into !== undefined) arrive(evidence, operands, roles, knowledge.into, read);
  // An archive is opened before the change of folder.
  for (const archive of evidence.archives) evidence.touch(archive, evidence.creates ? "write" : "read", "argument", "");
  // What a program reads by itself matters only where it is another folder than the one in force.
  const isElsewhere = knowledge.effect !== "reads" || evidence.change !== null || evidence.moved !== "";
  if (always !== undefined && isElsewhere && !evidence.lists) evidence.touchDefault(always, knowledge);
  if (evidence.changesHere) evidence.touchDefault(".", knowledge);
  const here = otherwise ?? (evidence.touchesHere ? "." : undefined);
  if (here !== undefined && !roles.some((role) => TOUCHING.has(role))) evidence.touchDefault(here, knowledge);
}

/** What a word is that `--` keeps from being anything else. */
function afterEnd(role: Role): Role {
  return role === "revision" ? "read" : role === "toggle" ? "word" : role;
}

function reachOf({ looks }: Knowledge, { flags }: ReadWords): Access["reach"] {
  if (looks === undefined) return undefined;
  if (looks === "names") return "name";
  const wanted = looks.below.split(" ");
  const isDeep = looks.below === "*" || flags.some(({ names }) => names.some((name) => wanted.includes(name)));
  return isDeep ? "tree" : undefined;
}

/** `cp x/.npmrc .` writes `./.npmrc` where the target is a folder, which nobody can tell from the words. */
function arrive(
  evidence: Evidence,
  operands: readonly Word[],
  roles: readonly Role[],
  into: string,
  { uses, flags }: ReadWords,
): void {
  const named = uses.find(({ option }) => option.names.includes("-t"))?.value ?? null;
  const target = named ?? operands[roles.lastIndexOf("write")] ?? null;
  if (target === null) return;
  const wanted = into.split(" ");
  const isWhole = into === "*" || flags.some(({ names }) => names.some((name) => wanted.includes(name)));
  if (isWhole) evidence.fillFolder(target);
  for (const [index, word] of operands.entries()) {
    const role = roles[index];
    if (role !== undefined && MOVING.has(role)) evidence.arrive(target, word, isWhole);
  }
}

function applyRole(evidence: Evidence, word: Word, role: Role, knowledge: Knowledge): void {
  if (TOUCHING.has(role) && word.prefix.startsWith("@")) readOptionsFrom(evidence, word, knowledge);
  switch (role) {
    case "word":
      return;
    case "read":
      evidence.touch(word, evidence.change ?? "read");
      return;
    case "run":
      if (knowledge.check === "tool-flags" && word.prefix.includes("@"))
        evidence.finding.raise("unknown", `\`${word.raw}\` is fetched from where it names`);
      evidence.touch(settingOf(word), evidence.lists ? "read" : "run");
      return;
    case "edit":
      evidence.touch(word, evidence.lists ? "read" : "edit");
      return;
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
      // `git diff --no-index`: every word is a path.
      if (evidence.reach === "tree") evidence.touch(word, "read");
      else touchRevision(evidence, word);
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
      // `PYTEST=reboot`: a build file may run what it holds.
      else if (/=[a-z]/.test(word.prefix)) evidence.addText(tailOf(word, word.prefix.indexOf("=") + 1), "candidate");
      return;
    case "name":
      if (!PLAIN_NAME.test(word.value ?? "/")) evidence.finding.raise("unknown", `\`${word.raw}\` is no plain name`);
      return;
    case "toggle":
      checkToggle(evidence, word);
      return;
    case "lint":
      if (!PLAIN_LINT.test(word.value ?? "$"))
        evidence.finding.raise("unknown", `\`${word.raw}\` is for another program`);
      return;
    case "forge":
      checkForge(evidence, word);
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
    case "filled":
      if (!PLAIN_FILLED.test(word.value ?? "$")) evidence.finding.raise("unknown", `\`${word.raw}\` may be run`);
      evidence.accessesKnown = false;
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

/** Of a package, manual page or formula: no address, no path, no file of code. */
const PLAIN_NAME = /^(?!.*\.rb$)(?:@[\w.-]+\/)?\w[\w.+-]*(?:@[\w.^~<>=*+-]*)?$/;

/** An address, or a repository with its host; the host of `gh` itself is where its user is known. */
const OTHER_FORGE =
  /^[a-z][\w+.-]*:\/\/(?!github\.com\/)|^[\w-]+(?:\.[\w-]+)+(?::\d+)?\/[^/]+\/[^/]+|^[\w.-]+@[\w.-]+:/i;

/** `Adapters.Path=/x`: what is set. */
function settingOf(word: Word): Word {
  const name = /^[A-Za-z][\w.]*=/.exec(word.prefix)?.[0] ?? "";
  return name === "" ? word : tailOf(word, name.length);
}

export function checkForge(evidence: Evidence, { value, prefix, raw }: Word): void {
  if (OTHER_FORGE.test(value ?? prefix)) evidence.finding.raise("unknown", `\`${raw}\` may be another forge`);
}

/** Text in which a shell would read nothing but one word. */
const PLAIN_FILLED = /^[\w.,:@%+=/-]*$/;

/** For `clippy` and `rustfmt`: which lints, and whether files are only checked. */
const PLAIN_LINT =
  /^(?:-[DWAF](?:\w[\w:-]*)?|\w[\w:-]*|--(?:check|all|quiet|verbose|files-with-diff)|-[lqv]|--edition=\d+|--color=\w+)$/;

/** `+e`, and names that change neither how text is read nor what is exported or remembered. */
const PLAIN_TOGGLE =
  /^(?:\+[euxvnfbmCE]+o?|\+o|errexit|nounset|pipefail|xtrace|verbose|noclobber|noglob|errtrace|noexec|monitor)$/;

/** An option of the shell (`set -o x`): some make words of a command into variables, or what was typed into commands. */
export function checkToggle(evidence: Evidence, { value, raw }: Word): void {
  if (!PLAIN_TOGGLE.test(value ?? "")) evidence.finding.raise("unknown", `\`${raw}\` changes how the shell reads`);
}

/** `tsc @x`: many programs read options from the file, and say what they could not read. */
function readOptionsFrom(evidence: Evidence, word: Word, { effect }: Knowledge): void {
  evidence.touch(tailOf(word, 1), "read");
  if (isStronger(effect, "writes")) evidence.finding.raise("unknown", `\`${word.raw}\` may hold options`);
}

/** A name or number; not a program to use instead, a list of words or shell text. */
const PLAIN_SETTING =
  /^(?!(?:SHELL|MAKE\w*|[A-Z]*(?:CC|CXX|CMD|EXEC|RUN|RUNNER|SH|TOOL|WRAPPER|PREFIX))=)\w+[:+?]?=[\w.:@%+,-]*$/;

/** `HEAD:.env`, `:0:.env`, `1,5:.env`, and what is spelled like a file. */
export function touchRevision(evidence: Evidence, word: Word): void {
  const text = word.value ?? word.prefix;
  for (let at = text.indexOf(":"); at >= 0 && at + 1 < text.length; at = text.indexOf(":", at + 1))
    evidence.touch(tailOf(word, at + 1), "read");
  if (text.includes(":")) return;
  if (SURE_PATH.test(text) || (/^\.|\.\w{1,8}$/.test(text) && !text.includes(".."))) evidence.touch(word, "read");
}

/** No name of a commit or branch begins so, and none has `..` for a segment: ranges have names around it. */
const SURE_PATH = /^(?:[/~]|\.\/)|(?:^|\/)\.\.(?:\/|$)/;

/** `if=x` reads, `of=x` writes (`dd`). */
function touchPair(evidence: Evidence, word: Word): void {
  if (word.prefix.startsWith("if=")) evidence.touch(tailOf(word, 3), "read");
  else if (word.prefix.startsWith("of=")) evidence.touch(tailOf(word, 3), "write");
  else if (word.value === null) evidence.finding.raise("unknown", `\`${word.raw}\` is not static`);
}
