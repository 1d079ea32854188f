/**
 * The walk over a block's lines as WebAssembly (wasm/), compiled when a log turns out to be worth it. `null` where that
 * cannot be had: the script's walk tells the same, slower.
 */
import { createRequire } from "node:module";

/** What of the platform's WebAssembly is used: its types are not Node's own. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Place {
  readonly value: number;
}

/** The exports of wasm/index.ts; what they mean is said there. */
export interface WalkExports extends Readonly<Record<PlaceName, Place>> {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  begin(fields: number): void;
  open(): void;
  add(start: number, limit: number): number;
  walk(start: number, limit: number): number;
  ruleOut(start: number, limit: number): number;
  part(row: number, place: number): number;
  forget(): void;
}

type PlaceName =
  | "AFTER_TIME"
  | "BEFORE_TIME"
  | "BEGIN"
  | "BLOCK"
  | "FIRST_WORDS"
  | "KINDS"
  | "LINE_ENDS"
  | "LINE_OUT"
  | "LINE_ROWS"
  | "LINE_SINGLE"
  | "LINE_STARTS"
  | "LINES"
  | "MAX_FIELDS"
  | "NOT_PROMOTED"
  | "PART"
  | "PART_KEY"
  | "PARTS"
  | "PARTS_MAX"
  | "PROBE_BYTES"
  | "PROBES"
  | "PROMOTED"
  | "ROW_ENDS"
  | "ROW_FLAGS"
  | "ROW_LINES"
  | "ROW_STARTS"
  | "ROW_TIMES"
  | "ROWS"
  | "SLOT"
  | "SLOT_COUNT"
  | "SLOT_MASKS"
  | "SLOTS"
  | "WORD_COUNTS"
  | "WORDS";

let compiled: object | null | undefined;

/** One more of them, each with a memory of its own. */
export function newWalk(): WalkExports | null {
  if (compiled === undefined) compiled = compile();
  if (compiled === null) return null;
  try {
    return new WebAssembly.Instance(compiled).exports as WalkExports;
  } catch {
    // No room for its memory: an address space that is limited.
    compiled = null;
    return null;
  }
}

function compile(): object | null {
  try {
    const text: string = createRequire(import.meta.url)("#packages/walk");
    return new WebAssembly.Module(Buffer.from(text, "base64"));
  } catch {
    // Not built, no WebAssembly, or no SIMD.
    return null;
  }
}
