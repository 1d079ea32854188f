import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requiredLiteral } from "../../src/core/policy/literal.js";
import { compileRegex } from "../../src/core/policy/regex.js";
import { backtrackingDegree } from "../../src/core/policy/regex-degree.js";
import { findIdioms, translateRust } from "../../src/core/policy/regex-dialect.js";
import { NO_CHECKS } from "../../src/core/policy/regex-safety.js";
import { parseRegex } from "../../src/core/policy/regex-syntax.js";

function tree(source: string) {
  const parsed = parseRegex(source);
  if (parsed.kind === "invalid") throw new Error(`${source}: ${parsed.detail}`);
  return parsed.tree;
}

const compiled = (source: string, author: "javascript" | "rust" = "javascript", checks = 5) =>
  compileRegex("command", source, { author, budget: { checks, timeoutMs: 8_000 } });

describe("findIdioms", () => {
  it.each([
    ["(?i)rm", "(?i)", "both cases, like `[rR][mM]`"],
    ["(?i:rm)", "(?i:", "both cases, like `[rR][mM]`"],
    ["(?x) r m", "(?x)", "the regex without it"],
    ["\\Arm", "\\A", "`^`"],
    ["rm\\z", "\\z", "`$`"],
    ["rm\\Z", "\\Z", "`$`"],
    ["[[:alpha:]]+", "[:alpha:]", "`[A-Za-z]`"],
    ["[^[:^digit:]]", "[:^digit:]", "the characters themselves"],
    ["(?P<name>x)", "(?P<", "`(?<name>...)`"],
    ["(?P=name)", "(?P=", "`\\k<name>`"],
    ["(?>rm)", "(?>", "`(?:...)`"],
    ["a++b", "++", "`+`"],
    ["a{2}+b", "}+", "`}`"],
    ["a*+b", "*+", "`*`"],
    ["\\h+", "\\h", "`[ \\t]`"],
    ["\\Qa.b\\E", "\\Q", "a backslash before each special character"],
    ["\\x{1F600}", "\\x{1F600}", "`\\u{1F600}`"],
    ["\\pL", "\\pL", "`\\p{L}`"],
    ["[a-z&&[^b]]", "&&", "`&` once, or `\\&`"],
    ["[a-z--b]", "--", "`-` once, or `\\-`"],
    ["a\\-b", "\\-", "`-`"],
    ['say \\"x\\"', '\\"', '`"`'],
    ["[]x]", "]", "`\\]`"],
    ["a]", "]", "`\\]`"],
    ["(?#x)a", "(?#", "a TOML comment"],
  ])("finds %s", (source, text, spelling) => {
    expect(findIdioms(source, "javascript")[0]).toMatchObject({ text, spelling });
    expect(compiled(source)).toMatchObject({ kind: "refused", code: "regex-idiom", values: { idiom: text, spelling } });
  });

  it.each([
    "^git (?:status|log)\\b",
    "(?<year>\\d{4})-\\k<year>",
    "(?<!x)y(?=z)(?!w)",
    "[\\-&|;]",
    "\\p{L}\\P{N}\\u{1F600}\\u0041\\x41\\cA",
    "[^]*[^\\]]",
    "a{2,3}b{2}?c{1,}",
    "[&]|[a&b]|[+-]",
    "\\/\\.\\*\\[\\{\\(",
  ])("lets %s be", (source) => {
    expect(findIdioms(source, "javascript")).toEqual([]);
  });
});

describe("translateRust", () => {
  it.each([
    ["(?i)^rm\\b", "^rm\\b", "i"],
    ["\\A[[:space:]]*rm\\z", "^[\\t\\n\\v\\f\\r ]*rm$", ""],
    ["[[:alnum:]_]", "[A-Za-z0-9_]", ""],
    ["(?P<a>x)", "(?<a>x)", ""],
    ['\\-rf \\"x\\" \\# \\%', '-rf "x" # %', ""],
    ["[]a]", "[\\]a]", ""],
    ["[^]a]", "[^\\]a]", ""],
    ["}{", "\\}{", ""],
    ["\\pL\\x{41}", "\\p{L}\\u{41}", ""],
  ])("writes %s for JavaScript", (rust, source, flags) => {
    expect(translateRust(rust)).toEqual({ kind: "source", source, flags });
  });

  it.each(["(?i:a)b", "a(?i)b", "[a-z&&[^b]]", "a++", "\\Z"])("does not guess what %s means", (rust) => {
    expect(translateRust(rust).kind).toBe("untranslatable");
  });

  it("keeps the meaning of translated regexes", () => {
    const result = compiled("(?i)\\A\\s*RM +[^;]*\\-rf\\z", "rust");
    if (result.kind !== "regex") throw new Error(result.code);
    const regex = new RegExp(result.regex.source, result.regex.flags);
    expect(["rm -x -rf", "rm -rf /", "xrm -rf"].map((text) => regex.test(text))).toEqual([true, false, false]);
  });
});

describe("backtrackingDegree", () => {
  it.each<[string, number | null]>([
    ["^git status$", 0],
    ["git status", 1],
    ["^git .*", 0],
    ["^git .*x", 1],
    ["rm .*-rf", 2],
    ["curl[^|]*\\|\\s*(?:ba)?sh", 2],
    ["^(?:-[a-z]*\\s+)*x", 1],
    ["^[^ ]+ +[^ ]+ +[^ ]+$", 1],
    ["^(?!.*\\.env)src/.*x$", 1],
    ["curl.*\\|.*sh", 3],
    ["^a*a*a*b", 3],
    ["^a*ba*a*b", 2],
    [".*.*=.*x", 4],
    ["^(?:a|b|ab)*c", null],
    ["^(?:a+)+$", null],
    ["^(?:a*)*$", null],
    ["^(?:a|a){30}$", null],
    ["^(?:\\w+\\s?)*$", null],
    [`^${"a?".repeat(30)}b`, null],
    ["(a)\\1", null],
    ["(?<=a+)b", null],
  ])("bounds %s by %s", (source, degree) => {
    expect(backtrackingDegree(tree(source), "u")).toBe(degree);
  });

  it("knows that ignoring case makes letters meet", () => {
    expect(backtrackingDegree(tree("^(?:a|A)*b"), "u")).toBe(1);
    expect(backtrackingDegree(tree("^(?:a|A)*b"), "iu")).toBeNull();
    expect(backtrackingDegree(tree("^(?:s|\\u017f)*b"), "iu")).toBeNull();
    expect(backtrackingDegree(tree("^(?:[^\\p{L}]|\\.)*b"), "u")).toBeNull();
  });

  /** Regexes with the degree that recheck's automaton found for them, `null` for exponential time. */
  const found = readFileSync(new URL("../../fixtures/policy/regex-degrees.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): [string, number | null] => JSON.parse(line));

  it("is never lower than what an exact checker finds", () => {
    const bounds = found.map(([source, exact]) => ({ source, exact, own: backtrackingDegree(tree(source), "u") }));
    const proven = bounds.filter(({ own }) => own !== null && own <= 2);
    expect(proven.filter(({ own, exact }) => exact === null || (exact > 1 && exact > (own ?? 0)))).toEqual([]);
    expect(bounds.filter(({ exact }) => exact === null || exact > 2).length).toBeGreaterThan(20);
    expect(proven.length).toBeGreaterThan(found.length / 2);
  });
});

describe("compileRegex", () => {
  it.each([
    ["^(?:a+)+$", "regex-exponential"],
    ["(?:\\w+\\s?)*$", "regex-exponential"],
    ["curl.*\\|.*sh", "regex-polynomial"],
    ["(\\d+)\\1*x", "regex-unproven"],
    ["(", "regex-syntax"],
    ["a\\", "regex-syntax"],
    ["[b-a]", "regex-syntax"],
  ])("refuses %s as %s", (source, code) => {
    expect(compiled(source)).toMatchObject({ kind: "refused", code });
  });

  it("asks the checker where its own bound is too rough, and no more often than it may", () => {
    expect(compiled("^(?:x{2})*.{2}(?:[ab]|b{2,})*$", "javascript", 0)).toMatchObject({ code: "regex-unproven" });
    expect(compiled("^(?:a|ab)(?:c*d)*(?:(?:e*)f)*$").kind).toBe("regex");
  });

  it("anchors a whole name around all alternatives", () => {
    const result = compileRegex("tool", "Read|Grep", { author: "javascript", whole: true, budget: NO_CHECKS });
    if (result.kind !== "regex") throw new Error(result.code);
    const regex = new RegExp(result.regex.source, result.regex.flags);
    expect(["Read", "Grep", "ReadX", "xGrep"].map((name) => regex.test(name))).toEqual([true, true, false, false]);
  });
});

describe("requiredLiteral", () => {
  it.each<[string, string, string | undefined]>([
    ["^git push --force(?: [^]*)?$", "u", "git push --force"],
    ["a?bcd+e", "u", "bcd"],
    ["(?:sudo )?rm -rf", "u", "rm -rf"],
    ["git (?:push) now", "u", "git push now"],
    ["\\brm\\b", "u", "rm"],
    ["abc|abd", "u", undefined],
    ["(?:abc|abd)xy", "u", "xy"],
    ["(?!abc)x", "u", undefined],
    ["(?=abc)de", "u", "de"],
    ["GIT Push", "iu", "git pu"],
    ["ssh", "iu", undefined],
    ["x{2}y", "u", "xy"],
    ["[a]bc", "u", "bc"],
  ])("finds in %s with %s: %s", (source, flags, literal) => {
    expect(requiredLiteral(tree(source), flags)).toBe(literal);
  });

  it("is in every text the regex matches", () => {
    const text = fc.string({ unit: fc.constantFrom(..."abABkKsS\u017f\u212a\u0130 \n"), maxLength: 12 });
    let matched = 0;
    fc.assert(
      fc.property(
        regexSource,
        fc.array(text, { minLength: 8, maxLength: 8 }),
        fc.constantFrom("u", "iu", "su"),
        (source, texts, flags) => {
          const literal = requiredLiteral(tree(source), flags);
          // A regex that can be slow is refused before it is ever run, here too.
          if (literal === undefined || (backtrackingDegree(tree(source), flags) ?? 9) > 2) return;
          const regex = new RegExp(source, flags);
          for (const one of [
            ...texts,
            ...texts.map((around) => `${around}${literal.toUpperCase()}${around}`),
            ...texts.map((around) => `${literal}${around}${literal}`),
          ]) {
            if (!regex.test(one)) continue;
            matched++;
            expect(flags.includes("i") ? one.toLowerCase() : one).toContain(literal);
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(matched).toBeGreaterThan(100);
  });
});

const atom = fc.constantFrom(
  "a",
  "b",
  "ab",
  "k",
  "s",
  "S",
  "[ab]",
  "[^a]",
  ".",
  "\\w",
  "\\s",
  "\\b",
  "^",
  "$",
  "(?=a)",
);
const many = fc.constantFrom("", "", "", "", "*", "+", "?", "{2}", "{1,3}", "*?", "{2,}");
const { source: regexSource } = fc.letrec<{ source: string; sequence: string; item: string }>((tie) => ({
  item: fc.oneof(
    { depthSize: "small" },
    fc.tuple(atom, many).map(([one, quantifier]) => (/^[\^$]|^\\b|^\(/.test(one) ? one : `${one}${quantifier}`)),
    fc.tuple(tie("source"), many).map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
  ),
  sequence: fc.array(tie("item"), { minLength: 1, maxLength: 4 }).map((items) => items.join("")),
  source: fc.array(tie("sequence"), { minLength: 1, maxLength: 2 }).map((parts) => parts.join("|")),
}));

describe("the heavy checker", () => {
  it("is where it is looked for", () => {
    expect(existsSync(createRequire(import.meta.url).resolve("#packages/recheck"))).toBe(true);
  });
});
