// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell texts
/**
 * Random shell texts: well-formed nested ones that know which command names they hold, and soups of tokens and mutated
 * texts that are mostly broken. Names are `zq0` to `zq9`, which no system has.
 */
import fc from "fast-check";

/** A text and the command names placed in it. */
export interface Placed {
  readonly text: string;
  readonly names: readonly string[];
}

const name = fc.integer({ min: 0, max: 9 }).map((digit) => `zq${digit}`);
const plainWord = fc.constantFrom(
  "a",
  "-r",
  "--flag=x",
  "'q;q'",
  '"d d"',
  "a\\ b",
  "$'t\\tb'",
  "{}",
  "[",
  "]",
  "x=1",
  "''",
  "HEAD~1",
  "$'\\x41\\'b'",
  "'a'\"b\"c",
  "a=~b",
  "@",
);
const expansion = fc.constantFrom(
  "$x",
  '"$x"',
  "${x:-y}",
  '"${x%.*}"',
  "*.ts",
  "{a,b}",
  "$((1 + 2))",
  "~",
  '"$@"',
  "${#x}",
  "${x//a/b}",
  '"${x:1:2}"',
  "{1..3}",
  "a{b,c}d",
  "[ab]?",
  '"$(( x * 2 ))"',
);
const redirect = fc.constantFrom("> t1", "2>&1", ">> t2", "< t1", "&> t1", "<<< 'x y'", "2>/dev/null", ">| t1", "3<&-");
const separator = fc.constantFrom("; ", " && ", " || ", "\n", " & ", " | ", " |& ", ";\n", " \\\n && ");

const none: Placed = { text: "", names: [] };
const letter: Placed = { text: "a", names: [] };

function join(parts: readonly Placed[], between: string): Placed {
  return { text: parts.map((part) => part.text).join(between), names: parts.flatMap((part) => part.names) };
}

function wrap(before: string, part: Placed, after: string): Placed {
  return { text: before + part.text + after, names: part.names };
}

type Grammar = { list: Placed; command: Placed; simple: Placed; word: Placed };

/** Nested lists of commands; every one is valid bash. */
export const nestedShell: fc.Arbitrary<Placed> = fc.letrec<Grammar>((tie) => ({
  word: fc.oneof(
    { maxDepth: 4, depthIdentifier: "shell" },
    plainWord.map((text): Placed => ({ text, names: [] })),
    expansion.map((text): Placed => ({ text, names: [] })),
    tie("list").map((list) => wrap("$( ", list, ")")),
    tie("list").map((list) => wrap('"a $( ', list, ')"')),
    tie("simple").map((list) => wrap("`", list.text.includes("\\") || list.text.includes("`") ? none : list, "`")),
    tie("list").map((list) => wrap("<( ", list, ")")),
    tie("list").map((list) => wrap(">( ", list, ")")),
    tie("list").map((list) => wrap("${x/$( ", list, ")/b}")),
    tie("list").map((list) => wrap('"a\'b"$( ', list, ")'c\"d'")),
    tie("word")
      .map((word) => wrap('"$( zq0 "', /["<>]/.test(word.text) ? none : word, '" )"'))
      .map(withName("zq0")),
    tie("list").map((list) => wrap("${x:-$( ", list, ")}")),
    tie("list").map((list) => wrap('"${x:-$( ', list.text.includes("'") ? none : list, ')}"')),
  ),
  simple: fc
    .tuple(name, fc.array(tie("word"), { maxLength: 3 }), fc.option(redirect, { nil: "" }), fc.boolean())
    .map(([program, words, target, assigns]) => {
      const rest = join(words, " ");
      return { text: `${assigns ? "v=1 " : ""}${program} ${rest.text} ${target}`, names: [program, ...rest.names] };
    }),
  command: fc.oneof(
    { maxDepth: 4, depthIdentifier: "shell" },
    tie("simple"),
    tie("list").map((list) => wrap("( ", list, ")")),
    tie("list").map((list) => wrap("{ ", list, "\n}")),
    fc.tuple(tie("list"), tie("list")).map((lists) => wrap("if ", join(lists, "\nthen "), "\nfi")),
    tie("list").map((list) => wrap("for v in a b; do ", list, "\ndone")),
    tie("list").map((list) => wrap("while ", list, "\ndo break\ndone")),
    tie("list").map((list) => wrap("case $x in a|b) ", list, "\n;; *) ;; esac")),
    tie("list").map((list) => wrap("zf() { ", list, "\n}")),
    tie("list").map((list) => wrap("function zg { ", list, "\n}")),
    tie("list").map((list) => wrap("zf() ( ", list, ")")),
    tie("list").map((list) => wrap("until ", list, "\ndo break\ndone")),
    tie("list").map((list) => wrap("for ((i = 0; i < 2; i++)); do ", list, "\ndone")),
    tie("list").map((list) => wrap("select v in a b; do ", list, "\nbreak\ndone")),
    fc.tuple(tie("list"), tie("list"), tie("list")).map((lists) => wrap("if ", ifElse(lists), "\nfi")),
    fc.tuple(tie("list"), tie("list")).map((lists) => wrap("case a in (a) ", join(lists, "\n;; b | c) "), "\n;; esac")),
    fc.constantFrom("((x += 1))", "((1 < 2))").map((text): Placed => ({ text, names: [] })),
    tie("list").map((list) => wrap("[[ a == a* && ( -z $( ", list, ") || x < y ) ]]")),
    tie("list").map((list) => wrap("v=( a $( ", list, ") )")),
    tie("list")
      .map((list) => wrap('zq1 <<< "$( ', /'|<</.test(list.text) ? letter : list, ')"'))
      .map(withName("zq1")),
    tie("word").map((word) => wrap("[[ -n ", /[<>]\(/.test(word.text) ? letter : word, " ]]")),
    tie("simple").map((simple) => wrap("! ", simple, "")),
    tie("simple").map((simple) => wrap("time ", simple, "")),
    fc.tuple(name, tie("list")).map(([program, list]) => {
      const body = /[\\`'"\n]|<</.test(list.text) ? none : wrap("$( ", list, ")");
      return { text: `${program} <<E\nx ${body.text}\nE\n`, names: [program, ...body.names] };
    }),
  ),
  list: fc
    .tuple(tie("command"), fc.array(fc.tuple(separator, tie("command")), { maxLength: 2 }))
    .map(([first, more]) => more.reduce((left, [between, right]) => glue(left, between, right), first)),
})).list;

function ifElse([condition, then, otherwise]: readonly [Placed, Placed, Placed]): Placed {
  return join([condition, join([then, otherwise], "\nelse ")], "\nthen ");
}

function withName(name: string): (placed: Placed) => Placed {
  return ({ text, names }) => ({ text, names: [...names, name] });
}

/** After a here-document's end only a new line may follow. */
function glue(left: Placed, between: string, right: Placed): Placed {
  return join([left, right], left.text.endsWith("\n") ? "" : between);
}

const tokens = [
  ..."zq0 zq1 zq2 zq3 zq4 zq5 zq6 zq7 zq8 zq9 ; & | && || |& ( ) { } $( ` <( >( $(( )) (( [[ ]] ! if then fi else".split(
    " ",
  ),
  ..."for in do done while case esac ;; function time ' \" \\ $ ${ } # * ? [ ] = == ~ < > >> << <<- <<< &> >& <& >| <>".split(
    " ",
  ),
  ..."a= a+= a=( $a ${a} ${a:- ${a/ ${a[ [@] $'  $\" $@ $# ^ % , : + - 1 2 10 1> 2>&1 >&- <&- E <<E <<'E' ;& =( (N) (. :)".split(
    " ",
  ),
  ..."&! &| >! ;| *( !( @( {a,b} {1..3} <1-2> $=a $^a $+a repeat foreach coproc select until function".split(" "),
  ..."=zq1 ~zq2 ~+ ~- *(N) *(.om[1]) *(e:zq3:) <<<$a $'\\x41' $'\\'' ((a++)) ${a:=b} ${(e)a} ${~a} ${!a} ;;& |&".split(
    " ",
  ),
  " ",
  " ",
  " ",
  "\n",
  "\n",
  "\nE\n",
  "\t",
  "\\\n",
];

export const tokenSoup: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom(...tokens), fc.boolean()), { minLength: 1, maxLength: 14 })
  .map((parts) => parts.map(([token, isApart]) => token + (isApart ? " " : "")).join(""));

type Edit = readonly [kind: "insert" | "drop" | "double" | "swap", at: number, token: string];

/** One of `texts`, or a nested text, with one to four random edits. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const base = fc.oneof(
    { arbitrary: fc.constantFrom(...texts), weight: 3 },
    { arbitrary: nestedShell.map((placed) => placed.text), weight: 1 },
  );
  const edit = fc.tuple(
    fc.constantFrom("insert", "insert", "drop", "double", "swap") as fc.Arbitrary<Edit[0]>,
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    fc.constantFrom(...tokens),
  );
  return fc
    .tuple(base, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([text, edits]) => edits.reduce(apply, text));
}

function apply(text: string, [kind, place, token]: Edit): string {
  const at = Math.floor(place * (text.length + 1));
  switch (kind) {
    case "insert":
      return text.slice(0, at) + token + text.slice(at);
    case "drop":
      return text.slice(0, at) + text.slice(at + 1 + (token.length % 3));
    case "double":
      return text.slice(0, at) + text.slice(at, at + 5) + text.slice(at);
    case "swap":
      return text.slice(0, at) + text.slice(at + 2, at + 4) + text.slice(at, at + 2) + text.slice(at + 4);
  }
}
