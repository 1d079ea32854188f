/**
 * What judging past calls again came to, kept in one file for each policy that may be deleted at any time. Judging needs the
 * engine and the shell's parser; where every answer is known neither is loaded. What was not asked for again goes first
 * where there is no more room.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../store/write-atomic.js";

export interface Judgements {
  /**
   * An answer for each item, in their order: plain data.
   * @param keyOf all that the answer depends on beside the policy.
   * @param load asked for only when an answer is not known.
   */
  find<Item, Answer>(
    kind: string,
    items: readonly Item[],
    keyOf: (item: Item) => unknown,
    load: () => Promise<(item: Item) => Answer>,
  ): Promise<readonly Answer[]>;
  /** Nothing was known when it was opened. */
  readonly isFresh: boolean;
  /** One answer that is known. @param key all that it depends on beside the policy, as JSON */
  recall<Answer>(kind: string, key: unknown): Answer | undefined;
  note(kind: string, key: unknown, answer: unknown): void;
  /** Writes down what was found, when any of it is new. */
  keep(): void;
}

/** Files of other policies that stay. */
const MAX_FILES = 8;
/** Answers of one file. */
const MAX_ANSWERS = 100_000;

/**
 * @param folder for judgements alone
 * @param scope all that every answer depends on: the tool's version, the policy
 * @param most answers that are kept
 */
export function openJudgements(folder: string, scope: string, isReadOnly: boolean, most = MAX_ANSWERS): Judgements {
  const path = join(folder, digest(scope));
  const known = readKnown(path);
  const used = new Map<string, string>();
  let isNew = false;
  const placeOf = (kind: string, key: unknown): string => digest(`${kind}\0${JSON.stringify(key)}`);
  /** As JSON. */
  const answerAt = (place: string): string | undefined => {
    const answer = used.get(place) ?? known.get(place);
    if (answer !== undefined) used.set(place, answer);
    return answer;
  };
  const noteAt = (place: string, answer: unknown): string => {
    const text = JSON.stringify(answer ?? null);
    used.set(place, text);
    isNew = true;
    return text;
  };
  return {
    isFresh: known.size === 0,
    async find(kind, items, keyOf, load) {
      const places = items.map((item) => placeOf(kind, keyOf(item)));
      const judge = places.every((place) => known.has(place)) ? null : await load();
      return items.map((item, index) => {
        const place = places[index] ?? "";
        return JSON.parse(answerAt(place) ?? noteAt(place, judge?.(item)));
      });
    },
    recall(kind, key) {
      const answer = answerAt(placeOf(kind, key));
      return answer === undefined ? undefined : JSON.parse(answer);
    },
    note(kind, key, answer) {
      noteAt(placeOf(kind, key), answer);
    },
    keep() {
      if (!isNew || isReadOnly) return;
      sweep(folder);
      for (const [key, answer] of known) if (used.size < most && !used.has(key)) used.set(key, answer);
      const body = JSON.stringify([...used]);
      writeAtomic(path, `${digest(body)}\n${body}`);
    },
  };
}

/** Nothing when there is none, or when it is damaged. */
function readKnown(path: string): ReadonlyMap<string, string> {
  try {
    const text = readFileSync(path, "utf8");
    const body = text.slice(text.indexOf("\n") + 1);
    return new Map(text.startsWith(`${digest(body)}\n`) ? JSON.parse(body) : []);
  } catch {
    return new Map();
  }
}

function digest(text: string): string {
  return createHash("sha1").update(text).digest("base64url");
}

function sweep(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = readdirSync(folder).map((name) => join(folder, name));
    const byAge = files.map((file) => ({ file, ms: statSync(file).mtimeMs })).sort((a, b) => b.ms - a.ms);
    for (const { file } of byAge.slice(MAX_FILES - 1)) rmSync(file, { force: true });
  } catch {
    // A folder that cannot be made or read keeps nothing.
  }
}
