// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell texts
import { describe, expect, it } from "vitest";
import { parseShellText } from "../../src/core/shell/parse.js";
import { shellReasons } from "../../src/core/shell/reasons.js";
import type { SimpleCommand, Word } from "../../src/core/shell/shell.js";

function showWord(word: Word): string {
  return word.value === null ? `<${word.raw} ${word.why.join("+")}>` : JSON.stringify(word.value);
}

/** One line a command: words, assignments, redirects, what encloses it, what feeds it. */
function show(command: SimpleCommand): string {
  const assigns = command.assigns.map((each) => `${each.name}${each.append ? "+" : ""}=${each.value ?? "?"}`);
  const redirects = command.redirects.map((each) => {
    const target = each.target === null ? "" : showWord(each.target);
    const body =
      each.body === undefined ? "" : ` ${each.body.expands ? "code" : "data"} ${JSON.stringify(each.body.text)}`;
    return `${each.inherited ? "^" : ""}${each.fd ?? ""}${each.op} ${each.effect} ${target}${body}`;
  });
  const from = command.pipeSources.length === 0 ? [] : [`from ${command.pipeSources.join(",")}`];
  const within = command.context.length === 0 ? [] : [`in ${command.context.join("/")}`];
  return [...assigns, ...command.argv.map(showWord), ...redirects, ...within, ...from].join(" ").trimEnd();
}

const table: readonly (readonly [text: string, ...lines: readonly string[]])[] = [
  [""],
  ["# nothing"],
  ["git status", '"git" "status"'],
  ["a && b || c; d & e", '"a"', '"b" in and', '"c" in or', '"d" in background', '"e"'],
  ["a | b |& c", '"a" in pipe-out', '"b" in pipe-in/pipe-out from 0', '"c" in pipe-in from 1'],
  [
    "{ a; b; } | (c; d)",
    '"a" in pipe-out/group',
    '"b" in pipe-out/group',
    '"c" in pipe-in/subshell from 0,1',
    '"d" in pipe-in/subshell from 0,1',
  ],
  [
    "a $(b | c) `d`",
    '"a" <$(b | c) cmdsub> <`d` cmdsub>',
    '"b" in cmdsub/pipe-out',
    '"c" in cmdsub/pipe-in from 1',
    '"d" in cmdsub',
  ],
  ["a | b $(c)", '"a" in pipe-out', '"b" <$(c) cmdsub> in pipe-in from 0', '"c" in pipe-in/cmdsub from 0'],
  ["diff <(a) b > >(c)", '"diff" <<(a) procsub> "b" > write <>(c) procsub>', '"a" in procsub', '"c" in procsub from 0'],
  ["X=1 Y=$(a) Z+=b c", 'X=1 Y=? Z+=b "c"', '"a" in cmdsub'],
  ["X=1", "X=1"],
  ["a=(b $(c)) d", 'a=? "d"', '"c" in cmdsub'],
  ["export A=b C=~/x", '"export" "A=b" <C=~/x tilde>'],
  ["if a; then b; elif c; then d; else e; fi", '"a" in if', '"b" in if', '"c" in if', '"d" in if', '"e" in if'],
  ['for f in x y; do rm "$f"; done', "f=?", '"rm" <"$f" param> in loop'],
  ["while a; do b; done < l", '"a" ^< read "l" in loop', '"b" ^< read "l" in loop'],
  ["for ((i=0; i<$(nproc); i++)); do b; done", '"nproc" in cmdsub', '"b" in loop'],
  ['case $(a) in x|"$(b)") c ;; (*) d ;; esac', '"a" in cmdsub', '"b" in cmdsub', '"c" in case', '"d" in case'],
  ["f() { a; }; f | b", '"a" in function/group', '"f" in pipe-out', '"b" in pipe-in from 1'],
  ["[[ -n $(a) && ( $x =~ ^(b|c)$ ) ]] && d", '"a" in cmdsub', '"d" in and'],
  ["[[ -f a ]] > ~/.bashrc", "> write <~/.bashrc tilde>"],
  ["((1 + 2)) > f", '> write "f"'],
  ["[[ -n $(a) ]] > f", '"a" in cmdsub', '> write "f"'],
  ["{ [[ -n ${x:=$(a)} ]]; } > f", "x=? in group", '"a" in group/cmdsub', '> write "f"'],
  ["for i in $(a); do [[ b ]]; done > f", "i=?", '"a" in cmdsub', '> write "f"'],
  [
    "(cd x; make) 2>&1 >> log",
    '"cd" "x" ^2>& dup "1" ^>> append "log" in subshell',
    '"make" ^2>& dup "1" ^>> append "log" in subshell',
  ],
  [
    "a > f 2>&1 < i >| g <> h 2>&- &> b >& c",
    '"a" > write "f" 2>& dup "1" < read "i" >| write "g" <> rw "h" 2>& close "-" &> write "b" >& write "c"',
  ],
  ["cat <<'E' > f\n$(rm)\nE\nb", '"cat" << data  data "$(rm)\\n" > write "f"', '"b"'],
  ["cat <<E\n$(a) \\$(b)\nE", '"cat" << data  code "$(a) \\\\$(b)\\n"', '"a" in cmdsub'],
  ["bash <<E\nrm \\$x\nE", '"bash" << data  data "rm $x\\n"'],
  ["cat <<-E\n\t\tx\n\tE", '"cat" <<- data  data "x\\n"'],
  ["cat <<A - <<B\n1\nA\n2\nB", '"cat" "-" << data  data "1\\n" << data  data "2\\n"'],
  ["a <<< 'rm x'", '"a" <<< data "rm x" data "rm x"'],
  ['a <<< "$x"', '"a" <<< data <"$x" param> code "\\"$x\\""'],
  [
    "echo ${x:-$(a)} ${y:=b} $((1 + $(wc -l)))",
    '"echo" <${x:-$(a)} param> <${y:=b} param> <$((1 + $(wc -l))) arith>',
    '"a" in cmdsub',
    "y=?",
    '"wc" "-l" in cmdsub',
  ],
  ["time a; ! b", '"a"', '"b"'],
  ['a "$(b "$(c)")"', '"a" <"$(b "$(c)")" cmdsub>', '"b" <"$(c)" cmdsub> in cmdsub', '"c" in cmdsub/cmdsub'],
];

describe("simple commands are found wherever they hide", () => {
  it.each(table)("%j", (text, ...lines) => {
    const parse = parseShellText(text);
    expect(parse.reasons).toEqual([]);
    expect(parse.status).toBe("ok");
    expect(parse.commands.map(show)).toEqual(lines);
  });
});

it("positions index the whole text, in nested scripts too", () => {
  const text = 'echo é; echo "x $(grep -r `b c` .)" <(d) <<E\n${x:-$(f g)}\nE\n';
  const { commands } = parseShellText(text);
  for (const command of commands) {
    for (const word of command.argv) expect(text.slice(word.pos, word.end)).toBe(word.raw);
    expect(text.slice(command.pos, command.end).startsWith(command.argv[0]?.raw ?? "?")).toBe(true);
  }
  expect(commands.map((command) => command.argv[0]?.value)).toEqual(["echo", "echo", "grep", "b", "d", "f"]);
});

it("words tell where they stop being static, and whether they may be many", () => {
  const word = (text: string): unknown => {
    const found = parseShellText(`a ${text}`).commands[0]?.argv[1];
    return [found?.prefix, found?.splits, found?.quoted];
  };
  expect(word("--out=$x")).toEqual(["--out=", true, false]);
  expect(word('--out="$x"y')).toEqual(["--out=", false, true]);
  expect(word('"$@"')).toEqual(["", true, true]);
  expect(word('"${a[@]}"')).toEqual(["", true, true]);
  expect(word("src/*.ts")).toEqual(["src/", true, false]);
  expect(word("~/x")).toEqual(["", false, false]);
  expect(word("a{b,c}")).toEqual(["a", true, false]);
  expect(word("<(b)")).toEqual(["", false, false]);
  expect(word("x\\ y")).toEqual(["x y", false, true]);
});

it("functions are named", () => {
  expect(parseShellText("f() { a; }; function g { b; }").functions).toEqual(["f", "g"]);
});

describe("a text that is not understood still gives commands, for deny and ask", () => {
  const cases: readonly (readonly [text: string, reason: string, expected: readonly string[]])[] = [
    ["ls && rm -rf x && (", "syntax", ["ls", "rm -rf x"]],
    ["echo 'unclosed; rm -rf x", "syntax", ["echo unclosed", "rm -rf x"]],
    ["<&-rm -rf x", "fd-duplication", ["rm -rf x"]],
    ['echo "a $(rm -rf x', "syntax", ["rm -rf x"]],
    ["ls\rrm -rf x", "control-character", ["rm -rf x"]],
    ["coproc rm -rf x", "coproc", ["rm -rf x"]],
    ["echo `echo \\`rm -rf x\\``", "backtick-escape", ["rm -rf x"]],
    [`: ${"x ".repeat(20_000)}; rm -rf x`, "over-long", ["rm -rf x"]],
    [`${"$(".repeat(5_000)}rm -rf x`, "too-deep", ["rm -rf x"]],
    ["r\\\nm -rf x", "line-continuation", ["rm -rf x"]],
    ["if true; then rm -rf x", "syntax", ["true", "rm -rf x"]],
    ["cat <<E\nrm -rf x", "heredoc", ["rm -rf x"]],
    ["ls *(e:'rm -rf x':)", "unaccounted-parenthesis", ["e:rm -rf x:"]],
    [`${"a;".repeat(250)}`, "too-many-commands", ["a"]],
    ["echo hi >! f", "redirect-target", ["echo hi"]],
  ];
  it.each(cases)("%j", (text, reason, expected) => {
    const parse = parseShellText(text);
    expect(parse.status).toBe("unknown");
    expect(parse.reasons.map((each) => each.code)).toContain(reason);
    const found = parse.commands.map((command) => command.argv.map((word) => word.value ?? word.raw).join(" "));
    for (const each of expected) expect(found).toContain(each);
  });

  it("a quoted here-document that is closed stays data", () => {
    const { commands } = parseShellText("cat <<'E'\nrm -rf x\nE\n(");
    expect(commands.map((command) => command.argv[0]?.value)).not.toContain("rm");
  });

  it("redirect targets are found too", () => {
    const { commands } = parseShellText("echo x >! ~/.bashrc");
    const targets = commands.flatMap((command) => command.redirects.map((each) => each.target?.raw));
    expect(targets).toContain("~/.bashrc");
  });

  it("every reason has words for a person", () => {
    for (const [code, words] of Object.entries(shellReasons)) expect(words, code).toMatch(/^[a-z`].{8,}/);
  });
});
