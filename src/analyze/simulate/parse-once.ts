/** A shell parser that remembers its last answer, for a call that is looked at more than once in a row. */
import type { ParseShell } from "../../core/shell/shell.js";

export function parseOnce(parse: ParseShell): ParseShell {
  let last: { readonly asked: Parameters<ParseShell>; readonly found: ReturnType<ParseShell> } | null = null;
  return (...asked) => {
    if (last !== null && isSame(last.asked, asked)) return last.found;
    const found = parse(...asked);
    last = { asked, found };
    return found;
  };
}

function isSame([text, one]: Parameters<ParseShell>, [other, two]: Parameters<ParseShell>): boolean {
  if (text !== other || one.dialect !== two.dialect || one.home !== two.home) return false;
  return one.wrappers === two.wrappers || one.wrappers.length + two.wrappers.length === 0;
}
