/**
 * Texts inside source code that may be commands: `os.system("rm x")`, `["rm", "-rf", "x"]`. Only candidates come out, for
 * deny and ask; code that starts no program gives none.
 */

const STARTS_PROGRAMS =
  /system|popen|exec|spawn|subprocess|check_output|check_call|\brun\b|\bcall\b|shell|Process|Open3|qx|%x|`|Bun\.\$/;
const LITERAL = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|(?:%x|qx)[{(/](.*?)[})/]/g;
const MOST = 20;
const LONGEST_CODE = 20_000;

/** Shell texts, at most twenty; lists of literals are joined by blanks. */
export function commandsInCode(code: string): readonly string[] {
  if (code.length > LONGEST_CODE || !STARTS_PROGRAMS.test(code)) return [];
  const texts: string[] = [];
  let list: string[] = [];
  let last = -1;
  for (const match of code.matchAll(LITERAL)) {
    const text = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").replace(/\\(["'`\\])/g, "$1");
    const isNext = last >= 0 && /^\s*,\s*$/.test(code.slice(last, match.index));
    if (!isNext && list.length > 1) texts.push(list.join(" "));
    list = isNext ? [...list, text] : [text];
    last = match.index + match[0].length;
    if (/[A-Za-z]/.test(text)) texts.push(text);
    if (texts.length >= MOST) break;
  }
  if (list.length > 1) texts.push(list.join(" "));
  return texts.slice(0, MOST);
}
