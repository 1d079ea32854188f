/** The strongest effect found so far and the words for it. Later, weaker findings do not change it. */
import type { PartEffect } from "./shell.js";

const STRENGTH: Readonly<Record<PartEffect, number>> = { reads: 0, writes: 1, "runs-code": 2, network: 3, unknown: 4 };

export function isStronger(a: PartEffect, b: PartEffect): boolean {
  return STRENGTH[a] > STRENGTH[b];
}

export class Finding {
  effect: PartEffect = "reads";
  why = "only reads";

  raise(effect: PartEffect, why: string): void {
    if (!isStronger(effect, this.effect)) return;
    this.effect = effect;
    this.why = why;
  }
}
