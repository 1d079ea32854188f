/** A reader that asks for its lines (`for … of`) -> one that is shown them by somebody who reads anyway. */
import type { Look } from "../analyze/cubes/fold-log.js";
import type { Scanned } from "../analyze/scan/scan.js";

/** @param passing passes on each line it takes, one for one, before it asks for the next. */
export function onlooker(
  passing: (lines: Iterable<Scanned>) => Iterable<Scanned>,
  isSated: () => boolean,
): Look & { readonly end: () => void } {
  let shown: Scanned | null = null;
  function* lines(): Generator<Scanned, void> {
    while (shown !== null) {
      const one = shown;
      shown = null;
      yield one;
    }
  }
  const reader = passing(lines())[Symbol.iterator]();
  return {
    line(one) {
      shown = one;
      reader.next();
    },
    // Nothing is shown any more: the reader comes to its end.
    end: () => void reader.next(),
    isSated,
  };
}
