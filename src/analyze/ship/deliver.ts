/** One post until it is taken, refused, or the time is over: exponential backoff with jitter, `Retry-After` first. */
import type { Post, Posted } from "./post.js";

export interface Patience {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** No try begins after it. */
  readonly deadline: number;
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** `later`: the time was over before it was taken. */
export async function deliver(post: Post, body: string, patience: Patience): Promise<Posted> {
  const { now, sleep, random, deadline } = patience;
  for (let wait = FIRST_MS; ; wait = Math.min(2 * wait, LONGEST_MS)) {
    const posted = await post(body);
    if (posted.kind !== "later") return posted;
    // Full jitter: machines that were turned away together do not come back together.
    const pause = Math.max(posted.retryAfterMs ?? 0, random() * wait);
    if (now() + pause >= deadline) return posted;
    await sleep(pause);
  }
}
