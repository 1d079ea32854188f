/** The fields of a line in the order on disk, and what the value of each must look like, bytes as our serializer writes them. */
import { RECORD_KEYS } from "../../core/audit/record.js";
import { DECISIONS, TIERS } from "../../core/decision.js";

type Key = (typeof RECORD_KEYS)[number];
export type Shape = "text" | "once" | "word" | "number" | "flag" | "texts" | "map" | "rest" | "refused";

/**
 * Every key after `timestamp` in the order on disk. `once`: a text that hardly ever comes again; `word`: a closed list;
 * `refused`: seldom, and not worth walking.
 */
const SHAPES = {
  event: "text",
  session_id: "text",
  tier: "word",
  decision: "word",
  tool_name: "text",
  rule_id: "text",
  llm_score: "word",
  permission_mode: "text",
  attended: "flag",
  agent_id: "text",
  tool_use_id: "once",
  prompt_id: "once",
  policy_hash: "text",
  duration_us: "number",
  llm_latency_ms: "number",
  llm_confidence: "number",
  llm_model: "text",
  llm_cached: "flag",
  tool_success: "flag",
  tool_duration_ms: "number",
  tool_result_length: "number",
  input_truncated: "flag",
  redacted: "number",
  source_version: "text",
  engine_version: "text",
  imported_from: "text",
  project: "text",
  cwd: "text",
  home: "text",
  rule_matched: "text",
  rule_source: "text",
  rule_ids: "texts",
  commands: "texts",
  paths: "texts",
  effect: "word",
  resolved: "map",
  input_hash: "once",
  reason: "once",
  llm_error: "text",
  llm_reasoning: "once",
  promoted_rule: "text",
  reroute: "refused",
  error: "once",
  tool_result_preview: "once",
  tool_input: "rest",
} as const satisfies Readonly<Record<Exclude<Key, "v" | "id" | "timestamp" | "auto_promoted">, Shape>>;

type HeadField = keyof typeof SHAPES;
type FieldOf<S extends Shape> = { [F in HeadField]: (typeof SHAPES)[F] extends S ? F : never }[HeadField];

const FIELDS = RECORD_KEYS.filter((key): key is HeadField => key in SHAPES);
export const FIELD_COUNT = FIELDS.length;

/** A field by its place in the order on disk: looked up once by name, not for every line. */
export type FieldIndex<S extends Shape = Shape> = number & { readonly of?: S };
export function fieldIndex<F extends HeadField>(field: F): FieldIndex<(typeof SHAPES)[F]> {
  return FIELDS.indexOf(field);
}

/** `null` for what a line holds outside its fields, and for those that are not read where they stand. */
export function fieldOf(key: Key): number | null {
  const names: readonly Key[] = FIELDS;
  const field = names.indexOf(key);
  return field < 0 || KINDS[field] === MAP || KINDS[field] === REST ? null : field;
}

const ALL_SHAPES: readonly Shape[] = ["text", "once", "word", "number", "flag", "texts", "map", "rest", "refused"];
export const [TEXT, ONCE, WORD, NUMBER, FLAG, TEXTS, MAP, REST] = [0, 1, 2, 3, 4, 5, 6, 7];
/** The shape of each field, as one of the numbers above; another number is refused. */
export const KINDS = Uint8Array.from(FIELDS, (field) => ALL_SHAPES.indexOf(SHAPES[field]));

/** Of each field, and of `auto_promoted` behind them, as it leads to the value: `,"event":`. */
export const LITERALS: readonly Buffer[] = [...FIELDS, "auto_promoted"].map((field) => Buffer.from(`,"${field}":`));

const WORDS: Readonly<Record<FieldOf<"word">, readonly string[]>> = {
  tier: TIERS,
  decision: [...DECISIONS, "promotion_blocked"],
  llm_score: ["GREEN", "YELLOW", "RED"],
  effect: ["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"],
};

/** By field its words as they stand in a line, quotes included; none where it is not of a closed list. */
export const WORDS_OF: readonly (readonly Buffer[])[] = FIELDS.map((field) =>
  [...(SHAPES[field] === "word" ? WORDS[field as FieldOf<"word">] : [])].map((text) => Buffer.from(`"${text}"`)),
);
