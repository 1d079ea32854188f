/**
 * What of a row leaves the machine. An allow-list: every column has its treatment in every profile, so a new one does not
 * compile before somebody decided on it; text that is not of the shape its column should have leaves as a keyed hash.
 * `counts` holds no text of a call; `redacted` which programs and paths, never arguments; `full` what the log holds, and
 * only the managed settings choose it. Secrets are taken out of everything once more.
 */
import type { KeyedHash } from "../../store/ship/ship-keys.js";
import { ROW_COLUMN_NAMES, ROW_COLUMNS, type Row, type RowColumn } from "../fleet/row.js";

export const PROFILES = ["counts", "redacted", "full"] as const;
export type Profile = (typeof PROFILES)[number];

/**
 * `as-is`: made by us, from closed lists or numbers · a pattern: kept when it is of that shape and holds no secret, else
 * hashed · `hashed` · `clean`: text without secrets · `redacted`: nor with home folders · `skeleton`: which programs, else
 * which path · `dropped`.
 */
type Treatment = "as-is" | "hashed" | "clean" | "redacted" | "skeleton" | "dropped" | RegExp;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WORD = /^[A-Za-z][\w-]{0,63}$/;
const TOOL = /^[A-Za-z][\w.-]{0,127}$/;
const RULE = /^[A-Za-z0-9][\w .:#-]{0,99}$/;
const HEX = /^[0-9a-f]{8,64}$/i;
const CALL_ID = /^[a-z]{2,12}_[0-9A-Za-z]{8,64}$/;
const MODEL = /^[a-z][\w.:@-]{0,63}$/i;
const ENGINE = /^\d{1,5}\.\d{1,5}\.\d{1,5}(?:-[\w.]{1,32})?$/;

const COUNTS: Readonly<Record<RowColumn, Treatment>> = {
  v: "as-is",
  kind: "as-is",
  id: "as-is",
  rev: "as-is",
  machine: "as-is",
  profile: "as-is",
  log: "as-is",
  off: "as-is",
  len: "as-is",
  time: "as-is",
  session: UUID,
  event: WORD,
  imported: WORD,
  tool: TOOL,
  call_id: CALL_ID,
  decision: "as-is",
  tier: WORD,
  source: "as-is",
  rule: RULE,
  rules: RULE,
  project: "hashed",
  mode: WORD,
  effect: WORD,
  outcome: "as-is",
  rejected: "as-is",
  saved: "as-is",
  commands: "hashed",
  paths: "hashed",
  domains: "hashed",
  policy: HEX,
  llm: WORD,
  llm_model: MODEL,
  llm_cached: "as-is",
  unsure: "as-is",
  llm_error: "hashed",
  reroute: "as-is",
  ran: "as-is",
  answered: "as-is",
  hook_us: "as-is",
  tool_ms: "as-is",
  llm_ms: "as-is",
  subject: "dropped",
  reason: "dropped",
  rule_source: "dropped",
  alternative: "dropped",
  engine: ENGINE,
  cut: "as-is",
  secrets: "as-is",
  disorder: "as-is",
  problem: "as-is",
  excerpt: "dropped",
  body: "dropped",
  size: "as-is",
  copies: "as-is",
  prompt_copies: "as-is",
  without_id: "as-is",
  undecided: "as-is",
  outcomes_alone: "as-is",
  closed_early: "as-is",
  dropped: "as-is",
};

const REDACTED: Readonly<Record<RowColumn, Treatment>> = {
  ...COUNTS,
  project: "redacted",
  commands: "redacted",
  paths: "redacted",
  domains: "redacted",
  subject: "skeleton",
  rule_source: "redacted",
};

const FULL: Readonly<Record<RowColumn, Treatment>> = {
  ...REDACTED,
  session: "clean",
  event: "clean",
  imported: "clean",
  tool: "clean",
  call_id: "clean",
  tier: "clean",
  rule: "clean",
  rules: "clean",
  project: "clean",
  mode: "clean",
  effect: "clean",
  commands: "clean",
  paths: "clean",
  domains: "clean",
  policy: "clean",
  llm: "clean",
  llm_model: "clean",
  llm_error: "clean",
  subject: "clean",
  reason: "clean",
  rule_source: "clean",
  alternative: "clean",
  engine: "clean",
  excerpt: "clean",
  // INVARIANT: it comes without secrets already: told field by field, which finds more than the text of it all would.
  body: "as-is",
};

const TREATMENTS: Readonly<Record<Profile, Readonly<Record<RowColumn, Treatment>>>> = {
  counts: COUNTS,
  redacted: REDACTED,
  full: FULL,
};

export interface Protection {
  readonly profile: Profile;
  readonly hash: KeyedHash;
  /** The text without secrets. */
  readonly redact: (text: string) => string;
  /** Home folders that must not show. */
  readonly homes: readonly string[];
}

/** So many texts are remembered, since the same ones come again and again. */
const REMEMBERED = 20_000;

type TextName = { [Name in RowColumn]: string extends Row[Name] ? Name : never }[RowColumn];
type ListName = { [Name in RowColumn]: Row[Name] extends readonly string[] ? Name : never }[RowColumn];
type Draft = { -readonly [Name in RowColumn]: Row[Name] };

/** Applies one profile to row after row. */
export function createProtection({ profile, hash, redact, homes }: Protection): (row: Row) => Row {
  const treatments = TREATMENTS[profile];
  const changing = ROW_COLUMN_NAMES.filter((column) => treatments[column] !== "as-is");
  const texts = changing.filter(isText);
  const lists = changing.filter(isList);
  const known = new Map<string, string>();

  return (row) => {
    const draft: Draft = { ...row, profile };
    for (const column of texts) {
      const treatment = treatments[column];
      draft[column] = textOf(column, treatment === "skeleton" ? skeletonOf(row) : row[column], treatment);
    }
    for (const column of lists) {
      if (row[column].length === 0) continue;
      draft[column] = [...new Set(row[column].map((one) => textOf(column, one, treatments[column])))];
    }
    return draft;
  };

  function textOf(column: RowColumn, text: string, treatment: Treatment): string {
    if (text === "" || treatment === "dropped") return "";
    return remember(column, text, () => {
      if (treatment === "hashed") return hash(column, text);
      const clean = redact(text);
      if (treatment === "clean") return clean;
      if (treatment instanceof RegExp) return treatment.test(text) && clean === text ? text : hash(column, text);
      return withoutHomes(clean, homes);
    });
  }

  function remember(column: string, text: string, make: () => string): string {
    if (text.length > 256) return make();
    const key = `${column}\0${text}`;
    const met = known.get(key);
    if (met !== undefined) return met;
    const made = make();
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, made);
    return made;
  }
}

function isText(name: RowColumn): name is TextName {
  return name !== "kind" && ["id", "name", "text"].includes(ROW_COLUMNS[name].type);
}

function isList(name: RowColumn): name is ListName {
  return ROW_COLUMNS[name].type === "texts";
}

function skeletonOf({ commands, paths, domains }: Row): string {
  return commands.length > 0 ? commands.join("; ") : (paths[0] ?? domains[0] ?? "");
}

/** Home folders of any system, plain, or flattened as Claude Code names project folders (`-home-dana-shop`). */
const HOMES = [
  /(?<![\w.])\/(?:home|Users)\/[^\s/:'"`\\,;()<>|]+/g,
  /(?<![\w.])[A-Za-z]:\\{1,2}Users\\{1,2}[^\s\\/:'"`,;()<>|]+/gi,
  /(?<=^|[\s/'"`])-(?:home|Users)-[A-Za-z0-9]+/g,
];

function withoutHomes(text: string, homes: readonly string[]): string {
  let shown = text;
  for (const home of homes) if (home.length > 1) shown = shown.replaceAll(home, "~");
  for (const pattern of HOMES) shown = shown.replace(pattern, "~");
  return shown;
}
