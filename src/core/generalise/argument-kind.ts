/**
 * What kind of thing an argument is, as a closed regex over one word: a number, a name, a path below here, a pattern, a
 * path below the project, an address of one host, any text. Kinds never take a word that may be read as an option, however it is
 * quoted, and path kinds never climb (`..`).
 */
import { escapeRegex } from "../policy/glob.js";

/** From narrow to wide: each accepts what the ones before it accept, but `below` and `address`, which stand apart. */
export type ArgumentKind = "number" | "name" | "path" | "pattern" | "text" | "below" | "address";

/** One segment that is neither `..` nor an option nor quoted. */
const SEGMENT = String.raw`\.?[\w@][\w@.,:=^+%~-]*`;
/** `...` is how Go names everything below. */
const STEP = String.raw`(?:${SEGMENT}|\.(?:\.\.)?)`;
const PATH = String.raw`${STEP}(?:\/+${STEP})*\/?`;

/** What `PATH` accepts and more, for people to read. */
const FENCED_ABSOLUTE = String.raw`\/[\w@.,:=^+%~\/-]*`;
const FENCED_PATH = String.raw`[\w@.][\w@.,:=^+%~\/-]*`;

/** As a path, with what regexes and globs are written with: `^(TestA|TestB)$`. */
const PIECE = String.raw`(?:\.?[\w@^(*\[|][\w@.,:=^+%~\(\)\|*\[\]$?\{\}-]*|\.(?:\.\.)?)`;
const PATTERN = String.raw`${PIECE}(?:\/+${PIECE})*\/?`;

const SOURCES: Readonly<Record<"number" | "name" | "path" | "pattern" | "text", string>> = {
  number: String.raw`\d+`,
  name: String.raw`\w[\w@.,:=^+%~-]*`,
  path: PATH,
  pattern: PATTERN,
  // Blanks inside a word are seen as no-break spaces.
  text: String.raw`[^-\s"\x27\\$][^ ]*`,
};

const CHAIN = ["number", "name", "path", "pattern", "text"] as const;

const WHOLE = Object.fromEntries(CHAIN.map((kind) => [kind, new RegExp(`^(?:${SOURCES[kind]})$`, "u")]));

/** Where a word leads, beside its kind. */
export interface KindScope {
  /** Absolute root of the project, "" when not known. */
  readonly project: string;
  /** The rule names the folders that paths must lie in, so that the regex need not keep them from climbing. */
  readonly isFenced: boolean;
}

/** @param word its value, blanks as they are. `null`: of no kind; only the word itself can be named. */
export function argumentKind(word: string, { project }: Pick<KindScope, "project">): ArgumentKind | null {
  const seen = word.replace(/\s/gu, "\u00a0");
  if (hostOf(seen) !== "") return "address";
  if (project !== "" && isBelow(seen, project)) return "below";
  return CHAIN.find((kind) => WHOLE[kind]?.test(seen) === true) ?? null;
}

/** Host of a plain http(s) address without user, query or fragment, "" otherwise. */
export function hostOf(word: string): string {
  return /^https?:\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?)(?:\/[\w@.,:=^+%/-]*)?$/i.exec(word)?.[1] ?? "";
}

function isBelow(word: string, project: string): boolean {
  return new RegExp(`^${belowSource(project)}$`, "u").test(word);
}

function belowSource(project: string): string {
  return String.raw`${escapeRegex(project)}(?:\/${SEGMENT})*\/?`;
}

/** Regex source for one word of a kind. @param hosts for `address`: the hosts that were seen. */
export function kindSource(kind: ArgumentKind, scope: KindScope, hosts: readonly string[] = []): string {
  if (kind === "below") return scope.isFenced ? FENCED_ABSOLUTE : belowSource(scope.project);
  if (kind === "address") return `https?:\\/\\/(?:${hosts.map(escapeRegex).join("|")})(?:\\/[\\w@.,:=^+%\\/-]*)?`;
  return kind === "path" && scope.isFenced ? FENCED_PATH : SOURCES[kind];
}

/** Whether everything of the first kind is also of the second. */
export function isWithin(kind: ArgumentKind, wider: ArgumentKind): boolean {
  if (kind === wider) return true;
  if (wider === "text") return true;
  const order: readonly ArgumentKind[] = CHAIN;
  return order.includes(kind) && order.indexOf(kind) <= order.indexOf(wider);
}
