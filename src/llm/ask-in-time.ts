/** A question with a deadline that holds. */
import type { AskModel, Question, Reply } from "./ask-model.js";
import { failure } from "./failure.js";

/** Never rejects. INVARIANT: over at the deadline whatever the backend does with the signal. */
export async function askInTime(ask: AskModel, question: Omit<Question, "signal">, deadlineMs: number): Promise<Reply> {
  const controller = new AbortController();
  const { signal } = controller;
  const late = failure("llm-timeout");
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Reply>((resolve) => {
    timer = setTimeout(() => {
      resolve(late);
      controller.abort();
    }, deadlineMs);
  });
  try {
    return await Promise.race([deadline, ask({ ...question, signal })]);
  } catch (error) {
    return signal.aborted ? late : failure("llm-internal", error instanceof Error ? error.name : "unknown");
  } finally {
    clearTimeout(timer);
  }
}
