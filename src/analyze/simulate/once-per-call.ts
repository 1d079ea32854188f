/** Remembers what was found about a call, so that each distinct call is looked at once however often it was made. */
import { createHash } from "node:crypto";
import type { AuditRecord } from "../../core/audit/record.js";
import type { ToolCall } from "../../core/tool-call.js";

export class OncePerCall<T> {
  readonly #found = new Map<string, T>();

  /** @param more what else the answer depends on, beside the call and where its paths led. */
  find(call: ToolCall, { resolved = {} }: Pick<AuditRecord, "resolved">, more: string, look: () => T): T {
    const { tool, input, cwd, project, home, permissionMode = null, attended } = call;
    const paths = Object.entries(resolved).sort(([a], [b]) => (a < b ? -1 : 1));
    const whole = JSON.stringify([tool, input, cwd, project, home, permissionMode, attended, paths, more]);
    const key = createHash("sha256").update(whole).digest("base64");
    const before = this.#found.get(key);
    if (before !== undefined) return before;
    const found = look();
    this.#found.set(key, found);
    return found;
  }

  /** Distinct calls. */
  get size(): number {
    return this.#found.size;
  }
}
