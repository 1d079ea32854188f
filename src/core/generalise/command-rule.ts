/**
 * Commands of one name and project -> one allow rule that is closed over their options, argument kinds, effects and
 * folders. It never names a bare program: what may follow is always said.
 */
import { type Closing, closedWords, noWords, seeWords, wordSource } from "./closed-words.js";
import type { CommandShape } from "./command-shape.js";
import { TOUCHY_SOURCE } from "./never.js";
import type { RuleDraft } from "./rule-draft.js";

export interface CommandRuleScope {
  /** Absolute root; the rule holds below it only. "": any project. */
  readonly project: string;
  /** So many different arguments of a kind stand for the kind; fewer stay themselves. */
  readonly different: number;
  /** An option, an argument that stays itself or a whole command must have been seen so often. */
  readonly least: number;
}

const MAX_EXACT = 40;

/** @param shapes of the same head, at least one. `null`: too many words to close over. */
export function commandRule(name: string, shapes: readonly CommandShape[], scope: CommandRuleScope): RuleDraft | null {
  const [first] = shapes;
  if (first === undefined) return null;
  const freedom = shapes.some((shape) => shape.freedom === "none")
    ? "none"
    : shapes.some((shape) => shape.freedom === "pattern")
      ? "pattern"
      : "text";
  const isKnown = shapes.every(({ part }) => part.accessesKnown);
  const closing = {
    ...scope,
    widest: freedom === "none" ? "number" : freedom,
    isFenced: isKnown,
    readsInput: true,
  } as const;
  const command = freedom === "none" ? exactly(shapes, scope.least) : openly(shapes, closing);
  if (command === null) return null;
  const effects = [...new Set(shapes.map(({ effect }) => effect))].sort();
  const readsOnly = effects.every((effect) => effect === "reads");
  const folders = [...new Set(["$PROJECT", ...shapes.flatMap((shape) => shape.folders)])];
  const isOpen = freedom !== "none" && command.includes("[");
  return {
    kind: "allow",
    table: {
      name,
      tool: "Bash",
      ...(scope.project === "" ? {} : { cwd: [scope.project] }),
      shell: {
        program: [first.part.program],
        effect: effects,
        ...(isKnown ? { paths_inside: folders } : {}),
        // Naming folders also covers redirects into them: only rules that read may leave that to the effect.
        ...(isKnown && !readsOnly ? { redirects: { write: ["/dev/null"] } } : {}),
      },
      fields: { command },
      ...(isOpen ? { exclude: { command: TOUCHY_SOURCE } } : {}),
    },
  };
}

/** A folder that a rule's `paths_inside` keeps in bounds. */
const LEAD: Readonly<Record<string, string>> = { "-C": String.raw`-C [^-\s"\x27\\$][^ ]*` };

function headSource({ head }: CommandShape, leads: ReadonlySet<string>): string {
  const [program = "", ...names] = head.map(wordSource);
  if (leads.size === 0) return [program, ...names].join(" ");
  const lead = [...leads].sort().map((option) => LEAD[option] ?? option);
  return [`${program}(?: (?:${lead.join("|")}))?`, ...names].join(" ");
}

function openly(shapes: readonly CommandShape[], closing: Closing): string | null {
  const seen = noWords();
  for (const { part, rest } of shapes) if (!seeWords(seen, part, rest)) return null;
  const hasNames = shapes.every(({ head }) => head.length > 1);
  const words = closedWords(seen, { ...closing, readsInput: !hasNames });
  const leads = new Set(shapes.flatMap(({ lead }) => lead));
  const heads = [...new Set(shapes.map((shape) => headSource(shape, leads)))].sort();
  return words === null ? null : `^${heads.length === 1 ? heads[0] : `(?:${heads.join("|")})`}${words}$`;
}

/** These commands word for word. */
function exactly(shapes: readonly CommandShape[], least: number): string | null {
  const counts = new Map<string, number>();
  for (const { part } of shapes) {
    const text = part.argv.map(({ value }) => wordSource(value ?? "")).join(" ");
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const texts = [...counts].flatMap(([text, count]) => (count >= least ? [text] : [])).sort();
  if (texts.length === 0 || texts.length > MAX_EXACT) return null;
  return texts.length === 1 ? `^${texts[0]}$` : `^(?:${texts.join("|")})$`;
}

/** A name for people: letters, digits and dashes. */
export function draftName(kind: string, words: string): string {
  const plain = words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `${kind}-${plain.slice(0, 50).replaceAll(/^-+|-+$/g, "") || "all"}`;
}

/** Absolute path as Claude Code's patterns write it; what has a meaning there is taken literally. */
export function patternPath(absolute: string): string {
  return `/${absolute.replaceAll(/[\\*?[\]{}()!#]/g, "\\$&")}`;
}
