/**
 * One layer of policy: its main file and what that includes, read in order, each once. It does not decide what rules
 * mean; it refuses files that lead out of where the layer may look, and notes a stamp for everything it looked at.
 */
import { basename, dirname, join, resolve, sep } from "node:path";
import { asWarning, problem } from "../core/errors.js";
import { type ParsedFile, parsePolicyFile } from "../core/policy/parse-policy-file.js";
import type { Problem } from "../core/policy/policy.js";
import { type FileOrigin, type Include, includesOf, type PolicyFile } from "../core/policy/policy-file.js";
import { type Input, MAX_INPUT_BYTES, type Refusal, readInput } from "./read-input.js";
import { resolvePath } from "./resolve-path.js";
import { ABSENT, listingStamp, namesIn, type Stamp, stampOf } from "./stamp.js";

export interface LayerInputs extends FileOrigin {
  /** Real path of a folder that every file must really be in; `null`: anywhere. */
  readonly within: string | null;
  /** Texts that stand in for what files hold, by path. */
  readonly instead?: ReadonlyMap<string, string>;
  /** `parsePolicyFile`, or one that remembers. */
  readonly parse?: ParseFile;
}

export type ParseFile = (text: string, origin: FileOrigin) => ParsedFile;

export interface GatheredFile {
  readonly path: string;
  readonly text: string;
  readonly policyFile: PolicyFile;
}

export interface Gathered {
  /** Including files before what they include; empty when the main file is absent or refused. */
  readonly files: readonly GatheredFile[];
  readonly problems: readonly Problem[];
  readonly stamps: readonly Stamp[];
  readonly present: boolean;
  /** Nothing in these files is an error. */
  readonly sound: boolean;
}

/** Reading costs time at a tool call, and a stranger's files may cost less of it than one's own. */
const OWN_LIMITS = { files: 200, bytes: 16 << 20 };
const PROJECT_LIMITS = { files: 10, bytes: 256 << 10 };

export function gatherFiles(layer: LayerInputs): Gathered {
  const files: GatheredFile[] = [];
  const problems: Problem[] = [];
  const stamps: Stamp[] = [];
  const seen = new Set<string>();
  const limits = layer.layer === "project" ? PROJECT_LIMITS : OWN_LIMITS;
  let bytes = 0;

  /** `chain`: real paths of the files that led here, for cycles. */
  const visit = (path: string, include: Include | null, chain: readonly string[]): boolean => {
    const place = include === null ? { file: path } : include.source;
    const real = resolvePath(path);
    if (layer.within !== null && !isInside(real, layer.within)) {
      const stamp = stampOf(path);
      stamps.push(stamp);
      if (include === null && stamp.value === ABSENT) return false;
      problems.push(problem("include-outside", { include: include?.path ?? path }, place));
      return true;
    }
    if (real !== null && chain.includes(real)) {
      const names = [...chain.slice(chain.indexOf(real)), real].map((name) => basename(name));
      problems.push(problem("include-cycle", { include: include?.path ?? path, chain: names.join(" -> ") }, place));
      return true;
    }
    if (seen.has(real ?? path)) return true;
    seen.add(real ?? path);
    if (seen.size > limits.files) {
      problems.push(problem("include-limit", { limit: String(limits.files) }, place));
      return true;
    }
    const put = layer.instead?.get(path);
    const input: Input = put === undefined ? readInput(path) : { kind: "text", text: put, stamp: stampOf(path) };
    stamps.push(input.stamp);
    if (input.kind === "absent") {
      if (include !== null) problems.push(problem("include-missing", { include: include.path }, place));
      return false;
    }
    if (input.kind === "refused") {
      problems.push(refused(path, input.refusal));
      return true;
    }
    bytes += input.text.length;
    if (bytes > limits.bytes) {
      problems.push(problem("file-too-large", { size: `${bytes}`, limit: `${limits.bytes}` }, { file: path }));
      return true;
    }
    const origin: FileOrigin = {
      file: path,
      layer: layer.layer,
      baseFolder: layer.baseFolder,
      trusted: layer.trusted,
      ...(include === null ? {} : { includedFrom: include.source.file }),
    };
    const parsed = (layer.parse ?? parsePolicyFile)(input.text, origin);
    problems.push(...parsed.problems);
    if (parsed.policyFile === null) return true;
    files.push({ path, text: input.text, policyFile: parsed.policyFile });
    const links = real === null ? chain : [...chain, real];
    for (const next of includesOf(parsed.policyFile)) follow(path, next, links);
    return true;
  };

  const follow = (from: string, include: Include, chain: readonly string[]): void => {
    const target = resolve(dirname(from), include.path);
    const folder = dirname(target);
    const name = basename(target);
    if (/[*?]/.test(folder)) {
      problems.push(problem("include-glob", { include: include.path }, include.source));
    } else if (!/[*?]/.test(name)) {
      visit(target, include, chain);
    } else {
      stamps.push(listingStamp(folder, name));
      const names = namesIn(folder, name);
      if (names === null) problems.push(problem("include-missing", { include: include.path }, include.source));
      for (const match of (names ?? []).slice(0, limits.files + 1)) visit(join(folder, match), include, chain);
    }
  };

  const present = visit(layer.file, null, []);
  const sound = problems.every(({ severity }) => severity !== "error");
  return { files, problems: layer.layer === "project" ? problems.map(asWarning) : problems, stamps, present, sound };
}

/** Whether a real path is below the real path `folder`; what cannot be known is not. */
function isInside(real: string | null, folder: string): boolean {
  return real?.startsWith(folder.endsWith(sep) ? folder : folder + sep) ?? false;
}

function refused(file: string, refusal: Refusal): Problem {
  switch (refusal) {
    case "too-large":
      return problem("file-too-large", { size: `over ${MAX_INPUT_BYTES}`, limit: String(MAX_INPUT_BYTES) }, { file });
    case "not-utf8":
      return problem("file-not-text", {}, { file });
    case "not-a-file":
      return problem("file-unreadable", { file, detail: "it is not an ordinary file" }, { file });
    case "unreadable":
      return problem("file-unreadable", { file, detail: "it cannot be opened" }, { file });
  }
}
