/**
 * Has a kind of call earned a rule? Counts equal verdicts since the last one that contradicted them. It knows nothing of
 * files; a line it cannot read is no verdict.
 */

/** One verdict on one kind of call, as kept in `state/verdicts.jsonl`. */
export interface CountedVerdict {
  /** The candidate rule's conditions, hashed: what makes two verdicts equal. */
  readonly key: string;
  /** `SPENT`: the verdicts before it became a rule or were refused one, so counting begins again. */
  readonly score: "GREEN" | "YELLOW" | "RED" | "SPENT";
  readonly session: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface VerdictTally {
  readonly greens: number;
  readonly sessions: number;
}

/** Greens over fewer sessions than this are one task's habit, not the project's (SPEC section 5). */
const LEAST_SESSIONS = 2;

/** Verdicts on `key` in the order they were given; anything but GREEN begins the count again. */
export function tallyVerdicts(verdicts: Iterable<CountedVerdict>, key: string): VerdictTally {
  let greens = 0;
  const sessions = new Set<string>();
  for (const verdict of verdicts) {
    if (verdict.key !== key) continue;
    if (verdict.score !== "GREEN") {
      greens = 0;
      sessions.clear();
    } else {
      greens += 1;
      sessions.add(verdict.session);
    }
  }
  return { greens, sessions: sessions.size };
}

/** @param promoteAfter `[settings.llm] promote_after`. */
export function hasEarnedRule({ greens, sessions }: VerdictTally, promoteAfter: number): boolean {
  return greens >= promoteAfter && sessions >= LEAST_SESSIONS;
}

export function parseCountedVerdict(line: string): CountedVerdict | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return null;
    const { key, score, session, at } = Object.fromEntries(Object.entries(value));
    if (typeof key !== "string" || typeof session !== "string" || typeof at !== "string") return null;
    return isScore(score) ? { key, score, session, at } : null;
  } catch {
    return null;
  }
}

function isScore(value: unknown): value is CountedVerdict["score"] {
  return value === "GREEN" || value === "YELLOW" || value === "RED" || value === "SPENT";
}
