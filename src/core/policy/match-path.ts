/**
 * Whether a place lies in a folder, or matches a path pattern. Deny and ask look at the spelling and the target and
 * ignore case; allow needs both, as written.
 */
import { isAscii, isInside, pathBelow } from "../path.js";
import { isAimedAt } from "./aimed.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Tail } from "./facts.js";
import { BELOW, couldMatch, GAP, type Shape } from "./match-shape.js";
import { allOf, anyOf, lacksLiteral, matchText, type Stance } from "./match-text.js";
import type { Place } from "./places.js";
import type { Pattern } from "./policy.js";
import { readings } from "./spelling.js";

export type PathPattern = Extract<Pattern, { kind: "path" }>;

/** Spelling and target; `null` for one that is not known. */
function formsOf(place: Place): readonly (string | null)[] {
  return place.target === place.absolute ? [place.absolute] : [place.absolute, place.target];
}

/** Whether a place lies in one of the folders named by a rule. */
export function insideAny(place: Place, named: readonly string[], facts: Facts, stance: Stance): Answer {
  // INVARIANT: every folder is looked up, whatever comes of it: what they resolve to is recorded.
  const folders = named.map((name) => facts.atlas.folder(name));
  const ignoreCase = stance === "could";
  const isIn = (path: string): boolean =>
    (ignoreCase ? readings(path) : [path]).some((read) =>
      folders.some((forms) => forms.some((one) => isInside(read, one, ignoreCase))),
    );
  // A glob changes and shows names in its folder, but a link among them may be read through.
  const isShown = place.mode === "delete" || place.reach === "name";
  const isByName = place.folders.length > 0 && (stance === "could" || isShown || place.isSettled);
  const forms = isByName ? place.folders : formsOf(place);
  const answers = forms.map((path): Answer => (path === null ? "unknown" : isIn(path) ? "yes" : "no"));
  const answer = stance === "could" ? anyOf(answers) : allOf(answers);
  if (answer !== "no") return answer;
  return folders.some((forms) => forms.length === 0) ? "unknown" : "no";
}

/** Whether a place lies outside all folders named by a rule. */
export function outsideAll(place: Place, named: readonly string[], facts: Facts, stance: Stance): Answer {
  const inside = insideAny(place, named, facts, stance === "could" ? "must" : "could");
  if (inside === "unknown") return "unknown";
  return inside === "yes" ? "no" : "yes";
}

const ROOT = ["/"];

/** The folders that a pattern begins at, none when its own is not known. */
export function anchorsOf(pattern: PathPattern, facts: Facts): readonly string[] {
  switch (pattern.anchor) {
    case "root":
    case "any-depth":
      return ROOT;
    case "home":
      return facts.atlas.folder("~");
    case "cwd":
      return facts.atlas.folder("$CWD");
    case "source":
      return facts.atlas.folder(pattern.base === "" ? "$PROJECT" : pattern.base);
  }
}

/** Both spellings of accents, when there are any. */
function accents(path: string): readonly string[] {
  return isAscii(path) ? [path] : [...new Set([path, path.normalize("NFC"), path.normalize("NFD")])];
}

/** A name that no pattern means: a folder matches when everything in it would. */
export const ANYTHING = "\x01";

/** What a regex is asked about for one path below one anchor, none when the path is elsewhere. */
function tailsBelow(path: string, anchor: string, stance: Stance): readonly Tail[] {
  const isCould = stance === "could";
  const forms = (isCould ? readings(path) : [path]).flatMap((read) => pathBelow(read, anchor, isCould) ?? []);
  const texts = [...new Set(forms.flatMap(accents))];
  if (!isCould) return texts.map((text) => ({ text, lower: null }));
  const inside = texts.map((text) => (text === "" ? ANYTHING : `${text}/${ANYTHING}`));
  return [...texts, ...inside].map((text) => ({ text, lower: isAscii(text) ? text.toLowerCase() : null }));
}

/** INVARIANT: this runs for every path, rule and anchor, so it makes nothing new when asked again. */
function tailsOf(path: string, anchor: string, { tails }: Facts, stance: Stance): readonly Tail[] {
  const byAnchor = tails[stance];
  let byPath = byAnchor.get(anchor);
  if (byPath === undefined) {
    byPath = new Map();
    byAnchor.set(anchor, byPath);
  }
  let found = byPath.get(path);
  if (found === undefined) {
    found = tailsBelow(path, anchor, stance);
    byPath.set(path, found);
  }
  return found;
}

function formMatches(pattern: PathPattern, path: string, facts: Facts, stance: Stance): Answer {
  const anchors = anchorsOf(pattern, facts);
  if (anchors.length === 0) return "unknown";
  let answer: Answer = "no";
  for (const anchor of anchors) {
    for (const { text, lower } of tailsOf(path, anchor, facts, stance)) {
      if (lower !== null && lacksLiteral(pattern.path, lower)) continue;
      const one = matchText(pattern.path, text, stance, stance === "could");
      if (one === "yes") return one;
      if (one === "unknown") answer = one;
    }
  }
  return answer;
}

/** What of a shape lies below an anchor, `null` when it lies elsewhere. */
function belowAnchor(shape: Shape, anchor: string): Shape | null {
  const start = anchor === "/" ? "/" : `${anchor}/`;
  let index = 0;
  for (const char of start) {
    if (String(shape[index]).toLowerCase() !== char.toLowerCase()) return null;
    index += 1;
  }
  return shape.slice(index);
}

interface ShapeMemo {
  readonly made: Map<string, Shape | null>;
  readonly answers: Map<PathPattern["path"], boolean>;
}

const memos = new WeakMap<Shape, ShapeMemo>();

function memoOf(shape: Shape): ShapeMemo {
  let memo = memos.get(shape);
  if (memo === undefined) {
    memo = { made: new Map(), answers: new Map() };
    memos.set(shape, memo);
  }
  return memo;
}

/** INVARIANT: asked for every dynamic path, rule and anchor, so each answer is worked out once. */
function shapeCouldBe(pattern: PathPattern, shape: Shape): boolean {
  const { answers } = memoOf(shape);
  const known = answers.get(pattern.path);
  if (known !== undefined) return known;
  const answer = couldMatch(pattern.path, shape, true);
  answers.set(pattern.path, answer);
  return answer;
}

/** A shape made from another one; `null` when there is none. */
function derived(shape: Shape, key: string, make: () => Shape | null): Shape | null {
  const { made } = memoOf(shape);
  let found = made.get(key);
  if (found === undefined) {
    found = make();
    made.set(key, found);
  }
  return found;
}

/** `Read(.env)` and `Read(//…/.env)` with two stars. */
function isAnyDepth({ anchor, path }: PathPattern): boolean {
  return anchor === "any-depth" || path.source.startsWith(ANY_DEPTH);
}

/** Files of a name anywhere below a folder that is known: `src/**`, then a slash and at most a name. */
function isTree(shape: Shape): boolean {
  const gap = shape.findIndex((one) => typeof one === "number");
  return (
    shape[gap] === BELOW && shape[gap + 1] === "/" && !shape.slice(gap + 2).some((one) => one === "/" || one === BELOW)
  );
}

/** A file name pattern is what a rule for readers means, unless it could stand for that and does not. */
function shapeMatches(pattern: PathPattern, shape: Shape, { glob }: Place, facts: Facts): boolean {
  if (!shapeMayMatch(pattern, shape, facts)) return false;
  if (pattern.access !== "read" || !isAnyDepth(pattern) || isAimedAt(pattern.path, shape, facts.call)) return true;
  const plain = derived(shape, "\0plain", () => shape.map((one) => (typeof one === "number" ? ANYTHING : one)));
  if (plain !== null && shapeCouldBe(pattern, plain)) return true;
  return glob !== null && facts.atlas.someFile(glob, (file) => formMatches(pattern, file, facts, "could") !== "no");
}

function shapeMayMatch(pattern: PathPattern, shape: Shape, facts: Facts): boolean {
  const couldBe = (one: Shape | null): boolean => one !== null && shapeCouldBe(pattern, one);
  // As `grep -r x src`: a name that may stand anywhere below would stop every reading of a whole tree.
  if (isAnyDepth(pattern) && isTree(shape))
    return couldBe(derived(shape, "\0tree", () => shape.slice(1).map((one) => (one === BELOW ? ANYTHING : one))));
  if (typeof shape[0] === "number") {
    return couldBe(shape) || couldBe(derived(shape, "\0rest", () => (shape[1] === "/" ? shape.slice(2) : null)));
  }
  const anchors = anchorsOf(pattern, facts);
  if (anchors.length === 0) return couldBe(derived(shape, "\0behind", () => [GAP, ...shape]));
  return anchors.some((anchor) => couldBe(derived(shape, anchor, () => belowAnchor(shape, anchor))));
}

/** What a pattern's regex begins with, as plain text. */
function plainStart(source: string): string {
  return /^\^((?:[\w@%+=:,/~-]|\\[^\w])+)/.exec(source)?.[1]?.replace(/\\(?=[^\w])/g, "") ?? "";
}

const namedPlaces = new WeakMap<PathPattern, Map<string, string>>();
const MOST_ANCHORS = 100;

/** The place that a pattern names below an anchor, as far as that is plain text; "" for none. The same for every call. */
function namedPlace(pattern: PathPattern, anchor: string): string {
  let byAnchor = namedPlaces.get(pattern);
  if (byAnchor === undefined || byAnchor.size >= MOST_ANCHORS) {
    byAnchor = new Map();
    namedPlaces.set(pattern, byAnchor);
  }
  let found = byAnchor.get(anchor);
  if (found === undefined) {
    const named = plainStart(pattern.path.source);
    found = named === "" ? "" : `${anchor}/${named}`;
    byAnchor.set(anchor, found);
  }
  return found;
}

/** Removing or replacing a folder takes with it what the pattern names below it. */
function holdsMatch(pattern: PathPattern, path: string, facts: Facts): boolean {
  if (isAnyDepth(pattern)) return endsInStart(pattern, path);
  return anchorsOf(pattern, facts).some((anchor) => {
    const named = namedPlace(pattern, anchor);
    return named !== "" && isInside(named, path, true);
  });
}

const ANY_DEPTH = "^(?:[^]*\\/)?";

/** `x/.github` is the start of what a pattern for `.github/workflows` at any depth names. */
function endsInStart({ path: { source } }: PathPattern, path: string): boolean {
  const named = plainStart(`^${source.slice(ANY_DEPTH.length)}`).split("/");
  const lower = `/${path.toLowerCase()}`;
  return named.slice(0, -1).some((_, at) =>
    lower.endsWith(
      `/${named
        .slice(0, at + 1)
        .join("/")
        .toLowerCase()}`,
    ),
  );
}

/** `grep -r x ~` reads what `~/.ssh` holds; below the project that would stop every search. */
function readsAlong(pattern: PathPattern, { absolute }: Place, facts: Facts): boolean {
  const isWide = pattern.anchor === "home" || pattern.anchor === "root";
  return isWide && absolute !== null && readings(absolute).some((read) => holdsMatch(pattern, read, facts));
}

/** Whether one place is what the pattern names. */
export function matchPlace(pattern: PathPattern, place: Place, facts: Facts, stance: Stance): Answer {
  if (stance === "must") {
    const forms = formsOf(place);
    return allOf(forms.map((path) => (path === null ? "unknown" : formMatches(pattern, path, facts, stance))));
  }
  const form = (path: string | null): Answer => {
    if (path !== null) return formMatches(pattern, path, facts, stance);
    return place.absolute !== null || place.shapes.some((shape) => shapeMatches(pattern, shape, place, facts))
      ? "unknown"
      : "no";
  };
  let answer = form(place.absolute);
  if (answer !== "yes" && place.target !== place.absolute) answer = anyOf([answer, form(place.target)]);
  const isWhole = place.mode === "delete" || (place.mode === "write" && place.reach === "tree");
  if (answer === "no" && isWhole && place.absolute !== null) {
    if (readings(place.absolute).some((read) => holdsMatch(pattern, read, facts))) answer = "yes";
  }
  if (answer === "no" && place.reach === "tree" && readsAlong(pattern, place, facts)) answer = "unknown";
  // `ls docs/*/`: a file of that name may be anywhere, and only names are shown.
  if (answer === "unknown" && place.reach === "name" && place.folders.length > 0 && isAnyDepth(pattern)) answer = "no";
  return answer === "yes" && !place.certain ? "unknown" : answer;
}

/** `Edit(p)` is about writes, `Read(p)` about reads; a denied `Read(p)` also keeps writes away (contract 8.2). */
export function isJudgedBy(pattern: PathPattern, place: Place, isDeny: boolean): boolean {
  const isRead = place.mode === "read" || place.mode === "run";
  if (!place.certain) return true;
  return pattern.access === "edit" ? !isRead : isRead || isDeny;
}
