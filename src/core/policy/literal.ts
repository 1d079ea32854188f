/**
 * A piece of text that every match of a regex must contain, found without running it. The engine looks for it first
 * and leaves most regexes uncompiled. When in doubt there is none.
 */
import type { RegexAst } from "./regex-syntax.js";

/**
 * The longest such text of at least two characters, in lower case when `flags` has `i`: to be looked for in the
 * lower-case text then.
 */
export function requiredLiteral(tree: RegexAst.Pattern, flags: string): string | undefined {
  const runs = new Runs(flags.includes("i"));
  const only = tree.alternatives.length === 1 ? tree.alternatives[0] : undefined;
  if (only === undefined) return undefined;
  runs.sequence(only.elements);
  runs.end();
  return runs.longest.length >= 2 ? runs.longest : undefined;
}

class Runs {
  longest = "";
  private current = "";

  constructor(private readonly ignoreCase: boolean) {}

  end(): void {
    if (this.current.length > this.longest.length) this.longest = this.current;
    this.current = "";
  }

  sequence(nodes: readonly RegexAst.Element[]): void {
    for (const node of nodes) this.element(node);
  }

  private element(node: RegexAst.Element): void {
    switch (node.type) {
      case "Character":
        this.character(node);
        return;
      case "Group":
      case "CapturingGroup":
        this.group(node);
        return;
      case "Quantifier":
        this.quantifier(node);
        return;
      case "Assertion":
        // Matches no text, so what stands before and after it is neighbours.
        return;
      default:
        this.end();
    }
  }

  private character(node: RegexAst.Character): void {
    const char = String.fromCodePoint(node.value);
    if (!this.ignoreCase) {
      this.current += char;
    } else if (isFoldedAlone(char)) {
      this.current += char.toLowerCase();
    } else {
      this.end();
    }
  }

  private group(node: RegexAst.Group | RegexAst.CapturingGroup): void {
    const only = node.alternatives.length === 1 ? node.alternatives[0] : undefined;
    if (only === undefined) this.end();
    else this.sequence(only.elements);
  }

  /** One or more of a thing: its first occurrence follows what came before, its last precedes what comes after. */
  private quantifier(node: RegexAst.Quantifier): void {
    if (node.min === 0) {
      this.end();
    } else if (node.max === 1 || node.element.type === "Character") {
      this.element(node.element);
      if (node.max === 1) return;
      this.end();
      this.element(node.element);
    } else {
      this.end();
      this.element(node.element);
      this.end();
    }
  }
}

/**
 * INVARIANT: with `iu`, `s` also matches U+017F, whose lower case is itself; and non-ASCII letters fold by other rules
 * than `toLowerCase` follows. Only ASCII without `s` is the same in both.
 */
function isFoldedAlone(char: string): boolean {
  return /^[\x00-\x7f]$/.test(char) && !/s/i.test(char);
}
