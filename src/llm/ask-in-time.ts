/** A question with a deadline that holds. */
import type { AskModel, Question, Reply } from "./ask-model.js";
import { failure } from "./failure.js";

/**
 * Never rejects. `stop`: somebody waits for the answer no longer. INVARIANT: over at the deadline, or when it is
 * stopped, whatever the backend does with the signal.
 */
export async function askInTime(
  ask: AskModel,
  question: Omit<Question, "signal">,
  deadlineMs: number,
  stop?: AbortSignal,
): Promise<Reply> {
  const controller = new AbortController();
  const { signal } = controller;
  const late = failure("llm-timeout");
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Reply>((resolve) => {
    const end = (reply: Reply): void => {
      resolve(reply);
      controller.abort();
    };
    timer = setTimeout(end, deadlineMs, late);
    stop?.addEventListener("abort", () => end(failure("llm-stopped")), { once: true });
  });
  try {
    return await Promise.race([deadline, ask({ ...question, signal })]);
  } catch (error) {
    return signal.aborted ? late : failure("llm-internal", error instanceof Error ? error.name : "unknown");
  } finally {
    clearTimeout(timer);
  }
}
