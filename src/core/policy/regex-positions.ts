/**
 * A regex as an automaton without empty moves (Glushkov): one position for each character of the regex, edges to the
 * positions that may come next. A regex that cannot be drawn this way without losing a choice gives null.
 */
import { type CharSet, charSetOf } from "./char-set.js";
import type { RegexAst } from "./regex-syntax.js";

export interface Positions {
  readonly sets: readonly CharSet[];
  /** Position -> next position -> in how many ways. */
  readonly next: readonly ReadonlyMap<number, number>[];
  readonly starts: readonly number[];
  /** Upper bound of the number of choices outside of repetitions. */
  readonly freedom: number;
}

interface Fragment {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const EMPTY: Fragment = { nullable: true, first: [], last: [] };
const MAX_POSITIONS = 1_000;
const MAX_EDGES = 20_000;

const MAX_COPIES = 8;

type CharNode = RegexAst.Character | RegexAst.CharacterSet | RegexAst.CharacterClass;

function isCharacter(node: RegexAst.Element): node is CharNode {
  return node.type === "Character" || node.type === "CharacterSet" || node.type === "CharacterClass";
}

/**
 * A regex that ends in `x*` has matched when it comes there, so nothing is tried again: the time is that of the regex
 * without it. `x+` at the end is one `x`.
 */
function withoutEnding(elements: readonly RegexAst.Element[]): readonly RegexAst.Element[] {
  const last = elements.at(-1);
  if (last?.type !== "Quantifier" || !isCharacter(last.element) || last.max !== Number.POSITIVE_INFINITY)
    return elements;
  if (last.min === 0) return withoutEnding(elements.slice(0, -1));
  return last.min === 1 ? [...elements.slice(0, -1), last.element] : elements;
}

/** Thrown inside this file only, to leave the recursion. */
class Undrawable extends Error {}

export function positionsOf(tree: RegexAst.Pattern, flags: string): Positions | null {
  const drawing = new Drawing(flags);
  try {
    const { first } = drawing.whole(tree);
    return { sets: drawing.sets, next: drawing.next, starts: first, freedom: drawing.freedom };
  } catch (cause) {
    if (cause instanceof Undrawable || cause instanceof RangeError) return null;
    throw cause;
  }
}

class Drawing {
  readonly sets: CharSet[] = [];
  readonly next: Map<number, number>[] = [];
  freedom = 1;
  private edges = 0;

  constructor(private readonly flags: string) {}

  whole(tree: RegexAst.Pattern): Fragment {
    return this.union(
      tree.alternatives.map(({ elements }) => this.sequence(withoutEnding(elements), false)),
      false,
    );
  }

  private alternatives(nodes: readonly RegexAst.Alternative[], inLoop: boolean): Fragment {
    return this.union(
      nodes.map(({ elements }) => this.sequence(elements, inLoop)),
      inLoop,
    );
  }

  private union(parts: readonly Fragment[], inLoop: boolean): Fragment {
    this.choose(parts.length, inLoop, parts.filter((part) => part.nullable).length > 1);
    return {
      nullable: parts.some((part) => part.nullable),
      first: parts.flatMap((part) => part.first),
      last: parts.flatMap((part) => part.last),
    };
  }

  private sequence(nodes: readonly RegexAst.Element[], inLoop: boolean): Fragment {
    let whole = EMPTY;
    for (const node of nodes) {
      const part = this.element(node, inLoop);
      this.connect(whole.last, part.first);
      whole = {
        nullable: whole.nullable && part.nullable,
        first: whole.nullable ? [...whole.first, ...part.first] : whole.first,
        last: part.nullable ? [...whole.last, ...part.last] : part.last,
      };
    }
    return whole;
  }

  private element(node: RegexAst.Element, inLoop: boolean): Fragment {
    switch (node.type) {
      case "Group":
      case "CapturingGroup":
        return this.alternatives(node.alternatives, inLoop);
      case "Quantifier":
        return this.quantifier(node, inLoop);
      case "Assertion":
        return this.assertion(node, inLoop);
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
        return this.position(charSetOf(node, this.flags));
      default:
        throw new Undrawable();
    }
  }

  /** A counted repetition is drawn as an endless one: that can only add ways to match, never hide one. */
  private quantifier(node: RegexAst.Quantifier, inLoop: boolean): Fragment {
    if (node.max === 0) return EMPTY;
    if (node.max <= MAX_COPIES && isCharacter(node.element)) return this.copies(node, node.element, inLoop);
    const isLoop = node.max > 1;
    const body = this.element(node.element, inLoop || isLoop);
    if (isLoop) {
      // A body that can be empty repeats in ways the positions do not show.
      if (body.nullable) throw new Undrawable();
      this.connect(body.last, body.first);
    }
    if (node.min > 0) return body;
    this.choose(2, inLoop, body.nullable);
    return { ...body, nullable: true };
  }

  /** A short counted repetition of one character is drawn as it is. */
  private copies(node: RegexAst.Quantifier, element: CharNode, inLoop: boolean): Fragment {
    const set = charSetOf(element, this.flags);
    const copies = Array.from({ length: node.max }, () => this.position(set));
    const last = copies.slice(Math.max(0, node.min - 1)).flatMap((copy) => copy.last);
    copies.forEach((copy, index) => {
      this.connect(copies[index - 1]?.last ?? [], copy.first);
    });
    this.choose(node.max - node.min + 1, inLoop, false);
    return { nullable: node.min === 0, first: copies[0]?.first ?? [], last };
  }

  /** A look-ahead is a branch that leads nowhere; a look-behind with a repetition is not drawn. */
  private assertion(node: RegexAst.Assertion, inLoop: boolean): Fragment {
    if (node.kind === "lookahead") {
      const { first } = this.alternatives(node.alternatives, inLoop);
      return { nullable: true, first, last: [] };
    }
    if (node.kind === "lookbehind" && /[*+{]/.test(node.raw)) throw new Undrawable();
    return EMPTY;
  }

  private position(set: CharSet): Fragment {
    const index = this.sets.push(set) - 1;
    this.next.push(new Map());
    if (index >= MAX_POSITIONS) throw new Undrawable();
    return { nullable: false, first: [index], last: [index] };
  }

  private connect(from: readonly number[], to: readonly number[]): void {
    this.edges += from.length * to.length;
    if (this.edges > MAX_EDGES) throw new Undrawable();
    for (const source of from) {
      const edges = this.next[source];
      for (const target of to) edges?.set(target, (edges.get(target) ?? 0) + 1);
    }
  }

  private choose(ways: number, inLoop: boolean, isHidden: boolean): void {
    if (!inLoop) this.freedom *= ways;
    else if (isHidden) throw new Undrawable();
  }
}
