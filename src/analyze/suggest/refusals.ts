/**
 * Deny and ask rules from what people refused: the same command, with the options that every refusal had. These may be
 * generous; a command that was also approved is asked about, never denied.
 */
import { draftName } from "../../core/generalise/command-rule.js";
import type { RuleDraft } from "../../core/generalise/rule-draft.js";
import type { ActingCommand, JudgedPast } from "./judge-past.js";
import type { PastCall } from "./past-call.js";

const LEAST_REFUSED = 3;
const LEAST_SESSIONS = 2;
/** Refused at least so often of all answers. */
const ASK_SHARE = 0.5;

export interface RefusalNode {
  readonly draft: RuleDraft;
  readonly refused: readonly PastCall[];
  readonly approved: number;
}

interface Gathered {
  readonly program: string;
  readonly subcommand: string;
  flags: ReadonlySet<string> | null;
  readonly refused: PastCall[];
  approved: number;
}

/** Largest first. */
export function mineRefusals(calls: readonly PastCall[], judged: JudgedPast): readonly RefusalNode[] {
  const nodes = new Map<string, Gathered>();
  for (const past of calls) {
    if (past.answer !== "refused") continue;
    for (const command of judged(past).acting) {
      const { program, subcommand } = command;
      const key = keyOf(command);
      const node = nodes.get(key) ?? {
        program,
        subcommand,
        flags: null,
        refused: [],
        approved: 0,
      };
      nodes.set(key, node);
      if (node.refused.at(-1) !== past) node.refused.push(past);
      const flags = command.flags.flatMap(([name]) => name ?? []);
      node.flags = new Set(node.flags === null ? flags : flags.filter((flag) => node.flags?.has(flag)));
    }
  }
  const often = new Map([...nodes].filter(([, node]) => isRefusedOften(node)));
  // Without one the many approved calls need no look.
  for (const past of often.size === 0 ? [] : calls) {
    if (past.answer !== "approved") continue;
    const { acting } = judged(past);
    for (const key of new Set(acting.map(keyOf))) {
      const node = often.get(key);
      if (node === undefined) continue;
      if (acting.some((command) => keyOf(command) === key && hasAll(command, node.flags))) node.approved++;
    }
  }
  return [...often.values()]
    .filter(({ refused, approved }) => refused.length / (refused.length + approved) >= ASK_SHARE)
    .map((node) => ({ draft: draftOf(node), refused: node.refused, approved: node.approved }))
    .toSorted((a, b) => b.refused.length - a.refused.length || (a.draft.table.name < b.draft.table.name ? -1 : 1));
}

function isRefusedOften({ refused }: Gathered): boolean {
  const sessions = new Set(refused.map(({ call }) => call.sessionId));
  return refused.length >= LEAST_REFUSED && sessions.size >= LEAST_SESSIONS;
}

function keyOf({ program, subcommand }: ActingCommand): string {
  return JSON.stringify([program, subcommand]);
}

function hasAll(command: ActingCommand, flags: ReadonlySet<string> | null): boolean {
  return [...(flags ?? [])].every((flag) => command.flags.some((names) => names.includes(flag)));
}

function draftOf({ program, subcommand, flags, refused, approved }: Gathered): RuleDraft {
  const kind = approved === 0 ? "deny" : "ask";
  const shown = [program, subcommand, ...(flags ?? [])].filter((word) => word !== "").join(" ");
  return {
    kind,
    table: {
      name: draftName(kind, shown),
      description: `Refused ${refused.length} times, approved ${approved} times.`,
      reason: kind === "deny" ? `The user refused \`${shown}\` before.` : `\`${shown}\` was refused before.`,
      shell: {
        program: [program],
        ...(subcommand === "" ? {} : { subcommand: [subcommand] }),
        ...(flags === null || flags.size === 0 ? {} : { flags_all: [...flags].sort() }),
      },
    },
  };
}
