/**
 * Remembers what was found of a call by what was looked at: calls that agree in every field of their input that the
 * engine read are judged once, whatever else they hold. INVARIANT: what is asked depends on nothing of a call but the
 * fields it reads and what `contextOf` lists.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import type { ToolCall } from "../../core/tool-call.js";

type Input = ToolCall["input"];

/** `null`: all of it. */
type Fields = readonly string[] | null;

export class JudgeOnce<T> {
  readonly #found = new Map<string, T>();
  /** By tool, each set of fields that was ever read. */
  readonly #looks = new Map<string, Fields[]>();

  /** Calls that differ in something that was looked at. */
  get size(): number {
    return this.#found.size;
  }

  /** @param more what else the answer depends on, beside the call and where its paths led. */
  find(call: ToolCall, record: Pick<AuditRecord, "resolved">, more: string, judge: (call: ToolCall) => T): T {
    const context = contextOf(call, record, more);
    const looks = this.#looks.get(call.tool) ?? [];
    for (const fields of looks) {
      const found = this.#found.get(keyOf(call.input, fields, context));
      if (found !== undefined) return found;
    }
    const watched = watch(call.input);
    const found = judge({ ...call, input: watched.input });
    const fields = watched.read();
    if (!looks.some((one) => JSON.stringify(one) === JSON.stringify(fields))) {
      this.#looks.set(call.tool, [...looks, fields]);
    }
    this.#found.set(keyOf(call.input, fields, context), found);
    return found;
  }
}

function contextOf(call: ToolCall, { resolved }: Pick<AuditRecord, "resolved">, more: string): string {
  const { tool, cwd, project, home, permissionMode, attended } = call;
  const paths = resolved === undefined ? "" : JSON.stringify(Object.entries(resolved).sort(byName));
  return [tool, cwd, project, home, permissionMode, attended, paths, more].join("\0");
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function keyOf(input: Input, fields: Fields, context: string): string {
  const values = fields === null ? input : fields.map((field) => [field, Object.hasOwn(input, field), input[field]]);
  return `${JSON.stringify(values)}\0${context}`;
}

/** The input as it is, and which fields of it were read. */
function watch(input: Input): { readonly input: Input; readonly read: () => Fields } {
  const fields = new Set<string>();
  let isWhole = false;
  const note = (key: string | symbol): void => {
    if (typeof key === "string") fields.add(key);
    else isWhole = true;
  };
  const watched = new Proxy(input, {
    get(target, key) {
      note(key);
      return Reflect.get(target, key);
    },
    has(target, key) {
      note(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      note(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      isWhole = true;
      return Reflect.ownKeys(target);
    },
  });
  return { input: watched, read: () => (isWhole ? null : [...fields].sort()) };
}
