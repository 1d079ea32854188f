/**
 * Texts inside source code that may be commands: `os.system("rm x")`, `run(["rm", "-rf", "x"])`. Only candidates come
 * out, for deny and ask. A literal that is no argument of a call that starts programs is data and gives none.
 */

const STARTER =
  /(?:\b(?:system|popen\d?|Popen|exec\w*|spawn\w*|run|call|check_output|check_call|getoutput|getstatusoutput|shell|sh|execa|fork)|\$)\s*\(?\s*\[?\s*[frbu]?(?=["'`])/g;
/** Perl, Ruby and PHP run what stands in backticks. */
const BACKTICKS = /^(?:perl|ruby|php)$/;
const QUOTED_COMMAND = /`([^`]*)`|\b(?:qx|%x)[{(/]([^})/]*)[})/]/g;
const LITERAL = /^["'`]/;
const MOST = 20;
const LONGEST_CODE = 50_000;

/** Shell texts, at most twenty; lists of literals are joined by blanks. */
export function commandsInCode(code: string, program: string): readonly string[] {
  if (code.length > LONGEST_CODE) return [];
  const texts: string[] = [];
  for (const match of code.matchAll(STARTER)) {
    const literals = literalsAt(code, match.index + match[0].length);
    const isFlag = literals.length === 1 || !literals.every((each) => /^\S*$/.test(each));
    texts.push(isFlag ? (literals[0] ?? "") : literals.join(" "));
    if (texts.length === MOST) return texts;
  }
  if (!BACKTICKS.test(program)) return texts;
  for (const match of code.matchAll(QUOTED_COMMAND)) texts.push(match[1] ?? match[2] ?? "");
  return texts.slice(0, MOST);
}

/** String literals one after another, with commas and brackets between them. */
function literalsAt(code: string, start: number): string[] {
  const found: string[] = [];
  let at = start;
  while (found.length < MOST && LITERAL.test(code[at] ?? "")) {
    const end = endOfLiteral(code, at);
    if (end === undefined) break;
    found.push(code.slice(at + 1, end).replace(/\\(.)/gs, "$1"));
    at = end + 1 + (/^[\s,[]*/.exec(code.slice(end + 1, end + 20))?.[0].length ?? 0);
  }
  return found;
}

function endOfLiteral(code: string, start: number): number | undefined {
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === code[start]) return at;
  }
  return undefined;
}
