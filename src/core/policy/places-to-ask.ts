/**
 * Which places of a call a path pattern has to be asked about: the literal that a pattern needs says of most that they
 * lie elsewhere. Deny and ask only; it passes over places and judges none.
 */
import type { Answer } from "./evaluation.js";
import type { Facts } from "./facts.js";
import { ANYTHING, anchorsOf, isJudgedBy, matchPlace, type PathPattern } from "./match-path.js";
import { lacksLiteral } from "./match-text.js";
import type { Place } from "./places.js";
import { isPlainlySpelt } from "./spelling.js";

/** Places as one text, in which every text stands that a regex may be asked about, and those that are no plain text. */
interface Reading {
  readonly text: string;
  readonly odd: readonly Place[];
}

const texts = new WeakMap<readonly Place[], Reading>();

function readingOf(places: readonly Place[]): Reading {
  const known = texts.get(places);
  if (known !== undefined) return known;
  let text = "";
  const odd: Place[] = [];
  for (const place of places) {
    const { absolute, target, mode, reach } = place;
    // Removing or reading a whole folder matches what is named below it, which its own spelling does not show.
    const isWhole = mode === "delete" || reach === "tree";
    if (absolute === null || target === null || isWhole || !isPlainlySpelt(absolute) || !isPlainlySpelt(target)) {
      odd.push(place);
      continue;
    }
    text += `${absolute}/${ANYTHING}\n`;
    if (target !== absolute) text += `${target}/${ANYTHING}\n`;
  }
  const reading = { text: text.toLowerCase(), odd };
  texts.set(places, reading);
  return reading;
}

/** Whether the literal of a pattern alone says that none of the plain places is what it names. Deny and ask only. */
function isElsewhere(pattern: PathPattern, { text }: Reading, facts: Facts): boolean {
  return pattern.path.literal !== undefined && lacksLiteral(pattern.path, text) && anchorsOf(pattern, facts).length > 0;
}

/** The places that a pattern of a deny or ask rule has to be asked about. */
export function placesToAsk(pattern: PathPattern, places: readonly Place[], facts: Facts): readonly Place[] {
  const reading = readingOf(places);
  return isElsewhere(pattern, reading, facts) ? reading.odd : places;
}

const wholes = new WeakMap<Facts, Reading>();

/** All places of a call. INVARIANT: of odd ones that no pattern can tell apart one is kept. */
function wholeReading(facts: Facts): Reading {
  const known = wholes.get(facts);
  if (known !== undefined) return known;
  let text = "";
  const odd = new Map<string, Place>();
  const shapes = new Map<Place["shapes"], number>();
  for (const { places } of facts.subjects) {
    const reading = readingOf(places);
    text += reading.text;
    for (const place of reading.odd) {
      if (!shapes.has(place.shapes)) shapes.set(place.shapes, shapes.size);
      const { mode, reach, certain, absolute, target } = place;
      const key = `${mode} ${reach} ${certain} ${shapes.get(place.shapes)} ${absolute}\0${target}`;
      if (!odd.has(key)) odd.set(key, place);
    }
  }
  const reading = { text, odd: [...odd.values()] };
  wholes.set(facts, reading);
  return reading;
}

/** The most that a pattern of a deny or ask rule can answer about any place of a call. */
export function mostOfPattern(pattern: PathPattern, facts: Facts, isDeny: boolean): Answer {
  const reading = wholeReading(facts);
  if (!isElsewhere(pattern, reading, facts)) return "yes";
  let most: Answer = "no";
  for (const place of reading.odd) {
    if (!isJudgedBy(pattern, place, isDeny)) continue;
    const answer = matchPlace(pattern, place, facts, "could");
    if (answer === "yes") return answer;
    if (answer === "unknown") most = answer;
  }
  return most;
}
