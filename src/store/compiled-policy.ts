/**
 * The compiled policy as the hook reads it: a cache with the stamps of everything it was made from. It is used only
 * while all of them hold; deleting it costs one compilation and nothing else. Rules lie in slices, one a common tool,
 * so that a call reads a small part of a large policy.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { sep } from "node:path";
import { fileNeedle, type Hay, isMeant, type Needle, shellNeedle } from "../core/policy/needles.js";
import type { Policy, Rule } from "../core/policy/policy.js";
import { indexRules } from "../core/policy/rule-index.js";
import { narrowPolicy } from "../core/policy/rules-about.js";
import type { Locations } from "./locations.js";
import { sipHash } from "./sip-hash.js";
import { isCurrent, isTooFresh, type Stamp } from "./stamp.js";
import { type WriteFault, writeAtomic } from "./write-atomic.js";

/** What a cached policy is for: another of these is another policy. */
export interface PolicyKey {
  readonly locations: Locations;
  readonly project: string;
  readonly engine: string;
  readonly programFolder: string | null;
}

/** The file begins with the head's length in bytes, in ten characters; then the head, then the slices. All of it is ASCII. */
interface Head {
  readonly key: readonly (string | null)[];
  readonly stamps: readonly Stamp[];
  /** Without rules. */
  readonly policy: Policy;
  /** Offset behind the head of each tool's slice, and length of its list; under `EVERY_TOOL` of all rules. */
  readonly slices: Readonly<Record<string, readonly [number, number]>>;
}

/**
 * A slice is the list of its rules, each as its length and the texts of its needle, and behind it the rules, each as
 * JSON with a comma. The length of a rule whose needle a word may become is below zero.
 */
type Listed = readonly [length: number, ...texts: string[]];

/** Tools with a slice of their own. */
const SLICED: readonly string[] = ["Bash", "Read", "Edit", "Write", "Grep", "Glob"];
const EVERY_TOOL = "*";
const LENGTH_DIGITS = 10;
/** Most heads are smaller. */
const FIRST_READ = 16_384;

/** Says nothing about the call, so every rule of its tool is read. */
const NO_HAY = (): null => null;

/** What a call can be about, once the policy without its rules is known. */
export type HayUnder = (policy: Policy) => Hay | null;

/**
 * The cached policy if it is still what compiling would give, else `null`. It holds the rules that calls of `tool` look
 * at: all of them for a tool without a slice, none for "". With the `hay` of one call (`hayOf`) it is for judging that
 * call only. INVARIANT: where a model may propose another call, all rules of the tool are there to judge it.
 */
export function readCompiled(key: PolicyKey, tool: string, hay: HayUnder = NO_HAY): Policy | null {
  let file: number | undefined;
  try {
    file = openSync(compiledPath(key), "r");
    const first = readText(file, 0, FIRST_READ);
    const end = LENGTH_DIGITS + Number(first.slice(0, LENGTH_DIGITS));
    const text = end <= first.length ? first : readText(file, 0, end);
    const { key: made, stamps, policy, slices } = JSON.parse(text.slice(LENGTH_DIGITS, end)) as Head;
    if (JSON.stringify(made) !== JSON.stringify(keyParts(key)) || policy.format !== 1 || !isCurrent(stamps))
      return null;
    if (tool === "") return policy;
    const [offset, length] = slices[SLICED.includes(tool) ? tool : EVERY_TOOL] ?? [0, 0];
    const listed = JSON.parse(readText(file, end + offset, length)) as readonly Listed[];
    const rules = readRules(file, end + offset + length, listed, policy.settings.llm.enabled ? null : hay(policy));
    // Rules of a slice are all about its tool; of all rules, an index spares most of them.
    const isSlice = SLICED.includes(tool);
    return { ...policy, rules, ...(isSlice ? { anyTool: rules.map((_, at) => at) } : indexRules(rules)) };
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** All rules of a slice, or those whose needle is in the hay, read at once from the first to the last. */
function readRules(file: number, start: number, listed: readonly Listed[], hay: Hay | null): readonly Rule[] {
  const size = listed.reduce((sum, [length]) => sum + Math.abs(length), 0);
  if (hay === null) return JSON.parse(`[${readText(file, start, size).slice(0, -1)}]`) as readonly Rule[];
  const found: [from: number, to: number][] = [];
  let at = start;
  for (const [signed, ...texts] of listed) {
    const length = Math.abs(signed);
    if (isMeant({ texts, mayBecome: signed < 0 }, hay)) found.push([at, at + length - 1]);
    at += length;
  }
  const [first] = found[0] ?? [start];
  const text = readText(file, first, (found.at(-1)?.[1] ?? first) - first);
  const texts = found.map(([from, to]) => text.slice(from - first, to - first));
  return JSON.parse(`[${texts.join(",")}]`) as readonly Rule[];
}

/** Keeps a policy for the next hook; `now` in milliseconds. INVARIANT: never kept while an input's stamp could still lie. */
export function writeCompiled(
  key: PolicyKey,
  policy: Policy,
  stamps: readonly Stamp[],
  now: number,
): WriteFault | null {
  if (isTooFresh(stamps, now)) return null;
  const slices: Record<string, [number, number]> = {};
  let body = "";
  for (const tool of [...SLICED, EVERY_TOOL]) {
    const { rules } = tool === EVERY_TOOL ? policy : narrowPolicy(policy, tool);
    const texts = rules.map((rule) => `${asciiJson(forJudging(rule))},`);
    const needleOf = tool === "Bash" ? shellNeedle : fileNeedle;
    const listed = rules.map((rule, index) => listedAs(needleOf(rule), texts[index]?.length ?? 0));
    const list = asciiJson(listed);
    slices[tool] = [body.length, list.length];
    body += list + texts.join("");
  }
  const head: Head = { key: keyParts(key), stamps, policy: { ...policy, rules: [], byTool: {}, anyTool: [] }, slices };
  const text = asciiJson(head);
  return writeAtomic(compiledPath(key), `${String(text.length).padStart(LENGTH_DIGITS)}${text}${body}`);
}

function listedAs({ texts, mayBecome }: Needle, length: number): Listed {
  return [mayBecome ? -length : length, ...texts];
}

/** Name of this key among files: stable, and the same for hook and commands. */
export function keyName(key: PolicyKey): string {
  const { locations, project } = key;
  const places = [locations.configOverride, project, locations.osHome, locations.systemDir];
  return sipHash(new Uint8Array(16), Buffer.from(JSON.stringify(places)));
}

function compiledPath(key: PolicyKey): string {
  return `${key.locations.cache}${sep}policy-${keyName(key)}.json`;
}

export function keyParts({ locations, project, engine, programFolder }: PolicyKey): readonly (string | null)[] {
  const { home, osHome, claudeDir, systemDir, configOverride } = locations;
  return [engine, programFolder, project, home, osHome, claudeDir, systemDir, configOverride];
}

/** Without what only people and `validate` read. */
function forJudging(rule: Rule): Rule {
  const { description: _, match: _match, notMatch: _notMatch, provenance: _provenance, ...rest } = rule;
  return rest;
}

/** One byte a character: places in the text are places in the file, and reading needs no decoding. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function readText(file: number, position: number, length: number): string {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.toString("latin1", 0, readSync(file, bytes, 0, length, position));
}
