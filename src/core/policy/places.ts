/**
 * The places a call touches, each in its canonical spelling and at its target, or as far as the text tells. Symlinks
 * come from the one function it is given; it decides nothing.
 */
import { absolutePath, GLOB_FILES, GLOB_QUESTION, type PathBase, targetPath } from "../path.js";
import type { Access, ShellPart, Word } from "../shell/shell.js";
import { stringField, type ToolCall, toolShape } from "../tool-call.js";
import { GAP, type Shape } from "./match-shape.js";
import { isIllFormed } from "./match-text.js";
import { absoluteShapes, type PathShapes, wordShape } from "./word-shape.js";

/** Distinct paths resolved for one call; the rest count as not known. */
const RESOLVE_LIMIT = 256;

export interface Place {
  readonly mode: Access["mode"];
  readonly raw: string;
  /** The word's value, `null` when dynamic. */
  readonly spelled: string | null;
  readonly from: string;
  readonly reach: Access["reach"] | undefined;
  /** Canonical spelling, `null` when not known. */
  readonly absolute: string | null;
  /** After symlinks, `null` when not known. */
  readonly target: string | null;
  /** What the absolute path can be when it is not known, spelled and at its target; empty when it is known. */
  readonly shapes: readonly Shape[];
  /** A glob: only names inside this folder, spelled and at its target; else empty. */
  readonly folders: readonly string[];
  /** A glob as an absolute pattern, else `null`. */
  readonly glob: string | null;
  /** A glob: every file it may stand for really lies in that folder. */
  readonly isSettled: boolean;
  /** False for a word of a program that is not known: it may be a path. */
  readonly certain: boolean;
}

/** Reads places of one call and remembers what was resolved. */
export interface Atlas {
  readonly place: (named: NamedPlace, cwd: string) => Place;
  /** Whether the glob stands for a file that `isMeant` now, as far as anybody looked; true when it cannot be told. */
  readonly someFile: (glob: string, isMeant: (path: string) => boolean) => boolean;
  /** A folder named in a rule (`$PROJECT/x`, `~`, `$CWD`): its spelling and its target, none when not known. */
  readonly folder: (named: string) => readonly string[];
  /** Absolute spelling -> target where they differ, "" where the target is not known. */
  readonly resolved: Readonly<Record<string, string>>;
}

export interface NamedPlace {
  /** `null` when the word is dynamic. */
  readonly path: string | null;
  readonly mode: Access["mode"];
  readonly raw: string;
  readonly from: string;
  readonly word?: Word | undefined;
  readonly reach?: Access["reach"] | undefined;
  readonly certain: boolean;
}

export function openAtlas(call: ToolCall, resolve: (absolute: string) => string | null): Atlas {
  const known = new Map<string, string | null>();
  const resolved: Record<string, string> = Object.create(null);
  const resolvePath = (absolute: string): string | null => {
    const before = known.get(absolute);
    if (before !== undefined) return before;
    const target = known.size >= RESOLVE_LIMIT ? null : resolve(absolute);
    known.set(absolute, target);
    if (target !== absolute) resolved[absolute] = target ?? "";
    return target;
  };

  // INVARIANT: the same word in the same folder gets the same shapes, because answers about a shape are kept with it.
  const shapes = new Map<string, PathShapes>();
  const shapesOf = (word: Word | undefined, base: PathBase): PathShapes => {
    const key = word === undefined ? "" : `${base.cwd}\0${word.raw}\0${word.prefix}\0${word.why.join()}`;
    let found = shapes.get(key);
    if (found === undefined) {
      found = absoluteShapes(word === undefined ? [GAP] : wordShape(word), base, resolvePath);
      shapes.set(key, found);
    }
    return found;
  };

  const place = ({ path, mode, raw, from, word, reach, certain }: NamedPlace, cwd: string): Place => {
    const base = { cwd, home: call.home };
    const absolute = path === null || isIllFormed(path) ? null : absolutePath(path, base);
    if (path === null || absolute === null) {
      const { shapes, folders, glob } = shapesOf(path === null ? word : undefined, base);
      const isSettled = certain && glob !== null && resolvePath(GLOB_QUESTION + glob) !== null;
      return {
        mode,
        raw,
        spelled: path,
        from,
        reach,
        absolute: null,
        target: null,
        shapes,
        folders,
        glob,
        isSettled,
        certain,
      };
    }
    const target = certain
      ? path.includes("..")
        ? targetPath(path, base, resolvePath)
        : resolvePath(absolute)
      : absolute;
    return {
      mode,
      raw,
      spelled: path,
      from,
      reach,
      absolute,
      target,
      shapes: [],
      folders: [],
      glob: null,
      isSettled: false,
      certain,
    };
  };

  const files = new Map<string, readonly string[] | null>();
  const filesOf = (question: string): readonly string[] | null => {
    const before = files.get(question);
    if (before !== undefined) return before;
    const answer = resolve(question);
    const found = answer === question ? [] : (answer?.split("\n") ?? null);
    if (found === null) resolved[question] = "";
    files.set(question, found);
    return found;
  };
  // INVARIANT: what mattered is written down, so that the same is found where nobody can look any more.
  const someFile: Atlas["someFile"] = (glob, isMeant) => {
    const question = GLOB_FILES + glob;
    const found = filesOf(question);
    const meant = found?.find(isMeant);
    if (meant === undefined) return found === null;
    const told = resolved[question]?.split("\n") ?? [];
    if (!told.includes(meant)) resolved[question] = [...told, meant].join("\n");
    return true;
  };

  const folders = new Map<string, readonly string[]>();
  const folder = (named: string): readonly string[] => {
    const before = folders.get(named);
    if (before !== undefined) return before;
    const base = { cwd: call.project === "" ? call.cwd : call.project, home: call.home };
    const spelled = expandFolder(named, call);
    const absolute = spelled === null ? null : absolutePath(spelled, base);
    const target = spelled === null ? null : targetPath(spelled, base, resolvePath);
    const found = [absolute, target === absolute ? null : target].filter((path) => path !== null);
    folders.set(named, found);
    return found;
  };
  return { place, someFile, folder, resolved };
}

function expandFolder(named: string, call: ToolCall): string | null {
  const variable = named.startsWith("$") ? /^\$(PROJECT|CWD|HOME)(?=\/|$)/.exec(named) : null;
  if (variable === null) return named;
  const value = variable[1] === "PROJECT" ? call.project : variable[1] === "CWD" ? call.cwd : call.home;
  return value === "" ? null : value + named.slice(variable[0].length);
}

/** The paths a tool's fields name. Grep and Glob look below the working directory when no path is given. */
export function toolPlaces(tool: string, call: ToolCall): readonly NamedPlace[] {
  const places: NamedPlace[] = [];
  const reach = tool === "Grep" ? "tree" : undefined;
  const add = (path: string, mode: Access["mode"], raw: string): void => {
    places.push({ path, mode, raw, from: "argument", reach, certain: true });
  };
  for (const { field, access } of toolShape(tool)?.paths ?? []) {
    const path = stringField(call.input, field);
    if (path !== undefined) add(path, access, path);
  }
  const search = tool === "Grep" ? "glob" : tool === "Glob" ? "pattern" : undefined;
  if (search === undefined) return places;
  const folder = stringField(call.input, "path") ?? ".";
  if (places.length === 0) add(folder, "read", folder);
  const glob = stringField(call.input, search);
  const above = glob === undefined ? undefined : /^[^*?[{]*\//.exec(glob)?.[0];
  if (above !== undefined) add(/^[~/]/.test(above) ? above : `${folder}/${above}`, "read", above);
  // `*.{pem,key}` looks into files of these names only.
  if (tool === "Grep" && glob !== undefined) for (const name of namesOf(glob)) add(`${folder}/${name}`, "read", name);
  // `.env*` looks into hidden files of that name, wherever they are.
  const hidden = tool === "Grep" ? /(?:^|\/)(\.[\w.-]+)\*?$/.exec(glob ?? "")?.[1] : undefined;
  if (hidden !== undefined) add(`${folder}/${hidden}`, "read", hidden);
  return places;
}

const MOST_NAMES = 20;

/** The last segments that a file pattern with plain alternatives may be about; none when it leaves out, or names nothing. */
function namesOf(glob: string): readonly string[] {
  const last = glob.slice(glob.lastIndexOf("/") + 1);
  const [, before = "", inner, after = ""] = /^([\w.*-]*)(?:\{([\w.,*-]*)\}([\w.*-]*))?$/.exec(last) ?? [];
  const names = inner === undefined ? [before] : inner.split(",").map((one) => before + one + after);
  return names.filter((name) => /[^.*]/.test(name)).slice(0, MOST_NAMES);
}

/** Where a part runs: absolute, "" when not known. */
export function partFolder(part: ShellPart, call: ToolCall): string {
  if (part.cwd === null) return "";
  return part.cwd === "" ? call.cwd : (absolutePath(part.cwd, { cwd: call.cwd, home: call.home }) ?? "");
}

const REDIRECT_MODES: Readonly<Record<string, readonly Access["mode"][]>> = {
  read: ["read"],
  write: ["write"],
  append: ["append"],
  rw: ["read", "write"],
};

/** The places of a part: what the shell judge found, its redirects, and words of an unknown program that may be paths. */
export function partPlaces(part: ShellPart): readonly NamedPlace[] {
  const places: NamedPlace[] = [];
  const seen = new Set<string>();
  const add = (named: NamedPlace): void => {
    const key = `${named.mode}\0${named.path ?? ""}\0${named.raw}`;
    if (!seen.has(key)) places.push(named);
    seen.add(key);
  };
  const words = [...part.argv, ...part.redirects.map((redirect) => redirect.target)];
  for (const { effect, target } of part.redirects) {
    if (target === null) continue;
    for (const mode of REDIRECT_MODES[effect] ?? []) {
      add({ path: target.value, mode, raw: target.raw, from: "redirect", word: target, certain: true });
    }
  }
  for (const { path, mode, raw, from, reach } of part.accesses) {
    const word = path === null ? words.find((one) => one?.raw === raw) : undefined;
    add({ path, mode, raw, from, reach, word: word ?? undefined, certain: true });
  }
  const runsCode = part.effect === "runs-code" || part.effect === "unknown";
  if ((part.accessesKnown && !runsCode) || part.effect === "reads") return places;
  for (const path of part.code.flatMap(quotedTexts))
    add({ path, mode: "write", raw: path, from: "code", certain: false });
  for (const { value, raw } of part.argv.slice(1)) {
    // Most words are no options, and regexes would be asked of every word of a long text.
    const text = value?.includes("=") ? value.replace(/^-{0,2}[\w.-]+=/, "") : (value ?? "");
    const attached = text.startsWith("-") ? (/^-[A-Za-z](?=[~./])(.*)$/s.exec(text)?.[1] ?? text) : text;
    for (const path of part.accessesKnown ? quotedTexts(text) : [attached, ...quotedTexts(text)]) {
      if (path !== "" && path.length < 4096 && !path.startsWith("-"))
        add({ path, mode: "write", raw, from: "word", certain: false });
    }
  }
  return places;
}

/** Strings in code that is passed as a word, as in `python3 -c "open('.env')"`: each may be a path. */
function quotedTexts(code: string): readonly string[] {
  if (!/["'`]/.test(code)) return [];
  const found = code.slice(0, 8192).matchAll(/(["'`])([^"'`\s]{1,256})\1/g);
  return [...new Set([...found].map((match) => match[2] ?? ""))].slice(0, 64);
}
