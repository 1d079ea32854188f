/**
 * Remembers what was found of a call by what was looked at: calls that agree in every field of their input that the
 * engine read are judged once, whatever else they hold. INVARIANT: what is asked depends on nothing of a call but the
 * fields it reads and what `contextOf` lists.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import type { ToolCall } from "../../core/tool-call.js";
import type { Fields } from "./watched-input.js";

/** What was found of a call, and the fields that were looked at for it. */
export interface Seen<T> {
  readonly found: T;
  readonly fields: Fields;
}

/** What earlier runs found. */
export interface Known<T> {
  /** Each set of fields of a tool that was ever read. */
  readonly looks: (tool: string) => readonly Fields[];
  readonly find: (key: string) => T | undefined;
  readonly keepLooks: (tool: string, looks: readonly Fields[]) => void;
  readonly keep: (key: string, found: T) => void;
}

export class JudgeOnce<T> {
  readonly #known: Known<T> | null;
  readonly #found = new Map<string, T>();
  /** By tool, each set of fields that was ever read. */
  readonly #looks = new Map<string, readonly Fields[]>();
  /** Calls that are being judged, and who asks for one that looks the same. */
  readonly #asked = new Map<string, (() => void)[]>();

  constructor(known: Known<T> | null = null) {
    this.#known = known;
  }

  /** Calls that differ in something that was looked at. */
  get size(): number {
    return this.#found.size;
  }

  /**
   * @param more what else the answer depends on, beside the call and where its paths led.
   * @param judge asked where nothing is known; it may answer later. @param answered called once.
   */
  ask(
    call: ToolCall,
    record: Pick<AuditRecord, "resolved">,
    more: string,
    judge: (judged: (seen: Seen<T>) => void) => void,
    answered: (found: T) => void,
  ): void {
    const context = contextOf(call, record, more);
    const looks = this.#looksOf(call.tool);
    for (const fields of looks) {
      const key = keyOf(call.input, fields, context);
      const found = this.#found.get(key) ?? this.#recall(key);
      if (found !== undefined) {
        answered(found);
        return;
      }
    }
    // One that agrees in all that was ever looked at is most likely the same; the answer tells.
    const likeness = keyOf(call.input, allOf(looks), context);
    const others = this.#asked.get(likeness);
    if (others !== undefined) {
      others.push(() => this.ask(call, record, more, judge, answered));
      return;
    }
    const waiting: (() => void)[] = [];
    this.#asked.set(likeness, waiting);
    judge(({ found, fields }) => {
      this.#noteLook(call.tool, fields);
      const key = keyOf(call.input, fields, context);
      this.#found.set(key, found);
      this.#known?.keep(key, found);
      this.#asked.delete(likeness);
      answered(found);
      for (const other of waiting) other();
    });
  }

  #recall(key: string): T | undefined {
    const found = this.#known?.find(key);
    if (found !== undefined) this.#found.set(key, found);
    return found;
  }

  #looksOf(tool: string): readonly Fields[] {
    const met = this.#looks.get(tool) ?? this.#known?.looks(tool) ?? [];
    this.#looks.set(tool, met);
    return met;
  }

  #noteLook(tool: string, fields: Fields): void {
    const met = this.#looksOf(tool);
    if (met.some((one) => JSON.stringify(one) === JSON.stringify(fields))) return;
    const looks = [...met, fields];
    this.#looks.set(tool, looks);
    this.#known?.keepLooks(tool, looks);
  }
}

/** Of a tool of which nothing is known, all. */
function allOf(looks: readonly Fields[]): Fields {
  if (looks.length === 0 || looks.includes(null)) return null;
  return [...new Set(looks.flatMap((fields) => fields ?? []))];
}

function contextOf(call: ToolCall, { resolved }: Pick<AuditRecord, "resolved">, more: string): string {
  const { tool, cwd, project, home, permissionMode, attended } = call;
  const paths = resolved === undefined ? "" : JSON.stringify(Object.entries(resolved).sort(byName));
  return [tool, cwd, project, home, permissionMode, attended, paths, more].join("\0");
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function keyOf(input: ToolCall["input"], fields: Fields, context: string): string {
  const values = fields === null ? input : fields.map((field) => [field, Object.hasOwn(input, field), input[field]]);
  return `${JSON.stringify(values)}\0${context}`;
}
