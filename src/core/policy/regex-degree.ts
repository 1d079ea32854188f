/**
 * An upper bound for the time JavaScript's backtracking can take on a regex: n to the power of the returned degree.
 * Sound, not exact: it answers null where it cannot bound, never a degree that is too small. The criteria are those
 * of Weber and Seidl (On the degree of ambiguity of finite automata, 1991), loosened until they are cheap.
 */
import { ALL, type CharSet, overlaps } from "./char-set.js";
import { type Positions, positionsOf } from "./regex-positions.js";
import type { RegexAst } from "./regex-syntax.js";

/** Choices outside of repetitions multiply the time by at most this. */
const MAX_FREEDOM = 4_096;
const MAX_STEPS = 200_000;

export function backtrackingDegree(tree: RegexAst.Pattern, flags: string): number | null {
  const drawn = positionsOf(tree, flags);
  if (drawn === null) return null;
  const budget = { steps: MAX_STEPS };
  if (drawn.freedom > MAX_FREEDOM && isAmbiguous(drawn, allOf(drawn), drawn.starts, budget)) return null;
  const loops = loopsOf(drawn);
  if (loops.some((loop) => isAmbiguous(drawn, new Set(loop), [], budget))) return null;
  return budget.steps <= 0 ? null : chainDegree(drawn, loops, isAnchored(tree, flags));
}

const allOf = (drawn: Positions): ReadonlySet<number> => new Set(drawn.sets.keys());
const setAt = (drawn: Positions, at: number): CharSet => drawn.sets[at] ?? ALL;
const nextOf = (drawn: Positions, at: number): ReadonlySet<number> => new Set(drawn.next[at]?.keys());

/** Can one text be read in two ways that part and meet again, without leaving `inside`? */
function isAmbiguous(
  drawn: Positions,
  inside: ReadonlySet<number>,
  starts: readonly number[],
  budget: { steps: number },
): boolean {
  const seen = new Set<number>();
  const waiting: [number, number][] = [];
  const visit = (left: number, right: number) => {
    budget.steps--;
    const key = Math.min(left, right) * drawn.sets.length + Math.max(left, right);
    if (seen.has(key) || !overlaps(setAt(drawn, left), setAt(drawn, right))) return;
    seen.add(key);
    waiting.push([left, right]);
  };
  const part = (ways: readonly number[]) => {
    ways.forEach((left, index) => {
      for (const right of ways.slice(index + 1)) visit(left, right);
    });
  };
  part(starts);
  for (const at of inside) {
    const ways = [...(drawn.next[at] ?? [])].filter(([to]) => inside.has(to));
    if (ways.some(([, count]) => count > 1)) return true;
    part(ways.map(([to]) => to));
    if (budget.steps <= 0) return true;
  }
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    for (const left of nextOf(drawn, pair[0])) {
      if (!inside.has(left)) continue;
      for (const right of nextOf(drawn, pair[1])) {
        if (left === right && inside.has(left)) return true;
        if (inside.has(right)) visit(left, right);
      }
    }
    if (budget.steps <= 0) return true;
  }
  return false;
}

/** Strongly connected positions that can repeat, in an order in which a later one never leads to an earlier one. */
function loopsOf(drawn: Positions): readonly (readonly number[])[] {
  const order = new Map<number, number>();
  const low: number[] = [];
  const stack: number[] = [];
  const onStack = new Set<number>();
  const found: number[][] = [];
  const visit = (at: number) => {
    low[at] = order.size;
    order.set(at, order.size);
    stack.push(at);
    onStack.add(at);
    for (const to of nextOf(drawn, at)) {
      if (!order.has(to)) visit(to);
      if (onStack.has(to)) low[at] = Math.min(low[at] ?? 0, low[to] ?? 0);
    }
    if (low[at] !== order.get(at)) return;
    const members = stack.splice(stack.indexOf(at));
    for (const member of members) onStack.delete(member);
    if (members.length > 1 || nextOf(drawn, at).has(at)) found.push(members);
  };
  for (const at of drawn.sets.keys()) if (!order.has(at)) visit(at);
  return found.reverse();
}

interface Loop {
  readonly members: ReadonlySet<number>;
  readonly letters: CharSet;
  /** Positions right after it. */
  readonly exits: readonly number[];
}

/** Longest chain of repetitions that can share the text between them; the search for a start is one more. */
function chainDegree(drawn: Positions, loops: readonly (readonly number[])[], anchored: boolean): number {
  const chain: Loop[] = anchored ? [] : [{ members: new Set(), letters: ALL, exits: drawn.starts }];
  for (const members of loops) {
    chain.push({
      members: new Set(members),
      letters: members.reduce((sum: CharSet, at) => sum | setAt(drawn, at), 0n),
      exits: members.flatMap((at) => [...nextOf(drawn, at)]).filter((at) => !members.includes(at)),
    });
  }
  const shared: number[] = [];
  chain.forEach((to, index) => {
    const before = chain.slice(0, index).map((from, place) => {
      if (!leads(drawn, from, to, ALL)) return 0;
      return (shared[place] ?? 0) + (leads(drawn, from, to, from.letters & to.letters) ? 1 : 0);
    });
    shared.push(Math.max(0, ...before));
  });
  return chain.length === 0 ? 0 : 1 + Math.max(0, ...shared);
}

/** Is there a way from one repetition into another over positions that can read one of `letters`? */
function leads(drawn: Positions, from: Loop, to: Loop, letters: CharSet): boolean {
  const seen = new Set<number>();
  const waiting = [...from.exits];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at) || !overlaps(setAt(drawn, at), letters)) continue;
    if (to.members.has(at)) return true;
    seen.add(at);
    waiting.push(...nextOf(drawn, at));
  }
  return false;
}

function isAnchored(tree: RegexAst.Pattern, flags: string): boolean {
  if (flags.includes("m")) return false;
  const starts = (alternative: RegexAst.Alternative): boolean => {
    const first = alternative.elements[0];
    if (first === undefined) return false;
    if (first.type === "Group" || first.type === "CapturingGroup") return first.alternatives.every(starts);
    return first.type === "Assertion" && first.kind === "start";
  };
  return tree.alternatives.every(starts);
}
