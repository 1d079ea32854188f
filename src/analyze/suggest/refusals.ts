/**
 * Deny and ask rules from what people refused: the same command, with the options that every refusal had. These may be
 * generous; a command that was also approved is asked about, never denied.
 */
import { draftName } from "../../core/generalise/command-rule.js";
import { judgedParts } from "../../core/generalise/generalise-calls.js";
import type { RuleDraft } from "../../core/generalise/rule-draft.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { ShellPart } from "../../core/shell/shell.js";
import { toolShape } from "../../core/tool-call.js";
import { oncePerCall } from "./judge-past.js";
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
export function mineRefusals(calls: readonly PastCall[], policy: Policy): readonly RefusalNode[] {
  const nodes = new Map<string, Gathered>();
  const acting = oncePerCall(policy, (past) => actingParts(past, policy));
  for (const past of calls) {
    if (past.answer !== "refused") continue;
    for (const part of acting(past)) {
      const key = keyOf(part);
      const node = nodes.get(key) ?? {
        program: part.program ?? "",
        subcommand: part.subcommand ?? "",
        flags: null,
        refused: [],
        approved: 0,
      };
      nodes.set(key, node);
      if (node.refused.at(-1) !== past) node.refused.push(past);
      const flags = part.flags.map(({ name }) => name);
      node.flags = new Set(node.flags === null ? flags : flags.filter((flag) => node.flags?.has(flag)));
    }
  }
  const often = new Map([...nodes].filter(([, node]) => isRefusedOften(node)));
  // Without one the many approved calls need no look.
  for (const past of often.size === 0 ? [] : calls) {
    if (past.answer !== "approved") continue;
    for (const key of new Set(acting(past).map(keyOf))) {
      const node = often.get(key);
      if (node === undefined) continue;
      if (acting(past).some((part) => keyOf(part) === key && hasAll(part, node.flags))) node.approved++;
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

function keyOf({ program, subcommand }: ShellPart): string {
  return JSON.stringify([program, subcommand]);
}

function hasAll(part: ShellPart, flags: ReadonlySet<string> | null): boolean {
  return [...(flags ?? [])].every((flag) =>
    part.flags.some(({ name, names }) => name === flag || names.includes(flag)),
  );
}

/** Commands of a call that do more than read; all of them when none does. */
function actingParts({ call, resolvePath, timeMs }: PastCall, policy: Policy): readonly ShellPart[] {
  if (toolShape(call.tool)?.command === undefined) return [];
  const judged = judgedParts(policy, call, { resolvePath, parseShell: analyzeShell, now: timeMs });
  if (judged.kind === "none") return [];
  const known = judged.subjects.filter(
    ({ part }) => part !== null && part.program !== null && part.subcommand !== null,
  );
  const acting = known.filter(({ effect }) => effect !== "reads");
  return (acting.length > 0 ? acting : known).flatMap(({ part }) => part ?? []);
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
